using RecSys.Core.Domain;

namespace RecSys.Core.Evaluation;

/// <summary>
/// Leave-one-out over item sequences as <see cref="InteractionSequence"/> builds them: the last entry of a user that was not taken back is
/// the test item, the one of these before it the validation item, what is before that trains. Users with fewer than three entries only
/// train.
/// </summary>
public sealed class LeaveOneOutSplit
{
    private LeaveOneOutSplit(InteractionLog all, InteractionLog train, UserSequence[] users)
    {
        All = all;
        Train = train;
        Users = users;
        Evaluated = [.. users.Where(user => user.HasHeldOut)];
    }

    /// <summary>The whole log that was split, in time order.</summary>
    public InteractionLog All { get; }

    /// <summary>
    /// The log without, for each user, every event on the validation item, the test item and what entered behind them, from the moment of
    /// their entry. Earlier events on those items stay. The sequences of this log are exactly <see cref="UserSequence.TrainHistory"/>.
    /// </summary>
    public InteractionLog Train { get; }

    /// <summary>Indexed by user ordinal.</summary>
    public IReadOnlyList<UserSequence> Users { get; }

    /// <summary>Users with held-out items, in ordinal order.</summary>
    public IReadOnlyList<UserSequence> Evaluated { get; }

    public static LeaveOneOutSplit Create(InteractionLog log)
    {
        log = log.WithUsersMerged().InTimeOrder();
        var users = UserSequence.AllOf(log);
        var events = log.Events;
        var kept = new List<LogEvent>(events.Length);
        for (var at = 0; at < events.Length; at++)
        {
            var user = events[at].User < 0 ? null : users[events[at].User];
            if (user?.IsHeldOut(events[at].Item, at) != true) kept.Add(events[at]);
        }
        return new LeaveOneOutSplit(log, new InteractionLog(log.Items, log.Users, [.. kept]), users);
    }
}
