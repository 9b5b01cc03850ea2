using System.Globalization;
using RecSys.Core.Domain;

namespace RecSys.Core.Evaluation;

/// <summary>What the protocols need of a log, so that none of them sends to another that cannot use it either.</summary>
internal static class LogNeeds
{
    /// <summary>Fewest positive events to train on, and so for a split by time.</summary>
    public const int PositiveEvents = 1000;

    // Users with three items that leave-one-out takes for sure: half of them give the ranker one choice each, of which it needs some 133.
    private const int LongHistories = 300;

    // The same in choices: a user gives the ranker half of those before the test.
    private const int Choices = 270;

    /// <summary>What to do about a log whose users have too few items to leave one out.</summary>
    public static string WithoutLongHistories(InteractionLog log)
    {
        var positives = Positives(log);
        return positives >= PositiveEvents
            ? "Import a data set with longer histories, or use --protocol time-split."
            : string.Create(CultureInfo.InvariantCulture,
                $"This log has {positives:#,0} positive events and is too small for every protocol: leave-one-out needs some "
                    + $"{LongHistories} "
                    + $"users with three items and more, time-split {PositiveEvents:#,0} positive events. Import more.");
    }

    /// <summary>What to do about a log that cannot be cut along the time line.</summary>
    public static string WithoutCore(InteractionLog log)
    {
        var positives = Positives(log);
        var evaluated = UserSequence.AllOf(log.WithUsersMerged().InTimeOrder()).Where(user => user.HasHeldOut).ToArray();
        return evaluated.Sum(user => user.TestHistory.Length / 2) >= Choices
            ? "Import a larger log, or use --protocol leave-one-out."
            : string.Create(CultureInfo.InvariantCulture,
                $"This log has {positives:#,0} positive events and {evaluated.Length:#,0} users with three items and more; "
                    + $"leave-one-out needs some "
                    + $"{LongHistories} such users, fewer where they have more items, and time-split {PositiveEvents:#,0} positive "
                    + $"events. Import more.");
    }

    /// <summary>Positive events of a log.</summary>
    public static int Positives(InteractionLog log)
    {
        var count = 0;
        foreach (ref readonly var e in log.Events) count += e.IsPositive ? 1 : 0;
        return count;
    }
}
