using RecSys.Core.Domain;

namespace RecSys.Core.Events;

/// <summary>An event and what became of it.</summary>
/// <param name="ReceivedAt">When it came.</param>
/// <param name="Event">Null when it could not be read, or its user was erased since.</param>
/// <param name="Status">As told to the sender.</param>
/// <param name="Code">Why it was rejected; null when it was not.</param>
public sealed record RecentEvent(DateTimeOffset ReceivedAt, Event? Event, string Status, string? Code);
