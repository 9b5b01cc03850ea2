namespace RecSys.Core.Storage;

/// <summary>How much the store keeps beside the log, and for how long.</summary>
public sealed record LogLimits
{
    /// <summary>Merchandising rules at a time; one more is refused as <see cref="AppendOutcome.Full"/>.</summary>
    public const int MostRules = 500;

    /// <summary>Days for which the ids of posted events are remembered; older events are refused. Default 30.</summary>
    public int IdDays { get; init; } = 30;

    /// <summary>
    /// How far the clock that posted events go by is from the store's: by it their age counts. Negative where a log is served as of a
    /// moment that is past. Default zero.
    /// </summary>
    public TimeSpan EventShift { get; init; }

    /// <summary>Days for which an event waits for its item. Default 30.</summary>
    public int ParkedDays { get; init; } = 30;

    /// <summary>
    /// Events that may wait for their items at a time; above it they are refused as <see cref="AppendOutcome.Full"/>. Default 100,000.
    /// </summary>
    public int MostParked { get; init; } = 100_000;

    /// <summary>Dead letters that are kept; the oldest go first. Default 10,000.</summary>
    public int MostDeadLetters { get; init; } = 10_000;
}
