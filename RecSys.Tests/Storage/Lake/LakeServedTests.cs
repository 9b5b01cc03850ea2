using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Storage.Lake;

namespace RecSys.Tests.Storage.Lake;

public sealed class LakeServedTests : IAsyncLifetime
{
    private LakeRig rig = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => rig = await LakeRig.OpenAsync();

    public ValueTask DisposeAsync() => rig.DisposeAsync();

    [Fact]
    public async Task RunAsync_AnyRecords_ReadBackEqualInTheOrderOfTheirTimes() =>
        await Storage.Served.Any.Array[1, 12].SampleAsync(async records =>
    {
        await using var any = await LakeRig.OpenAsync();
        var stored = records.Select((record, at) => record with { RequestId = $"r{at}", Time = Sample.Noon.AddMinutes(at * 137 % 1000) })
            .ToList();
        await any.Database.ServedRecords.AppendAsync(stored, Ct);
        any.At(3, 12);
        await any.ExportAsync();

        var read = await new LakeReader(any.Lake, []).ReadServedAsync(ct: Ct).ToListAsync(Ct);

        Assert.Equal(stored.OrderBy(record => record.Time).Select(Storage.Served.Text), read.Select(Storage.Served.Text));
        Assert.Empty((await new LakeVerification(any.Lake).RunAsync(LakeTable.Served, ct: Ct)).Faults);
    }, iter: 10, threads: 1);

    [Fact]
    public async Task RunAsync_RecordsOfSomeDays_WritesEachDayOnceItHasSettled()
    {
        await rig.Database.ServedRecords.AppendAsync(
            [Record("late", time: Sample.Noon.AddDays(2)), Record("early"), Record("last", time: Sample.Noon.AddHours(11))], Ct);
        rig.At(3, 0.9);
        var before = await rig.ExportAsync();
        rig.At(3, 1.1);
        var after = await rig.ExportAsync();
        // Nobody reads a day that was closed: what comes into it later stays outside.
        await rig.Database.ServedRecords.AppendAsync([Record("too late", time: Sample.Noon.AddDays(1))], Ct);
        var again = await rig.ExportAsync();

        Assert.Equal([(0, 2L), (1, 0L)], Served(before));
        Assert.Equal([(2, 1L)], Served(after));
        Assert.Empty(Served(again));
        Assert.Equal(["early", "last", "late"],
            (await new LakeReader(rig.Lake, []).ReadServedAsync(ct: Ct).ToListAsync(Ct)).Select(record => record.RequestId));
    }

