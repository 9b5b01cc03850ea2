using CsCheck;
using RecSys.Core.Domain;

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
        await Store.Items.UpsertAsync([Sample.Item("i1"), Sample.Item("i2")], Ct);
        await Store.Users.UpsertAsync([Sample.User("u1") with { Age = 30 }], Ct);
        await Store.Events.AppendAsync(
            [
                Sample.Event("1", user: "u1", item: "gone"),
                Sample.Event("2", user: "stranger", item: "i2"),
                Sample.Event("3", user: "u1", item: "i1"),
                Sample.Event("4", user: "nobody", item: "gone"),
                Sample.Event("5", user: "stranger", item: "i1"),
            ], Ct);

        var reading = await Store.Log.ReadWithCountsAsync(null, null, Ct);

        Assert.Equal((2, 1), (reading.EventsOnUnknownItems, reading.ImplicitUsers));
        Assert.Equal(2, reading.Log.Users.Count);
        Assert.Equal((30, "stranger"), (reading.Log.Users[0].Age, reading.Log.Users[1].Id));
        Assert.Equal([(1, 1), (0, 0), (1, 0)], reading.Log.Events.ToArray().Select(e => (e.User, e.Item)));
    }

    [Fact]
    public async Task ReadWithPositionsAsync_LateEvents_GivesPositionsInTheOrderTheyWereLogged()
    {
        await Store.Items.UpsertAsync([Sample.Item("i")], Ct);
        await Store.Events.AppendAsync([Sample.Event("a", Sample.Noon.AddHours(2)), Sample.Event("lost", item: "gone")], Ct);
        var before = (await Store.Log.ReadWithCountsAsync(null, null, Ct)).LastPosition;
        await Store.Events.AppendAsync([Sample.Event("b", Sample.Noon), Sample.Event("a"), Sample.Event("c", Sample.Noon.AddHours(1))], Ct);

        var log = await Store.Log.ReadWithPositionsAsync(["a", "lost", "b", "c", "never"], Ct);

        var by = log.PositionsById;
        Assert.Equal(["a", "b", "c", "lost"], by.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([by["b"], by["c"], by["a"]], log.Positions);
        Assert.True(by["a"] < by["lost"] && by["lost"] < by["b"] && by["b"] < by["c"]);
        Assert.Equal((by["lost"], by["c"]), (before, log.Reading.LastPosition));
        // A window has the position of the whole log.
        Assert.Equal(by["c"], (await Store.Log.ReadWithCountsAsync(null, Sample.Noon, Ct)).LastPosition);
    }

    [Fact]
    public async Task ReadAsync_AnyEvents_EqualsTheEventsReadOneByOne() => await Sample.AnyEvent.Array[1, 30].SampleAsync(async events =>
    {
        await Store.Items.UpsertAsync([.. events.Where((_, at) => at % 3 > 0).Select(e => Sample.Item(e.ItemId))], Ct);
        await Store.Events.AppendAsync(events, Ct);
        var (from, to) = (events.Min(e => e.Time), events.Max(e => e.Time));

        var log = await Store.Log.ReadAsync(from, to, Ct);

        var expected = new List<LogEvent>();
        foreach (var e in await Store.Events.ReadAsync(from, to, Ct).ToListAsync(Ct))
        {
            if (!log.Items.TryGetNumber(e.ItemId, out var item)) continue;
            Assert.True(log.Users.TryGetOrdinal(e.UserId, out var user));
            expected.Add(new LogEvent(e.Time.ToUnixTimeMilliseconds(), user, item, e.Type, e.Value is { } value ? (float)value : float.NaN,
                e.Position is { } position ? (short)Math.Min(position, short.MaxValue) : (short)-1, ContextCodes.Device(e.Device), ContextCodes.Location(e.Location)));
        }
        Assert.Equal(expected, log.Events.ToArray());
    }, iter: 30, threads: 1);

    [Fact]
    public async Task ReadAsync_ContextOfAnEvent_IsCoded()
    {
        await Store.Items.UpsertAsync([Sample.Item("i")], Ct);
        await Store.Events.AppendAsync([Sample.Event("1") with { Device = "tablet", Location = "SF", Position = 4, Value = 2.5 }, Sample.Event("2")], Ct);

        var events = (await Store.Log.ReadAsync(null, null, Ct)).Events.ToArray();

        Assert.Equal(new LogEvent(Sample.Noon.ToUnixTimeMilliseconds(), 0, 0, EventType.Click, 2.5f, 4, 3, ContextCodes.Location("SF")), events[0]);
        Assert.Equal(new LogEvent(Sample.Noon.ToUnixTimeMilliseconds(), 0, 0, EventType.Click), events[1]);
    }

    [Fact]
    public async Task ReadAsync_IdsOfFullLength_AreRead()
    {
        var id = new string('漢', 256);
        await Store.Items.UpsertAsync([Sample.Item(id)], Ct);
        await Store.Events.AppendAsync([Sample.Event("1", user: id, item: id)], Ct);

        var log = await Store.Log.ReadAsync(null, null, Ct);

        Assert.Equal(id, log.Users[log.Events[0].User].Id);
    }
}
