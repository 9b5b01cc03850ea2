namespace RecSys.Core.Domain;

/// <summary>One entry of the event log as it comes from an app, an import or the simulator.</summary>
public sealed record Event
{
    /// <summary>Chosen by the sender; the same id twice is the same event. 1 to 256 characters.</summary>
    public required string Id { get; init; }
    public required string UserId { get; init; }
    public required string ItemId { get; init; }
    public required EventType Type { get; init; }
    /// <summary>When it happened, UTC, millisecond precision.</summary>
    public required DateTimeOffset Time { get; init; }
    /// <summary>Rating, seconds or revenue, depending on <see cref="Type"/>.</summary>
    public double? Value { get; init; }
    /// <summary>Zero-based position at which the item was shown.</summary>
    public int? Position { get; init; }
    /// <summary>The request that showed the item.</summary>
    public string? RequestId { get; init; }
    public string? Device { get; init; }
    public string? Location { get; init; }
}
