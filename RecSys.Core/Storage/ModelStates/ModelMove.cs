namespace RecSys.Core.Storage.ModelStates;

/// <summary>A wanted change of a version's state.</summary>
/// <param name="Version">Whose.</param>
/// <param name="To">The new state; <see cref="ModelState.Champion"/> retires the champion before in the same transaction.</param>
/// <param name="ExpectedRevision">The revision that the decision was made on: with another one nothing changes.</param>
/// <param name="Actor">Who wants it.</param>
/// <param name="Reason">Why.</param>
public sealed record ModelMove(string Version, ModelState To, long ExpectedRevision, string Actor, string Reason)
{
    /// <summary>For a promotion: the champion that the decision was made against; with another one nothing changes. Null: any.</summary>
    public string? ExpectedChampion { get; init; }

    /// <summary>For a promotion: what becomes of the champion before, <see cref="ModelState.Retired"/> or
    /// <see cref="ModelState.Quarantined"/>.</summary>
    public ModelState Outgoing { get; init; } = ModelState.Retired;

    /// <summary>For a promotion: true when it goes back, so that the version keeps its own predecessor.</summary>
    public bool IsReturn { get; init; }
}
