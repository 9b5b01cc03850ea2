using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation;

namespace RecSys.Tests.Evaluation;

public sealed class LeaveOneOutSplitTests
{
    [Fact]
    public void Create_SmallLog_HoldsOutTheLastTwoEntries()
    {
        var log = Logs.Of(2, 6,
            new LogEvent(10, 0, 1, EventType.Click),
            new LogEvent(20, 0, 3, EventType.Impression),
            new LogEvent(30, 0, 2, EventType.Click),
            new LogEvent(31, 0, 2, EventType.Like),
            new LogEvent(40, 0, 3, EventType.Click),
            new LogEvent(41, 1, 3, EventType.Click),
            new LogEvent(42, 1, 2, EventType.Click),
            new LogEvent(50, 0, 3, EventType.Rating, 5),
            new LogEvent(60, 0, 5, EventType.Impression));

        var split = LeaveOneOutSplit.Create(log);

        var user = split.Users[0];
        Assert.Equal([1, 2, 3], user.Sequence.ToArray());
        Assert.Equal((2, 3), (user.ValidationItem, user.TestItem));
        Assert.Equal((30, 40), (user.ValidationTimeMs, user.TestTimeMs));
        Assert.Equal((2, 4), (user.ValidationEvent, user.TestEvent));
        Assert.Equal([1], user.TrainHistory.ToArray());
        Assert.Equal([1, 2], user.TestHistory.ToArray());
        // The second user has two entries only: nothing held out.
        Assert.Equal((-1, -1), (split.Users[1].TestItem, split.Users[1].TestEvent));
        Assert.Equal([0], split.Evaluated.Select(u => u.User));
        // The impression of the test item before its click stays, as does the other item's.
        Assert.Equal([10L, 20, 41, 42, 60], split.Train.Events.ToArray().Select(e => e.TimeMs));
    }

    [Fact]
    public void Create_PurchasesTakenBackLater_AreNotHeldOut()
    {
        var undo = new LogEvent(0, 0, 0, EventType.Purchase) { Meaning = EventMeaning.Undo };
        // 3 and 5 are cancelled, 2 too but then bought again; 4 is the last choice that stands, 2 the one before it.
        var log = Logs.Of(1, 6,
            new LogEvent(10, 0, 1, EventType.Purchase),
            new LogEvent(20, 0, 2, EventType.Purchase),
            new LogEvent(30, 0, 3, EventType.Purchase),
            undo with { TimeMs = 35, Item = 2 },
            new LogEvent(36, 0, 2, EventType.Purchase),
            new LogEvent(40, 0, 4, EventType.Purchase),
            new LogEvent(50, 0, 5, EventType.Purchase),
            undo with { TimeMs = 60, Item = 3 },
            undo with { TimeMs = 61, Item = 5 });

        var split = LeaveOneOutSplit.Create(log);

        var user = split.Users[0];
        Assert.Equal([1, 2, 3, 4, 5], user.Sequence.ToArray());
        Assert.Equal((2, 4), (user.ValidationItem, user.TestItem));
        Assert.Equal([1, 2, 3], user.TestHistory.ToArray());
        Assert.Equal([1], user.TrainHistory.ToArray());
        Assert.Equal([10L], split.Train.Events.ToArray().Select(e => e.TimeMs));
    }

    [Fact]
    public void Create_FewerThanThreeChoicesThatStand_HoldsNothingOut()
    {
        var log = Logs.Of(1, 4,
            new LogEvent(10, 0, 1, EventType.Purchase),
            new LogEvent(20, 0, 2, EventType.Purchase),
            new LogEvent(30, 0, 3, EventType.Purchase),
            new LogEvent(40, 0, 2, EventType.Purchase) { Meaning = EventMeaning.Undo },
            new LogEvent(50, 0, 3, EventType.Purchase) { Meaning = EventMeaning.Undo });

        Assert.Empty(LeaveOneOutSplit.Create(log).Evaluated);
    }

    [Fact]
    public void Create_ItemReturnsAfterTheWindow_KeepsItsEarlierEntry()
    {
        int[] sequence = [.. Enumerable.Range(0, 25), 0];

        var split = LeaveOneOutSplit.Create(Logs.OfSequences(30, sequence));

        Assert.Equal(0, split.Users[0].TestItem);
        Assert.Equal(24, split.Train.Events.Length);
        Assert.Equal(0, split.Train.Events[0].Item);
    }

    [Fact]
    public void Create_AnyLog_TrainsExactlyOnTheHistoryBeforeTheHeldOutItems()
    {
        Logs.Any.Sample(log =>
        {
            var split = LeaveOneOutSplit.Create(log);
            var trained = LeaveOneOutSplit.Create(split.Train);
            foreach (var user in split.Users)
            {
                Assert.Equal(user.TrainHistory.ToArray(), trained.Users[user.User].Sequence.ToArray());
                if (!user.HasHeldOut) continue;
                Assert.Equal(user.TestItem, log.Events[user.TestEvent].Item);
                Assert.Equal(user.TestTimeMs, log.Events[user.TestEvent].TimeMs);
                Assert.True(user.ValidationEvent < user.TestEvent);
                Assert.DoesNotContain(
                    split.Train.Events.ToArray(), e => e.User == user.User && e.Item == user.TestItem && e.TimeMs > user.TestTimeMs);
            }
        });
    }
}