    [Fact]
    public async Task RunAsync_ServedByAnotherClockLongAgo_LeavesTheTimeBetweenOutAndReadsAcrossIt()
    {
        await rig.Database.ServedRecords.AppendAsync([Record("long ago", time: Sample.Noon.AddDays(-4000))], Ct);
        rig.At(3, 12);
        var first = await rig.ExportAsync();
        await rig.Database.ServedRecords.AppendAsync(
            [Record("now", time: Sample.Noon.AddDays(3)), Record("later", time: Sample.Noon.AddDays(5))], Ct);
        rig.At(8, 12);
        var second = await rig.ExportAsync();
        var third = await rig.ExportAsync();

        Assert.Equal([(-4000, 1L)], Served(first));
        Assert.Equal([(3, 1L), (4, 0L), (5, 1L), (6, 0L), (7, 0L)], Served(second));
        Assert.Empty(Served(third));
        var read = await new LakeReader(rig.Lake, []).ReadServedAsync(ct: Ct).ToListAsync(Ct);
        Assert.Equal(["long ago", "now", "later"], read.Select(record => record.RequestId));
        var verification = new LakeVerification(rig.Lake);
        Assert.Empty((await verification.RunAsync(LakeTable.Served, ct: Ct)).Faults);

        // A day that is missing is still told from one that was left out.
        Directory.Delete(rig.FolderOf(4, "served"), recursive: true);
        var fault = Assert.Single((await verification.RunAsync(LakeTable.Served, ct: Ct)).Faults);
        Assert.Contains("has no day", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_NowOnAnOpenDay_LeavesServedRecordsToTheEndOfTheDay()
    {
        await rig.Database.KnowAsync("i");
        await rig.Database.ServedRecords.AppendAsync([Record("r")], Ct);

        var report = await rig.ExportAsync(new LakeExportRequest { CloseToday = true });

        Assert.Equal(LakeTable.Log, Assert.Single(report.Written).Table);
    }

    [Fact]
    public async Task RunAsync_DayThatWasRemoved_IsWrittenAnew()
    {
        await rig.Database.ServedRecords.AppendAsync([Record("a"), Record("b", time: Sample.Noon.AddDays(1)),
            Record("c", time: Sample.Noon.AddDays(2))], Ct);
        rig.At(3, 12);
        await rig.ExportAsync();
        Directory.Delete(rig.FolderOf(1, "served"), recursive: true);

        Assert.Equal([(1, 1L)], Served(await rig.ExportAsync()));

        Assert.Equal(["a", "b", "c"],
            (await new LakeReader(rig.Lake, []).ReadServedAsync(ct: Ct).ToListAsync(Ct)).Select(record => record.RequestId));
    }

    [Fact]
    public async Task ReadServedAsync_ErasedUser_IsLeftOut()
    {
        await rig.Database.KnowAsync("i");
        await rig.Database.ServedRecords.AppendAsync([Record("a", "u"), Record("b", "v")], Ct);
        rig.At(1, 12);
        await rig.ExportAsync();
        await rig.Database.EventLog.AppendAsync([new UserErasure("u")], Ct);

        var read = await (await rig.ReaderAsync()).ReadServedAsync(ct: Ct).ToListAsync(Ct);

        Assert.Equal("b", Assert.Single(read).RequestId);
    }

    [Fact]
    public async Task Files_ReadByPlainSql_TellItemsAndPropensitiesByPlace()
    {
        await rig.Database.KnowAsync("a", "b", "c", "d");
        var item = new ServedItem
        {
            Item = 3, Scores = [0.5f, 0.1f], FinalScore = 0.25, Propensity = 0.125, Slot = SlotKind.Explored, Features = [1, float.NaN],
        };
        await rig.Database.ServedRecords.AppendAsync(
            [Record("r") with { Items = [new ServedItem { Item = 1 }, item] }, Record("empty") with { Items = [] }], Ct);
        rig.At(1, 12);
        await rig.ExportAsync();
        var rows = await LakeRig.QueryAsync($"""
            SELECT request_id, place, item_id, slot, propensity, scores[1], len(features), isnan(features[2])
            FROM '{rig.Path}/served/*/served-*.parquet' ORDER BY request_id DESC, place
            """);

        Assert.Equal(["r 0 b ranked 1 - - -", "r 1 d explored 0.125 0.5 2 True", "empty - - - - - - -"], rows);
    }

    [Fact]
    public async Task ReadServedAsync_DayOfTheFirstFormat_ReadsItAsWithoutPoolsAndRules()
    {
        var explored = Record("r") with
        {
            RulesHash = "rules",
            Items = [new ServedItem { Item = 3, Slot = SlotKind.Explored, Propensity = 0.01, Pool = [1, 3, 7] }],
        };
        await rig.Database.ServedRecords.AppendAsync([explored], Ct);
        rig.At(1, 12);
        await rig.ExportAsync();
        Assert.Equal([1, 3, 7], (await ReadAsync()).Items[0].Pool);
        Assert.Equal("rules", (await ReadAsync()).RulesHash);
        Assert.Equal(["[1, 3, 7]"], await LakeRig.QueryAsync($"SELECT CAST(pool AS VARCHAR) FROM '{rig.Files(0, "served")[0]}'"));

        var (file, other) = (rig.Files(0, "served")[0], rig.Files(0, "served")[0] + ".other");
        await LakeRig.QueryAsync($"COPY (SELECT * EXCLUDE (pool, rules_hash) FROM '{file}') TO '{other}' (FORMAT parquet)");
        var (old, digest) = (await Core.Storage.FileDigest.OfAsync(file, Ct), await Core.Storage.FileDigest.OfAsync(other, Ct));
        File.Move(other, file, overwrite: true);
        var manifest = Path.Combine(rig.FolderOf(0, "served"), "manifest.json");
        var text = (await File.ReadAllTextAsync(manifest, Ct)).Replace(old.Sha256, digest.Sha256, StringComparison.Ordinal)
            .Replace($"\"bytes\": {old.Bytes}", $"\"bytes\": {digest.Bytes}", StringComparison.Ordinal);
        await File.WriteAllTextAsync(manifest, text.Replace("\"format\": 3", "\"format\": 1", StringComparison.Ordinal), Ct);

        var read = await ReadAsync();

        var expected = explored with { RulesHash = null, Items = [explored.Items[0] with { Pool = null }] };
        Assert.Equal(Storage.Served.Text(expected), Storage.Served.Text(read));
        // A day that says it is of a later format must have the column.
        await File.WriteAllTextAsync(manifest, text, Ct);
        Assert.Contains("lacks the column pool", (await Assert.ThrowsAsync<RecSysException>(ReadAsync)).Message, StringComparison.Ordinal);

        async Task<ServedRecord> ReadAsync() => (await new LakeReader(rig.Lake, []).ReadServedAsync(ct: Ct).ToListAsync(Ct)).Single();
    }

    private static ServedRecord Record(string request, string user = "u", DateTimeOffset? time = null) =>
        Storage.Served.Record(request, user, time);

    private static IEnumerable<(int Day, long Requests)> Served(LakeExportReport report) => report.Written
        .Where(day => day.Table == LakeTable.Served).Select(day => (day.Day.DayNumber - LakeRig.FirstDay.DayNumber, day.Entries));
}
