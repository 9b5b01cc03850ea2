using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Features;

namespace RecSys.Tests.Storage;

public abstract class InteractionLogReaderContract(Func<ValueTask<IStoreBackend>> open) : StoreContract(open)
{
    [Fact]
    public async Task ReadAsync_EmptyStore_IsAnEmptyLog()
    {
        var log = await Store.Log.ReadAsync(null, null, Ct);

        Assert.Equal((0, 0, 0), (log.Items.Count, log.Users.Count, log.Events.Length));
        Assert.Equal(0, (await Store.Log.ReadWithCountsAsync(null, null, Ct)).LastPosition);
    }

    [Fact]
    public async Task ReadWithCountsAsync_UnknownItemsAndUsers_LeavesOutTheOnesAndAddsTheOthers()
    {
        await Store.KnowAsync("i1", "i2");
        await Store.EventLog.AppendAsync([new UserPut(Sample.User("u1") with { Age = 30 })], Ct);
        await Store.ImportAsync(
            [
                Sample.Event("1", user: "u1", item: "gone"),
                Sample.Event("2", user: "stranger", item: "i2"),
                Sample.Event("3", user: "u1", item: "i1"),
                Sample.Event("4", user: "nobody", item: "gone"),
                Sample.Event("5", user: "stranger", item: "i1"),
            ]);

        var reading = await Store.Log.ReadWithCountsAsync(null, null, Ct);

        Assert.Equal((2, 1), (reading.EventsOnUnknownItems, reading.ImplicitUsers));
        Assert.Equal(2, reading.Log.Users.Count);
        Assert.Equal((30, "stranger"), (reading.Log.Users[0].Age, reading.Log.Users[1].Id));
        Assert.Equal([(1, 1), (0, 0), (1, 0)], reading.Log.Events.ToArray().Select(e => (e.User, e.Item)));
    }

    [Fact]
    public async Task ReadAsync_LateEvents_StandAtTheirPositions()
    {
        await Store.KnowAsync("i");
        await Store.ImportAsync(Sample.Event("a", Sample.Noon.AddHours(-1)), Sample.Event("lost", item: "gone"));
        await Store.ImportAsync(Sample.Event("b", Sample.Noon.AddHours(-3)), Sample.Event("a"),
            Sample.Event("c", Sample.Noon.AddHours(-2)));

        var reading = await Store.Log.ReadWithCountsAsync(null, null, Ct);
        var window = await Store.Log.ReadWithCountsAsync(Sample.Noon.AddHours(-2), Sample.Noon.AddHours(-1), Ct);

        Assert.Equal([2L, 3L, 4L], reading.Log.Positions.ToArray());
        Assert.Equal([-1, -3, -2], reading.Log.Events.ToArray().Select(e => (e.TimeMs - Sample.Noon.ToUnixTimeMilliseconds()) / 3_600_000));
        Assert.Equal((4, 1), (reading.LastPosition, reading.EventsOnUnknownItems));
        // A window has the position of the whole log.
        Assert.Equal([4L], window.Log.Positions.ToArray());
        Assert.Equal((4, 0), (window.LastPosition, window.EventsOnUnknownItems));
    }

    [Fact]
    public async Task ReadAsync_EventsFromTheFuture_CountFromTheirReceipt()
    {
        await Store.KnowAsync("i");
        await Store.ImportAsync(Sample.Event("1", Sample.Noon.AddHours(9)));

        Assert.Equal(Sample.Noon.ToUnixTimeMilliseconds(), (await Store.Log.ReadAsync(null, null, Ct)).Events[0].TimeMs);
    }

