using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Tests.Storage;

public abstract class EventStoreContract(Func<ValueTask<IStoreBackend>> open) : StoreContract(open)
{
    [Fact]
    public async Task GetSpanAsync_EmptyLog_IsNull()
    {
        Assert.Null(await Store.Events.GetSpanAsync(Ct));
        Assert.Empty(await Store.Events.AppendAsync([], Ct));
    }

    [Fact]
    public async Task AppendAsync_AnyEvents_ReadBackInTimeOrder() => await Sample.AnyEvent.Array[1, 20].SampleAsync(async events =>
    {
        var known = (await Store.Events.ReadAsync(null, null, Ct).ToListAsync(Ct)).Select(e => e.Id).ToHashSet();
        var fresh = events.DistinctBy(e => e.Id).Where(e => !known.Contains(e.Id)).ToDictionary(e => e.Id);

        await Store.Events.AppendAsync(events, Ct);

        var all = await Store.Events.ReadAsync(null, null, Ct).ToListAsync(Ct);
        Assert.Equal(known.Count + fresh.Count, all.Count);
        Assert.Equal(all.OrderBy(e => e.Time), all);
        Assert.Equal(fresh, all.Where(e => !known.Contains(e.Id)).ToDictionary(e => e.Id));
    }, iter: 50, threads: 1);

    [Fact]
    public async Task AppendAsync_SameIdAgain_IsDuplicateAndChangesNothing()
    {
        var first = await Store.Events.AppendAsync([Sample.Event("1"), Sample.Event("2"), Sample.Event("1", type: EventType.Hide)], Ct);
        var second = await Store.Events.AppendAsync([Sample.Event("2", type: EventType.Hide), Sample.Event("3")], Ct);

        Assert.Equal([AppendOutcome.Accepted, AppendOutcome.Accepted, AppendOutcome.Duplicate], first);
        Assert.Equal([AppendOutcome.Duplicate, AppendOutcome.Accepted], second);
        var events = await Store.Events.ReadAsync(null, null, Ct).ToListAsync(Ct);
        Assert.Equal([Sample.Event("1"), Sample.Event("2"), Sample.Event("3")], events);
        Assert.Equal(3, await Store.Events.CountAsync(Ct));
    }

    [Fact]
    public async Task ReadAsync_SameMillisecond_KeepsTheOrderOfAppending()
    {
        await Store.Events.AppendAsync([Sample.Event("z"), Sample.Event("m"), Sample.Event("late", Sample.Noon.AddMilliseconds(1)), Sample.Event("a")], Ct);
        await Store.Events.AppendAsync([Sample.Event("early", Sample.Noon.AddMilliseconds(-1)), Sample.Event("b")], Ct);

        var events = await Store.Events.ReadAsync(null, null, Ct).ToListAsync(Ct);

        Assert.Equal(["early", "z", "m", "a", "b", "late"], events.Select(e => e.Id));
    }

    [Fact]
    public async Task ReadAsync_Window_IncludesItsStartAndExcludesItsEnd()
    {
        await Store.Events.AppendAsync([.. Enumerable.Range(0, 5).Select(i => Sample.Event($"{i}", Sample.Noon.AddMilliseconds(i)))], Ct);

        Assert.Equal(["1", "2"], await Ids(Sample.Noon.AddMilliseconds(1), Sample.Noon.AddMilliseconds(3)));
        Assert.Equal(["3", "4"], await Ids(Sample.Noon.AddMilliseconds(3), null));
        Assert.Equal(["0", "1"], await Ids(null, Sample.Noon.AddMilliseconds(2)));
        // Bounds between two stored milliseconds.
        Assert.Equal(["2"], await Ids(Sample.Noon.AddMilliseconds(1.5), Sample.Noon.AddMilliseconds(2.5)));
        Assert.Equal(new EventSpan(Sample.Noon, Sample.Noon.AddMilliseconds(4), 5), await Store.Events.GetSpanAsync(Ct));

        async Task<List<string>> Ids(DateTimeOffset? from, DateTimeOffset? to) =>
            [.. (await Store.Events.ReadAsync(from, to, Ct).ToListAsync(Ct)).Select(e => e.Id)];
    }

    [Fact]
    public async Task AppendAsync_OneBadEvent_StoresNothingOfTheBatch()
    {
        await Assert.ThrowsAsync<RecSysException>(() => Store.Events.AppendAsync([Sample.Event("1"), Sample.Event("2", user: "a\0")], Ct));

        Assert.Equal(0, await Store.Events.CountAsync(Ct));
    }

    [Fact]
    public async Task AppendAsync_ManyWritersWithOverlappingIds_AcceptEachIdOnce()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            var accepted = 0;
            for (var batch = 0; batch < 10; batch++)
            {
                var events = Enumerable.Range(0, 10).Select(i => Sample.Event($"{batch * 5 + i + writer % 2}")).ToList();
                accepted += (await Store.Events.AppendAsync(events, Ct)).Count(outcome => outcome == AppendOutcome.Accepted);
            }
            return accepted;
        }, Ct)));

        // Ids 0 to 9 * 5 + 9 + 1.
        Assert.Equal(56, outcomes.Sum());
        Assert.Equal(56, await Store.Events.CountAsync(Ct));
    }

    [Fact]
    public async Task AppendAsync_WhileALogIsBeingRead_DoesNotWaitAndTheReaderSeesItsMoment()
    {
        await Store.Events.AppendAsync([Sample.Event("1"), Sample.Event("2")], Ct);
        var seen = new List<string>();

        await foreach (var e in Store.Events.ReadAsync(null, null, Ct))
        {
            seen.Add(e.Id);
            await Store.Events.AppendAsync([Sample.Event($"new-{e.Id}")], Ct);
        }

        Assert.Equal(["1", "2"], seen);
        Assert.Equal(4, await Store.Events.CountAsync(Ct));
    }
}
