using RecSys.Core.Domain;

namespace RecSys.Core.Evaluation;

/// <summary>
/// The global temporal split with validation by time of Gusak et al., Time to Split (RecSys 2025, arXiv 2507.16289): the 5-core of a log is
/// cut at the 0.9 quantile of the times of its interactions, and what comes before it again at 0.9. Each entry of a sequence is one
/// interaction, however many events it has.
/// </summary>
internal sealed class GlobalTimeSplit
{
    private const int Core = 5;
    private const double Quantile = 0.9;

    private GlobalTimeSplit(InteractionLog log, UserSequence[] users, long trainUntilMs, long validateUntilMs)
    {
        (Log, Users, TrainUntilMs, ValidateUntilMs) = (log, users, trainUntilMs, validateUntilMs);
        Test = Positions(SequenceTarget.Successive(users, validateUntilMs));
        // As published: each validation user's last entry before the test, told from all before it.
        Validation = [.. SequenceTarget.Successive(users, trainUntilMs, validateUntilMs).GroupBy(target => target.User.User)
            .Select(user => user.Last()).OrderBy(target => target.Event)];
    }

    /// <summary>The 5-core, in time order.</summary>
    public InteractionLog Log { get; }

    /// <summary>Sequences of the core, indexed by user ordinal.</summary>
    public IReadOnlyList<UserSequence> Users { get; }

    /// <summary>The last moment that trains, Unix milliseconds.</summary>
    public long TrainUntilMs { get; }

    /// <summary>The last moment that validates, Unix milliseconds; what is later tests.</summary>
    public long ValidateUntilMs { get; }

    /// <summary>The targets of the test by the way they are chosen, each list in the order of the log.</summary>
    public IReadOnlyDictionary<TargetChoice, IReadOnlyList<SequenceTarget>> Test { get; }

    /// <summary>Targets that stop the training, in the order of the log.</summary>
    public IReadOnlyList<SequenceTarget> Validation { get; }

    /// <exception cref="RecSysException">The core is empty, or a part of the split is.</exception>
    public static GlobalTimeSplit Create(InteractionLog log)
    {
        var core = CoreFilter.Core(log.WithUsersMerged().InTimeOrder(), Core);
        var users = UserSequence.AllOf(core);
        if (core.Events.IsEmpty)
            throw new RecSysException($"No users and items with at least {Core} interactions each are left, so there is nothing to split. "
                + LogNeeds.WithoutCore(log));
        var cut = QuantileOf(users.SelectMany(user => user.TimesMs.ToArray()));
        // Only who has two entries to learn from is known before the cut.
        var known = users.Where(user => user.TimesMs.Length > 1 && user.TimesMs.Span[1] <= cut).ToArray();
        var before = known.SelectMany(user => user.TimesMs.ToArray()).Where(time => time <= cut).ToArray();
        if (before.Length > 0)
        {
            var split = new GlobalTimeSplit(core, users, QuantileOf(before), cut);
            if (split.Test[TargetChoice.Last].Count > 0 && split.Validation.Count > 0 && split.TrainUntilMs < cut) return split;
        }
        throw new RecSysException($"A cut at {DateTimeOffset.FromUnixTimeMilliseconds(cut):u}, the {Quantile} quantile of the times, "
            + "leaves no users to train, validate and test with. The protocol needs users who come back and the times of events. "
            + LogNeeds.WithoutCore(log));
    }

    private static Dictionary<TargetChoice, IReadOnlyList<SequenceTarget>> Positions(IEnumerable<SequenceTarget> targets)
    {
        var byUser = targets.GroupBy(target => target.User.User).Select(group => group.ToArray()).ToArray();
        IReadOnlyList<SequenceTarget> Ordered(IEnumerable<SequenceTarget> chosen) => [.. chosen.OrderBy(target => target.Event)];
        return new Dictionary<TargetChoice, IReadOnlyList<SequenceTarget>>
        {
            [TargetChoice.Successive] = Ordered(byUser.SelectMany(user => user)),
            [TargetChoice.Last] = Ordered(byUser.Select(user => user[^1])),
            [TargetChoice.First] = Ordered(byUser.Select(user => user[0])),
        };
    }

    // Linear between the two nearest (type 7 of Hyndman and Fan, 1996), rounded down: times are whole.
    private static long QuantileOf(IEnumerable<long> times)
    {
        var sorted = times.Order().ToArray();
        var at = Quantile * (sorted.Length - 1);
        var low = (int)at;
        return sorted[low] + (long)((at - low) * (sorted[Math.Min(low + 1, sorted.Length - 1)] - sorted[low]));
    }
}