    [Fact]
    public async Task ReadAsync_RemovedItemAndErasedUser_KeepTheirPlaceWithoutBeingServedOrNamed()
    {
        await Store.KnowAsync("a", "b");
        await Store.ImportAsync(Sample.Event("1", user: "u", item: "a"), Sample.Event("2", user: "v", item: "b"),
            Sample.Event("3", user: "w", item: "a"));
        await Store.EventLog.AppendAsync([new ItemRemoval("a"), new UserErasure("u"), new UserErasure("w")], Ct);
        await Store.FinishErasuresAsync();

        var log = await Store.Log.ReadAsync(null, null, Ct);

        Assert.Equal([false, true], Enumerable.Range(0, 2).Select(log.Items.IsServable));
        Assert.Equal([("", 0), ("v", 1), ("", 0)], log.Events.ToArray().Select(e => (e.User < 0 ? "" : log.Users[e.User].Id, e.Item)));
    }

    [Fact]
    public async Task ReadAsync_MergedVisitors_BelongToTheUserFromTheMergeOn()
    {
        await Store.KnowAsync("i");
        await Store.ImportAsync(Sample.Event("1", user: "a"), Sample.Event("2", user: "b"), Sample.Event("3", user: "c"));
        await Store.EventLog.AppendAsync([new UserMerge("a", "b")], Ct);
        await Store.ImportAsync(Sample.Event("4", user: "a"));
        await Store.EventLog.AppendAsync([new UserMerge("b", "c")], Ct);
        await Store.ImportAsync(Sample.Event("5", user: "a"), Sample.Event("6", user: "b"));

        var log = await Store.Log.ReadAsync(null, null, Ct);

        Assert.Equal(["a", "b", "c", "b", "c", "c"], log.Events.ToArray().Select(e => log.Users[e.User].Id));
        Assert.Equal([("a", "b"), ("b", "c")], log.Merges.Select(merge => (log.Users[merge.From].Id, log.Users[merge.Into].Id)));
        Assert.Equal(Enumerable.Repeat("c", 6), log.WithUsersMerged().Events.ToArray().Select(e => log.Users[e.User].Id));
    }

