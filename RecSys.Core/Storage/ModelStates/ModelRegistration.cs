namespace RecSys.Core.Storage.ModelStates;

/// <summary>A version that the store shall know from now on.</summary>
/// <param name="Version">Name of the bundle.</param>
/// <param name="State">Its first state; see <see cref="ModelStateRules.MayBegin"/>.</param>
/// <param name="Lineage">Where it comes from.</param>
/// <param name="Actor">Who registers it.</param>
/// <param name="Reason">Why.</param>
public sealed record ModelRegistration(string Version, ModelState State, ModelLineage Lineage, string Actor, string Reason)
{
    /// <summary>Since when it has been in this state; null for now.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>See <see cref="ModelRecord.Predecessor"/>.</summary>
    public string? Predecessor { get; init; }
}
