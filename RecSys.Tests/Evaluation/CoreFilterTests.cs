using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation;

namespace RecSys.Tests.Evaluation;

public sealed class CoreFilterTests
{
    [Fact]
    public void Core_ItemThatOnlyADroppedUserKept_GoesToo()
    {
        // Item 2 has two users, of whom user 2 has one entry only; without that user, item 2 falls, and then user 1 does.
        var log = Logs.OfSequences(3, [0, 1], [0, 2], [2], [0, 1]);

        var core = CoreFilter.Core(log, 2);

        Assert.Equal([(0, 0), (3, 0), (0, 1), (3, 1)], core.Events.ToArray().Select(e => (e.User, e.Item)));
    }

    [Fact]
    public void Core_SeveralEventsOnOneItem_AreOneEntry()
    {
        var log = Logs.Of(2, 1, new LogEvent(1, 0, 0, EventType.View), new LogEvent(1, 0, 0, EventType.Like),
            new LogEvent(2, 1, 0, EventType.View));

        Assert.True(CoreFilter.Core(log, 2).Events.IsEmpty);
        Assert.Equal(3, CoreFilter.Core(log, 1).Events.Length);
    }

    [Fact]
    public void Core_AnyLog_IsTheLargestPartThatHolds() => Logs.Any.Sample(log =>
    {
        var core = CoreFilter.Core(log, 2);

        var (users, items) = Counts(core);
        Assert.All(core.Events.ToArray(), e => Assert.True(users[e.User] >= 2 && items[e.Item] >= 2));
        // What was taken out cannot be put back: no event outside is of a user and an item that both hold in the core.
        var kept = core.Events.ToArray().ToHashSet();
        Assert.All(log.Events.ToArray().Where(e => !kept.Contains(e)), e => Assert.False(users[e.User] >= 2 && items[e.Item] >= 2));
    });

    private static (int[] Users, int[] Items) Counts(InteractionLog log)
    {
        var (users, items) = (new int[log.Users.Count], new int[log.Items.Count]);
        var sequences = Enumerable.Range(0, users.Length).Select(_ => new List<int>()).ToArray();
        foreach (var e in log.Events)
        {
            if (!e.IsPositive || sequences[e.User].TakeLast(InteractionSequence.RepeatWindow).Contains(e.Item)) continue;
            sequences[e.User].Add(e.Item);
            users[e.User]++;
            items[e.Item]++;
        }
        return (users, items);
    }
}
