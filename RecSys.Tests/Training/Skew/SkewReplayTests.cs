using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Training.Skew;

namespace RecSys.Tests.Training.Skew;

public sealed class SkewReplayTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    // Each stop must hold exactly the entries up to its position, whatever they are and in whatever order the stops are given.
    [Fact]
    public async Task RunAsync_EntriesOfAllKindsAndStopsInAnyOrder_ShowsTheFoldUpToEachPosition()
    {
        LogChange[] changes =
        [
            new ItemPut(new Item { Id = "i", Title = "old", Category = "c" }), Click("visitor"), new UserMerge("visitor", "known"),
                Click("visitor"),
            new ItemPut(new Item { Id = "i", Title = "new", Category = "c" }), new UserErasure("known"), Click("known"),
        ];
        var entries = changes.Select((change, at) =>
            new LogEntry(at + 1, Noon.ToUnixTimeMilliseconds(), change is UserMerge or UserErasure ? -1 : 0, change)).ToList();
        var state = new LiveState(1, new NoUserStates(), storeIsEmpty: true, new EventOptions(), []);
        var (seen, folded) = (new List<(long Stop, long Position, string? Title, int Known, int Visitor)>(), new List<long>());

        await SkewReplay.RunAsync(
            entries.ToAsyncEnumerable(),
            state,
            new long[] { 7, 2, 3, 0, 6, 4, 5, 5 }.Select(position => (position, position)),
            entry => folded.Add(entry.Position),
            stop => seen.Add(
                (stop, state.Position, state.Catalog.Count == 0 ? null : state.Catalog.TitleOf(0), Events("known"), Events("visitor"))),
            TestContext.Current.CancellationToken);

        Assert.Equal(
        [
            (0, 0, null, 0, 0), (2, 2, "old", 0, 1), (3, 3, "old", 1, 1), (4, 4, "old", 2, 2), (5, 5, "new", 2, 2), (5, 5, "new", 2, 2),
                (6, 6, "new", 0, 0), (7, 7, "new", 1, 1),
        ], seen);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], folded);

        int Events(string user)
        {
            var copy = new UserCopy();
            state.TryCopy(user, copy);
            return (int)copy.State.Counters.Clicks.All;
        }

        EventChange Click(string user) => new(new Event { Id = "", UserId = user, ItemId = "i", Type = EventType.Click, Time = Noon });
    }
}
