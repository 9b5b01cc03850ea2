using DuckDB.NET.Data;
using RecSys.Core.Domain;
using RecSys.Core.Storage.Lake;

namespace RecSys.Tests.Storage.Lake;

/// <summary>What the reader makes of days that are not as they were written, and of users who were erased since.</summary>
public sealed class LakeReaderTests : IAsyncLifetime
{
    private LakeRig rig = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // Three days: some entries, none, some.
    public async ValueTask InitializeAsync()
    {
        rig = await LakeRig.OpenAsync();
        await rig.Database.KnowAsync("i", "j");
        await rig.Database.ImportAsync(Enumerable.Range(0, 20).Select(at =>
            Sample.Event($"{at}", user: $"u{at % 3}") with { RequestId = $"r{at}", SessionId = "s", Device = "mobile" }));
        rig.At(2, 12);
        await rig.Database.ImportAsync(Sample.Event("20"), Sample.Event("21"));
        rig.At(3, 12);
        await rig.ExportAsync();
    }

    public ValueTask DisposeAsync() => rig.DisposeAsync();

    [Fact]
    public async Task ReadEntriesAsync_FlippedBit_NamesTheFileAndTheAdviceHelps()
    {
        var file = rig.Files(0)[1];
        var bytes = await File.ReadAllBytesAsync(file, Ct);
        bytes[bytes.Length / 2] ^= 4;
        await File.WriteAllBytesAsync(file, bytes, Ct);

        await AssertRefusedAsync($"{file} is not what was written: its checksum differs");

        Directory.Delete(rig.FolderOf(0), recursive: true);
        Assert.Single((await rig.ExportAsync()).Written);
        Sample.AssertSame(await rig.Database.EntriesAsync(), await rig.EntriesAsync());
    }

