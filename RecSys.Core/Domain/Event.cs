namespace RecSys.Core.Domain;

/// <summary>One entry of the event log as it comes from an app, an import or the simulator.</summary>
public sealed record Event
{
    /// <summary>Chosen by the sender; the same id twice is the same event. 1 to 256 characters.</summary>
    public required string Id { get; init; }
    /// <summary>Who did it: a user, an anonymous visitor or a session; all three are ids of one kind.</summary>
    public required string UserId { get; init; }
    public required string ItemId { get; init; }
    public required EventType Type { get; init; }
    /// <summary>When it happened, UTC, millisecond precision.</summary>
    public required DateTimeOffset Time { get; init; }
    /// <summary>What it says about the user's opinion; null: what its type says, see <see cref="EventTypes.MeaningOf"/>.</summary>
    public EventMeaning? Meaning { get; init; }
    /// <summary>Rating or seconds, depending on <see cref="Type"/>.</summary>
    public double? Value { get; init; }
    /// <summary>Money in units of <see cref="Currency"/>; negative for a refund.</summary>
    public double? Amount { get; init; }
    /// <summary>ISO 4217 code, three upper-case letters.</summary>
    public string? Currency { get; init; }
    public RevenueSource RevenueSource { get; init; }
    /// <summary>Zero-based position at which the item was shown.</summary>
    public int? Position { get; init; }
    /// <summary>The request that showed the item.</summary>
    public string? RequestId { get; init; }
    /// <summary>The sitting that it belongs to.</summary>
    public string? SessionId { get; init; }
    /// <summary>Named placement that showed the item.</summary>
    public string? Scenario { get; init; }
    public string? Device { get; init; }
    public string? Location { get; init; }
}
