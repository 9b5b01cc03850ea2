using RecSys.Core.Domain;

namespace RecSys.Core.Evaluation;

/// <summary>
/// A log cut at two moments: what comes before the first trains, what comes before the second validates, the rest tests.
/// Nothing of a later part is known to an earlier one. Each part is in time order.
/// </summary>
/// <param name="Train">Events before <paramref name="TrainUntilMs"/>.</param>
/// <param name="Validation">Events from <paramref name="TrainUntilMs"/> to before <paramref name="ValidateUntilMs"/>.</param>
/// <param name="Test">Events from <paramref name="ValidateUntilMs"/> on.</param>
/// <param name="TrainUntilMs">Unix milliseconds.</param>
/// <param name="ValidateUntilMs">Unix milliseconds.</param>
public sealed record TimeSplit(
    InteractionLog Train, InteractionLog Validation, InteractionLog Test, long TrainUntilMs, long ValidateUntilMs)
{
    /// <summary>Cuts at two moments; an event exactly on a cut belongs to the later part.</summary>
    /// <exception cref="ArgumentException">The second moment is before the first.</exception>
    public static TimeSplit Create(InteractionLog log, DateTimeOffset trainUntil, DateTimeOffset validateUntil) =>
        Create(log, trainUntil.ToUnixTimeMilliseconds(), validateUntil.ToUnixTimeMilliseconds());

    /// <summary>
    /// Cuts so that about the given shares of the events train and validate and the rest tests. Events of one millisecond are never
    /// divided: they all go to the later part.
    /// </summary>
    /// <param name="log">At least one event.</param>
    /// <param name="train">Share that trains.</param>
    /// <param name="validation">Share that validates; together with <paramref name="train"/> below 1.</param>
    public static TimeSplit CreateByFractions(InteractionLog log, double train = 0.8, double validation = 0.1)
    {
        if (train is not (> 0 and < 1) || validation is not (>= 0 and < 1) || train + validation >= 1)
            throw new ArgumentException($"Shares {train} and {validation} must be positive and leave something for the test part.",
                nameof(train));
        log = log.InTimeOrder();
        var events = log.Events;
        if (events.IsEmpty) throw new RecSysException("The log holds no events to split; import or collect some first.");
        // A tiny tolerance keeps 0.8 + 0.1 of 10 events at 9, not 8.999.
        return Create(log, TimeAt(events, train), TimeAt(events, train + validation));
    }

    private static TimeSplit Create(InteractionLog log, long trainUntilMs, long validateUntilMs)
    {
        if (validateUntilMs < trainUntilMs)
            throw new ArgumentException("Validation must not end before training does.", nameof(validateUntilMs));
        log = log.InTimeOrder();
        var events = log.Events;
        var first = LowerBound(events, trainUntilMs);
        var second = LowerBound(events, validateUntilMs);
        return new TimeSplit(
            Part(log, ..first), Part(log, first..second), Part(log, second..), trainUntilMs, validateUntilMs);
    }

    private static InteractionLog Part(InteractionLog log, Range range) =>
        new(log.Items, log.Users, log.Events[range].ToArray(), log.Positions[range].ToArray()) { Merges = log.Merges };

    private static long TimeAt(ReadOnlySpan<LogEvent> events, double share) =>
        events[Math.Min((int)(share * events.Length + 1e-9), events.Length - 1)].TimeMs;

    // Index of the first event at or after the moment.
    private static int LowerBound(ReadOnlySpan<LogEvent> events, long timeMs)
    {
        int low = 0, high = events.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (events[middle].TimeMs < timeMs) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
