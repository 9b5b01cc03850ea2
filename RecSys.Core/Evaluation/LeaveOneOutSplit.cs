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
        var entries = new List<(int Item, long TimeMs, int Event)>[log.Users.Count];
        var sequences = new List<int>[log.Users.Count];
        for (var u = 0; u < entries.Length; u++) (entries[u], sequences[u]) = ([], []);

        var events = log.Events;
        for (var at = 0; at < events.Length; at++)
        {
            ref readonly var e = ref events[at];
            if (e.User < 0) continue;
            var sequence = sequences[e.User];
            if (!InteractionSequence.Extends(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(sequence), in e)) continue;
            sequence.Add(e.Item);
            entries[e.User].Add((e.Item, e.TimeMs, at));
        }

        var users = new UserSequence[entries.Length];
        for (var u = 0; u < users.Length; u++)
        {
            users[u] = new UserSequence(
                u, [.. sequences[u]], [.. entries[u].Select(entry => entry.TimeMs)], [.. entries[u].Select(entry => entry.Event)]);
        }

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
