using CsCheck;
using RecSys.Core.Domain;

namespace RecSys.Tests.Storage;

public abstract class ServedRecordStoreContract(Func<ValueTask<IStoreBackend>> open) : StoreContract(open)
{
    private async Task<List<string>> UnreportedAsync(DateTimeOffset before, int most = 100) =>
        [.. (await Store.ServedRecords.ReadUnreportedAsync(before, most, Ct)).Select(record => record.RequestId)];

    [Fact]
    public async Task AppendAsync_AnyRecord_ComesBackUnchanged() => await Served.Any.Array[1, 5].SampleAsync(async records =>
    {
        await using var store = await FreshAsync();
        records = [.. records.DistinctBy(record => record.RequestId)];

        await store.ServedRecords.AppendAsync(records, Ct);

        foreach (var record in records)
            Assert.Equal(Served.Text(record), Served.Text((await store.ServedRecords.GetAsync(record.RequestId, Ct))!));
    }, iter: 60, threads: 1);

    [Fact]
    public async Task AppendAsync_RequestAgain_KeepsTheFirst()
    {
        await Store.ServedRecords.AppendAsync([Served.Record("r", "first"), Served.Record("r", "second")], Ct);
        await Store.ServedRecords.AppendAsync([Served.Record("r", "third")], Ct);

        Assert.Equal("first", (await Store.ServedRecords.GetAsync("r", Ct))!.UserId);
        Assert.Null(await Store.ServedRecords.GetAsync("unknown", Ct));
    }

    [Fact]
    public async Task AppendAsync_AfterTheLastRecordsWereDeleted_GivesNewPlaces()
    {
        Assert.Equal(0, await Store.ServedRecords.ReadEndAsync(Ct));
        await Store.ServedRecords.AppendAsync([Served.Record("r"), Served.Record("s")], Ct);
        var last = await Store.ServedRecords.ReadEndAsync(Ct);
        Assert.Equal(last, (await Store.ServedRecords.FindAsync("s", Ct))!.Sequence);
        await Store.ServedRecords.DeleteAsync(Sample.Noon, most: 0, Ct);

        await Store.ServedRecords.AppendAsync([Served.Record("t")], Ct);

        Assert.Equal(["t"], (await Store.ServedRecords.ReadAfterAsync(last, 10, Ct)).Select(stored => stored.Record.RequestId));
    }

    [Fact]
    public async Task AppendAsync_OneBadRecord_StoresNone()
    {
        await Assert.ThrowsAsync<RecSysException>(() =>
            Store.ServedRecords.AppendAsync([Served.Record("r"), Served.Record("s", "u\0")], Ct));

        Assert.Null(await Store.ServedRecords.GetAsync("r", Ct));
    }

    [Theory]
    [InlineData("4,5")]
    [InlineData("3,3")]
    [InlineData("5,3")]
    [InlineData("-1,3")]
    [InlineData("0-1000")]
    public async Task AppendAsync_PoolThatNothingCouldBeDrawnFrom_IsRefused(string pool)
    {
        int[] numbers = pool == "0-1000" ? [.. Enumerable.Range(0, 1001)] : [.. pool.Split(',').Select(int.Parse)];
        var record = Served.Record("r") with { Items = [new ServedItem { Item = 3, Slot = SlotKind.Explored, Pool = numbers }] };

        await Assert.ThrowsAsync<RecSysException>(() => Store.ServedRecords.AppendAsync([record], Ct));
    }

    [Fact]
    public async Task ReadAsync_MoreThanAPage_IsNewestFirstFromTheMomentOn()
    {
        await Store.ServedRecords.AppendAsync(
            [.. Enumerable.Range(0, 500).Select(i => Served.Record($"{i}", $"u{i % 2}", Sample.Noon.AddSeconds(i)))], Ct);

        var all = await Store.ServedRecords.ReadAsync(null, Ct).ToListAsync(Ct);
        var late = await Store.ServedRecords.ReadAsync(Sample.Noon.AddSeconds(450), Ct).ToListAsync(Ct);
        var user = await Store.ServedRecords.ReadUserAsync("u1", Sample.Noon.AddSeconds(11), Ct).ToListAsync(Ct);

        Assert.Equal(Enumerable.Range(0, 500).Reverse().Select(i => $"{i}"), all.Select(record => record.RequestId));
        Assert.Equal(Enumerable.Range(450, 50).Reverse().Select(i => $"{i}"), late.Select(record => record.RequestId));
        Assert.Equal(Enumerable.Range(0, 500).Where(i => i % 2 == 1 && i >= 11).Reverse().Select(i => $"{i}"),
            user.Select(record => record.RequestId));
    }

    [Fact]
    public async Task ReadUnreportedAsync_ReportedOrShownLists_AreNotGivenAgain()
    {
        await Store.KnowAsync("i");
        await Store.EventLog.AppendAsync([new EventChange(Sample.Event("before the record", user: "u") with { RequestId = "r2" })], Ct);
        await Store.ServedRecords.AppendAsync(
            [.. Enumerable.Range(0, 6).Select(i => Served.Record($"r{5 - i}", time: Sample.Noon.AddSeconds(5 - i)))], Ct);
        Assert.Equal(["r0", "r1", "r3", "r4"], await UnreportedAsync(Sample.Noon.AddSeconds(5)));
        Assert.Equal(["r0", "r1"], await UnreportedAsync(Sample.Noon.AddSeconds(5), most: 2));

        await Store.EventLog.AppendAsync(
            [new EventChange(Sample.Event("reported", user: "u") with { RequestId = "r0" }), new ListShown("r3", "u", [3], Sample.Noon)],
            Ct);

        Assert.Equal(["r1", "r4", "r5"], await UnreportedAsync(Sample.Noon.AddHours(1)));
        // What has been found to be reported once is not looked at again, even when the log has forgotten the request.
        Store.Clock.Advance(TimeSpan.FromDays(40));
        await Store.KnowAsync("j");
        Assert.Equal(["r1", "r4", "r5"], await UnreportedAsync(Sample.Noon.AddHours(1)));
    }

    [Fact]
    public async Task DeleteAsync_ByTimeAndByNumber_DeletesTheOldest()
    {
        await Store.ServedRecords.AppendAsync(
            [.. Enumerable.Range(0, 2_500).Select(i => Served.Record($"{i}", time: Sample.Noon.AddSeconds(i)))], Ct);

        Assert.Equal(1_200, await Store.ServedRecords.DeleteAsync(Sample.Noon.AddSeconds(1_200), 10_000, Ct));
        Assert.Equal(1_250, await Store.ServedRecords.DeleteAsync(Sample.Noon, 50, Ct));

        Assert.Equal(Enumerable.Range(2_450, 50).Reverse().Select(i => $"{i}"),
            (await Store.ServedRecords.ReadAsync(null, Ct).ToListAsync(Ct)).Select(record => record.RequestId));
    }
}
