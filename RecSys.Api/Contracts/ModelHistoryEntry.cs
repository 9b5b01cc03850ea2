using RecSys.Core.Storage.ModelStates;

namespace RecSys.Api.Contracts;

/// <summary>One change of a version's state.</summary>
/// <param name="Number">Also the revision that it led to.</param>
/// <param name="From">Null for the registration.</param>
/// <param name="To">The same as <paramref name="From"/> where the bundle was deleted.</param>
/// <param name="Time">When.</param>
/// <param name="Actor">Who.</param>
/// <param name="Reason">Why.</param>
public sealed record ModelHistoryEntry(long Number, string? From, string To, DateTimeOffset Time, string Actor, string Reason)
{
    internal static ModelHistoryEntry Of(ModelTransition line) =>
        new(line.Number, line.From?.Name(), line.To.Name(), line.Time, line.Actor, line.Reason);
}
