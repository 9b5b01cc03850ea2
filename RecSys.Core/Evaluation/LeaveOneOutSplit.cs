using RecSys.Core.Domain;

namespace RecSys.Core.Evaluation;

/// <summary>
/// Leave-one-out over item sequences as <see cref="InteractionSequence"/> builds them: the last entry of a user is the test item, the one
/// before it the validation item, the rest trains. Users with fewer than three entries only train.
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
    /// The log without, for each user, every event on the test item and on the validation item from the moment they enter the sequence.
    /// Earlier events on those items stay. The sequences of this log are exactly <see cref="UserSequence.TrainHistory"/>.
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
            var heldOut = user is { HasHeldOut: true }
                && ((events[at].Item == user.TestItem && at >= user.TestEvent)
                    || (events[at].Item == user.ValidationItem && at >= user.ValidationEvent));
            if (!heldOut) kept.Add(events[at]);
        }
        return new LeaveOneOutSplit(log, new InteractionLog(log.Items, log.Users, [.. kept]), users);
    }
}
