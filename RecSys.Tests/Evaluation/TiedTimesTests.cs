using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.Baselines;

namespace RecSys.Tests.Evaluation;

public sealed class TiedTimesTests
{
    // Baskets of five, each sorted by item as a file would be: what comes next in the file is the next item of the shelf.
    private static InteractionLog SortedBaskets()
    {
        var random = new Random(5);
        return Logs.Of(400, 200, [.. Enumerable.Range(0, 400).SelectMany(user =>
        {
            var first = random.Next(195);
            return Enumerable.Range(first, 5).Select(item => new LogEvent(1000, user, item, EventType.Purchase));
        })]);
    }

    [Fact]
    public void Shuffle_FileOrderThatTellsTheNextItem_NoLongerDoes()
    {
        var file = LeaveOneOutSplit.Create(SortedBaskets());
        var drawn = LeaveOneOutSplit.Create(TiedTimes.Shuffle(SortedBaskets(), 1));

        var leaked = Measure.Rank(TransitionBaseline.Fit(file.Train), file).HitRate(1);
        var honest = Measure.Rank(TransitionBaseline.Fit(drawn.Train), drawn).HitRate(1);

        // The shelf still tells that the item is near, which is knowledge; which of the near ones comes last is not.
        Assert.True(leaked > 0.9, $"{leaked}");
        Assert.True(honest < 0.5, $"{honest}");
    }

    [Fact]
    public void Shuffle_OrderOfTheFile_MakesNoDifferenceToHowOftenAnItemComesLast()
    {
        var lasts = new int[5];
        for (var seed = 0; seed < 1000; seed++)
        {
            var log = Logs.Of(1, 5, [.. Enumerable.Range(0, 5).Select(item => new LogEvent(1, 0, item, EventType.Purchase))]);
            lasts[TiedTimes.Shuffle(log, seed).Events[^1].Item]++;
        }

        Assert.All(lasts, count => Assert.InRange(count, 150, 250));
    }

    [Fact]
    public void Shuffle_AnyLog_KeepsTimesUsersAndWhatHappenedToAnItem() => Logs.Any.Select(Gen.Int[0, 5]).Sample((log, seed) =>
    {
        var drawn = TiedTimes.Shuffle(log, seed);

        Assert.Equal(log.Events.ToArray().Select(e => (e.TimeMs, e.User)), drawn.Events.ToArray().Select(e => (e.TimeMs, e.User)));
        foreach (var (before, after) in log.Events.ToArray().GroupBy(e => (e.User, e.TimeMs, e.Item)).OrderBy(own => own.Key)
            .Zip(drawn.Events.ToArray().GroupBy(e => (e.User, e.TimeMs, e.Item)).OrderBy(own => own.Key)))
        {
            // Impressions come first; what follows them keeps its order.
            Assert.Equal(before.OrderBy(e => e.IsImpression ? 0 : 1), after.OrderBy(e => e.IsImpression ? 0 : 1));
        }
        Assert.Equal(drawn.Events.ToArray(), TiedTimes.Shuffle(log, seed).Events.ToArray());
        // A position goes with its event.
        var positions = log.Positions.ToArray();
        Assert.Equal(drawn.Events.ToArray(),
            drawn.Positions.ToArray().Select(position => log.Events[Array.IndexOf(positions, position)]));
    }, iter: 200);

    [Fact]
    public void TimeQuality_TiesOfTheUserAndOfOthers_AreCountedApart()
    {
        var log = Logs.Of(3, 4, new LogEvent(1, 0, 0, EventType.Click), new LogEvent(2, 0, 1, EventType.Click),
            new LogEvent(2, 0, 2, EventType.Click), new LogEvent(3, 1, 0, EventType.Click), new LogEvent(3, 2, 0, EventType.Click),
            new LogEvent(4, 2, 3, EventType.Impression), new LogEvent(4, 2, 3, EventType.Click), new LogEvent(4, 2, 1, EventType.Dislike));

        Assert.Equal(new TimeQuality(4, 1, 1, null), TimeQuality.Of(log, [0, 2, 4, 6]));
    }

    [Fact]
    public void TimeQuality_AnyLog_IsWhatAComparisonOfAllPairsFinds() => Logs.Any.Sample(log =>
    {
        var events = log.Events.ToArray();
        int[] choices = [.. Enumerable.Range(0, events.Length).Where(index => index % 3 != 0).Reverse()];

        var quality = TimeQuality.Of(log, choices);

        Assert.Equal(choices.Count(choice => events.Any(e => e.TimeMs == events[choice].TimeMs && e.User == events[choice].User
            && e.Item != events[choice].Item && e.IsPositive)), quality.TiedWithOwn);
        Assert.Equal(choices.Count(choice => events.Any(e => e.TimeMs == events[choice].TimeMs && e.User != events[choice].User)),
            quality.TiedWithAny);
    }, iter: 300);

    [Fact]
    public void TimeQuality_TimesThatAFileMadeUp_AreSuspected()
    {
        string? Suspicion(int count, Func<int, long> time) =>
            TimeQuality.Of(Logs.Of(1, 1, [.. Enumerable.Range(0, count).Select(i => new LogEvent(time(i), 0, 0, EventType.Click))]), [])
                .Suspicion;

        var random = new Random(1);
        Assert.Contains("one time", Suspicion(50, _ => 5), StringComparison.Ordinal);
        Assert.Contains("whole days", Suspicion(200, i => 86_400_000L * (i / 7 + random.Next(2))), StringComparison.Ordinal);
        Assert.Contains("1,000 ms apart", Suspicion(500, i => 1_600_000_000_123 + 1000L * (i / 2)), StringComparison.Ordinal);
        var at = 0L;
        Assert.Null(Suspicion(500, _ => at += random.Next(1, 5000)));
        Assert.Contains("may be too good", new TimeQuality(3, 1, 0, "they are whole days").ToString(), StringComparison.Ordinal);
    }
}