    [Fact]
    public async Task ReadEntriesAsync_TruncatedFile_NamesIt()
    {
        var file = rig.Files(2)[0];
        await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file, Ct))[..^5], Ct);

        await AssertRefusedAsync($"{file} has {new FileInfo(file).Length} bytes instead of {new FileInfo(file).Length + 5}");
    }

    [Fact]
    public async Task ReadEntriesAsync_MissingFile_NamesIt()
    {
        var file = rig.Files(0)[0];
        File.Delete(file);

        await AssertRefusedAsync($"{file} is missing");
    }

    [Fact]
    public async Task Verify_FirstDayIsMissing_IsToldUnlessAskedForALaterBeginning()
    {
        Directory.Delete(rig.FolderOf(0), recursive: true);
        var verification = new LakeVerification(rig.Lake);

        var whole = await verification.RunAsync(LakeTable.Log, ct: Ct);
        var rest = await verification.RunAsync(LakeTable.Log, LakeRig.FirstDay.AddDays(1), ct: Ct);

        Assert.Contains("is the first day of the lake and begins at position", Assert.Single(whole.Faults), StringComparison.Ordinal);
        Assert.Empty(rest.Faults);
        await rig.ExportAsync();
        Assert.Empty((await verification.RunAsync(LakeTable.Log, ct: Ct)).Faults);
    }

    [Fact]
    public async Task ReadEntriesAsync_MissingDay_IsToldFromAnEmptyOne()
    {
        Assert.Empty(await rig.EntriesAsync(1, 1));
        Directory.Delete(rig.FolderOf(1), recursive: true);

        await AssertRefusedAsync("has no day 2026-02-01 of the log, though it has earlier and later ones");
        Directory.Delete(rig.FolderOf(0), recursive: true);
        await rig.ExportAsync();
        Sample.AssertSame(await rig.Database.EntriesAsync(), await rig.EntriesAsync());
        Assert.Contains("it ends with 2026-02-02", (await Assert.ThrowsAsync<RecSysException>(() => rig.EntriesAsync(2, 3))).Message,
            StringComparison.Ordinal);
        Assert.Contains("it begins with 2026-01-31", (await Assert.ThrowsAsync<RecSysException>(() => rig.EntriesAsync(-1, 0))).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"VALUE\"", "DROP", "lacks the column value")]
    [InlineData("place", "CAST(place AS VARCHAR)", "has the column place as VARCHAR, this version of RecSys reads it as INTEGER")]
    public async Task ReadEntriesAsync_ChangedColumn_NamesIt(string column, string change, string expected)
    {
        // Written by a program with other columns, which has made its manifest fit.
        var file = rig.Files(2, pattern: "events-*")[0];
        var other = $"{file}.other";
        await using (var connection = new DuckDBConnection("DataSource=:memory:"))
        {
            await connection.OpenAsync(Ct);
            await using var command = connection.CreateCommand();
            var columns = change == "DROP" ? $"* EXCLUDE ({column})" : $"* REPLACE ({change} AS {column})";
            command.CommandText = $"COPY (SELECT {columns} FROM '{file}') TO '{other}' (FORMAT parquet)";
            await command.ExecuteNonQueryAsync(Ct);
        }
        var manifest = Path.Combine(rig.FolderOf(2), "manifest.json");
        var (old, digest) = (await Core.Storage.FileDigest.OfAsync(file, Ct), await Core.Storage.FileDigest.OfAsync(other, Ct));
        File.Move(other, file, overwrite: true);
        await File.WriteAllTextAsync(manifest, (await File.ReadAllTextAsync(manifest, Ct))
            .Replace(old.Sha256, digest.Sha256, StringComparison.Ordinal)
            .Replace($"\"bytes\": {old.Bytes}", $"\"bytes\": {digest.Bytes}", StringComparison.Ordinal), Ct);

        await AssertRefusedAsync($"{file} {expected}");
    }

    [Theory]
    [InlineData("\"format\": 4", "\"format\": 9", "is of format 9, this version of RecSys reads 1 to 4")]
    [InlineData("\"last_position\": 24", "\"last_position\": 25", "positions 23 to 25 are not 2 entries")]
    [InlineData("\"event\": 2", "\"event\": 3", "its files have 2 rows, its kinds 3")]
    [InlineData("\"day\": \"2026-02-02\"", "\"day\": \"2026-02-03\"", "it is that of log, 2026-02-03")]
    [InlineData("\"files\"", "\"file\"", "manifest of")]
    [InlineData("events-0000", "../nts-0000", "it names the file '../nts-0000")]
    [InlineData("{", "", "manifest of")]
    public async Task ReadEntriesAsync_DamagedManifest_SaysWhatDoesNotFit(string part, string other, string expected)
    {
        var manifest = Path.Combine(rig.FolderOf(2), "manifest.json");
        var text = await File.ReadAllTextAsync(manifest, Ct);
        Assert.Contains(part, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(manifest, text.Replace(part, other, StringComparison.Ordinal), Ct);

        await AssertRefusedAsync(expected);
    }

    [Fact]
    public async Task ReadEntriesAsync_DayOfAnotherLog_IsRefused()
    {
        await using var other = await LakeRig.OpenAsync();
        other.At(2, 1);
        await other.Database.KnowAsync("x");
        other.At(3, 12);
        await other.ExportAsync();
        Directory.Delete(rig.FolderOf(2), recursive: true);
        Directory.Move(other.FolderOf(2), rig.FolderOf(2));

        await AssertRefusedAsync("begins at position 1, the day before it ends at 22");
    }

    [Fact]
    public async Task RunAsync_SeveralFaults_VerificationTellsEachAndGoesOn()
    {
        var files = new[] { rig.Files(0)[0], rig.Files(2)[0] };
        foreach (var file in files) File.Delete(file);

        var report = await new LakeVerification(rig.Lake).RunAsync(LakeTable.Log, ct: Ct);

        Assert.Equal(LakeRig.FirstDay.AddDays(1), Assert.Single(report.Days).Day);
        Assert.Equal(files, report.Faults.Select(fault => fault.Split(' ')[0]));
    }

    [Fact]
    public async Task ReadEntriesAsync_ErasedSince_IsWithoutSubjectAsInTheDatabase()
    {
        await rig.Database.EventLog.AppendAsync([new UserMerge("u2", "u1"), new UserErasure("u1")], Ct);
        await rig.Database.FinishErasuresAsync();

        var told = await rig.EntriesAsync();
        rig.At(4, 12);
        await rig.ExportAsync();
        // Without a database, the erasure of a later day tells, also who had become that user in an entry that is stripped itself.
        var alone = await new LakeReader(rig.Lake, []).ReadEntriesAsync(ct: Ct).ToListAsync(Ct);

        var expected = await rig.Database.EntriesAsync();
        Sample.AssertSame([.. expected.Take(24)], told);
        Sample.AssertSame(expected, alone);
        Assert.Equal(7, alone.Count(entry => entry.Change is EventChange { Event.UserId: "u0" }));
        Assert.Equal(13, alone.Count(entry =>
            entry.Change is EventChange { Event: { UserId: "", RequestId: null, SessionId: null, Device: "mobile" } }));
    }

    [Fact]
    public async Task Files_ReadByPlainSql_SayWhatTheEntriesSay()
    {
        var rows = await LakeRig.QueryAsync($"""
            SELECT CAST(day AS VARCHAR), type, device, count(*), count(DISTINCT user_id), min(position), max(item_id)
            FROM read_parquet('{rig.Path}/log/day=*/events-*.parquet', hive_partitioning = true) GROUP BY ALL ORDER BY ALL
            """);

        Assert.Equal(["2026-01-31 click mobile 20 3 3 i", "2026-02-02 click - 2 1 23 i"], rows);
    }

    private async Task AssertRefusedAsync(string expected)
    {
        var refusal = await Assert.ThrowsAsync<RecSysException>(() => rig.EntriesAsync());
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        var faults = (await new LakeVerification(rig.Lake).RunAsync(LakeTable.Log, ct: Ct)).Faults;
        Assert.Contains(faults, fault => fault.Contains(expected, StringComparison.Ordinal));
    }
}