    // The fold of serving, entry by entry, against the compact log of training: the same rows for every user and item.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task ReadAsync_MergesAndErasuresBetweenEvents_ReplayEqualsTheFoldOfAllEntries(int seed)
    {
        var random = new Random(seed);
        string[] items = ["i", "j", "k", "l"];
        await Store.KnowAsync(items);
        var names = Enumerable.Range(0, 8).Select(at => $"u{at}").ToArray();
        for (var round = 0; round < 10; round++)
        {
            await Store.ImportAsync([.. Enumerable.Range(30 * round, 30).Select(at =>
                Sample.Event($"{at}", Sample.Noon.AddMinutes(at - 1000), names[random.Next(8)], items[random.Next(4)]) with
                {
                    Type = random.Next(3) == 0 ? EventType.Click : EventType.Impression, Position = random.Next(10), Device = "mobile",
                })]);
            // A ring, a repetition and a chain are among the merges; who is erased has been somebody's own id until then.
            var from = random.Next(6);
            await Store.EventLog.AppendAsync([new UserMerge(names[from], names[(from + 1 + random.Next(5)) % 6])], Ct);
            if (round == 6) await Store.EventLog.AppendAsync([new UserErasure("u7")], Ct);
        }
        await Store.FinishErasuresAsync();
        var fold = new LiveState(1, new NoUserStates(), storeIsEmpty: true, new EventOptions(), []);
        foreach (var entry in await Store.EntriesAsync()) fold.Fold(entry, recorded: null);

        var log = await Store.Log.ReadAsync(null, null, Ct);
        var state = new FeatureState(log.Items);
        Replay.Run(log, state, _ => false, (_, _) => { }, Ct);

        Assert.NotEmpty(log.Merges);
        Assert.Contains(log.Events.ToArray(), e => e.User < 0);
        var (copy, extractor) = (new UserCopy(), new FeatureExtractor(FeatureCatalogue.Default));
        var candidates = Enumerable.Range(0, 4).Select(item => new CandidateInput(item)).ToArray();
        var (expected, actual) = (new float[4 * FeatureCatalogue.Default.Count], new float[4 * FeatureCatalogue.Default.Count]);
        for (var user = 0; user < log.Users.Count; user++)
        {
            // An id that was merged away is another name in serving, and has no state of its own in the replay.
            if (log.Merges.Any(merge => merge.From == user))
            {
                Assert.Null(state.FindUser(user));
                continue;
            }
            fold.TryCopy(log.Users[user].Id, copy);
            var now = log.Events[^1].TimeMs + 60_000;
            extractor.Fill(FeatureRequest.Of(null, copy.State, now), fold.Features, candidates, expected);
            extractor.Fill(FeatureRequest.Of(null, state.FindUser(user), now), state, candidates, actual);
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public async Task ReadAsync_AnyEvents_EqualsTheEntriesReadOneByOne() => await Sample.AnyEvent.Array[1, 30].SampleAsync(async events =>
    {
        await using var store = await FreshAsync();
        await store.KnowAsync(events.Where((_, at) => at % 3 > 0).Select(e => e.ItemId));
        await store.ImportAsync(events);
        var (from, to) = (events.Min(e => e.Time), events.Max(e => e.Time));

        var log = await store.Log.ReadAsync(from, to, Ct);

        var expected = new List<(long, LogEvent)>();
        foreach (var entry in await store.EntriesAsync())
        {
            if (entry.Change is not EventChange { Event: var e } || entry.FoldMs < from.ToUnixTimeMilliseconds()
                || entry.FoldMs >= to.ToUnixTimeMilliseconds())
                continue;
            Assert.True(log.Users.TryGetOrdinal(e.UserId, out var user));
            Assert.Equal(e.ItemId, log.Items[entry.Item].Id);
            expected.Add((entry.Position, LogEvents.Of(e, user, entry.Item, entry.FoldMs)));
        }
        Assert.Equal(expected, log.Positions.ToArray().Zip(log.Events.ToArray().Select(e => e with { List = 0 })));
    }, iter: 30, threads: 1);

    [Fact]
    public async Task ReadAsync_ContextOfAnEvent_IsCoded()
    {
        await Store.KnowAsync("i");
        await Store.ImportAsync(Sample.Event("1") with { Device = "tablet", Location = "SF", Position = 4, Value = 2.5 },
            Sample.Event("2"));

        var events = (await Store.Log.ReadAsync(null, null, Ct)).Events.ToArray();

        Assert.Equal(new LogEvent(Sample.Noon.ToUnixTimeMilliseconds(), 0, 0, EventType.Click, 2.5f, 4, 3, ContextCodes.Location("SF")),
            events[0]);
        Assert.Equal(new LogEvent(Sample.Noon.ToUnixTimeMilliseconds(), 0, 0, EventType.Click), events[1]);
    }

    [Fact]
    public async Task ReadAsync_IdsOfFullLength_AreRead()
    {
        var id = new string('漢', 256);
        await Store.KnowAsync(id);
        await Store.ImportAsync(Sample.Event("1", user: id, item: id));

        var log = await Store.Log.ReadAsync(null, null, Ct);

        Assert.Equal(id, log.Users[log.Events[0].User].Id);
    }

    [Fact]
    public async Task ReadAsync_RequestIds_AreNumberedAndReadByPosition()
    {
        await Store.KnowAsync("i");
        string?[] ids = ["a", "a", null, "b", "a"];
        await Store.ImportAsync(
            [.. ids.Select((id, at) => Sample.Event($"{at}") with { RequestId = id, Time = Sample.Noon.AddSeconds(at) })]);

        var log = await Store.Log.ReadAsync(null, null, Ct);

        Assert.Equal([1, 1, 0, 2, 1], log.Events.ToArray().Select(e => e.List));
        Assert.Equal(ids.Reverse(), await Store.Log.RequestIdsAsync([.. log.Positions.ToArray().Reverse()], Ct));
        Assert.Equal([null], await Store.Log.RequestIdsAsync([4711], Ct));
    }
}
