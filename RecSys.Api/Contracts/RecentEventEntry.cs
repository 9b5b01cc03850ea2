using RecSys.Core.Domain;
using RecSys.Core.Events;

namespace RecSys.Api.Contracts;

/// <summary>One event and what became of it.</summary>
/// <param name="ReceivedAt">When it came.</param>
/// <param name="Id">Null, like the other parts, for an event that could not be read.</param>
/// <param name="UserId">Who did it.</param>
/// <param name="ItemId">With which item.</param>
/// <param name="Type">What happened.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Status">As in the reply to the sender.</param>
/// <param name="Code">Why it was rejected; <c>parked</c> for an accepted event whose item was not known when it came.</param>
public sealed record RecentEventEntry(
    DateTimeOffset ReceivedAt, string? Id, string? UserId, string? ItemId, string? Type, DateTimeOffset? Time, string Status, string? Code)
{
    internal static RecentEventEntry Of(RecentEvent entry) => new(
        entry.ReceivedAt, entry.Event?.Id, entry.Event?.UserId, entry.Event?.ItemId, entry.Event?.Type.ToName(), entry.Event?.Time,
        entry.Status, entry.Code);
}
