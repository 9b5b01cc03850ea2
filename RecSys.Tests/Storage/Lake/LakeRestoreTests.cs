using Microsoft.Extensions.Time.Testing;
using RecSys.Core.Domain;
using RecSys.Core.Storage.Backup;
using RecSys.Core.Storage.Lake;
using RecSys.Core.Storage.Sqlite;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Storage.Lake;

/// <summary>A lake beside a log that was restored from a backup, or that is another one.</summary>
public sealed class LakeRestoreTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider clock = new(Sample.Noon);
    private readonly FolderLakeStore lake;

    public LakeRestoreTests() => lake = new FolderLakeStore(folder["lake"]);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        lake.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task RunAsync_RestoredLog_GoesOnWhereDaysAreOfBothAndRefusesThoseBehindTheFork()
    {
        await PutAsync("data", "a");
        await DayAsync("data");
        await new DataFolderBackup(clock).CreateAsync(folder["data"], folder["backup"], null, Ct);
        await PutAsync("data", "b");
        await DayAsync("data");
        await new DataFolderBackup(clock).RestoreAsync(folder["backup"], folder["data"], Ct);
        await PutAsync("data", "c");

        var refusal = await Assert.ThrowsAsync<RecSysException>(() => DayAsync("data"));
        // What the message advises.
        Directory.Delete(folder["lake/log/day=2026-02-01"], recursive: true);
        var report = await ExportAsync("data");

        Assert.Contains("only the entries up to 1 in common with the lake, whose days from 2026-02-01 on", refusal.Message,
            StringComparison.Ordinal);
        Assert.Equal([0L, 1L], report.Written.Select(day => day.Entries));
        var entries = await new LakeReader(lake, []).ReadEntriesAsync(ct: Ct).ToListAsync(Ct);
        Assert.Equal(["a", "c"], entries.Select(entry => ((ItemPut)entry.Change).Item.Id));
        Assert.Empty((await new LakeVerification(lake).RunAsync(LakeTable.Log, ct: Ct)).Faults);
    }

    [Fact]
    public async Task RunAsync_AnotherLog_IsRefused()
    {
        await PutAsync("data", "a");
        await DayAsync("data");
        await PutAsync("other", "a");

        var refusal = await Assert.ThrowsAsync<RecSysException>(() => DayAsync("other"));

        Assert.Contains("is that of another log", refusal.Message, StringComparison.Ordinal);
        Assert.Single(await lake.ListAsync(LakeTable.Log, Ct));
    }

    private async Task PutAsync(string data, string item)
    {
        await using var database = SqliteDatabase.Open(folder[data], clock);
        await database.EventLog.AppendAsync([new ItemPut(Sample.Item(item))], Ct);
    }

    private async Task DayAsync(string data)
    {
        clock.Advance(TimeSpan.FromDays(1));
        await ExportAsync(data);
    }

    private async Task<LakeExportReport> ExportAsync(string data)
    {
        await using var database = SqliteDatabase.Open(folder[data], clock);
        return await new LakeExport(lake, LakeSource.Of(database), clock, new LakeOptions()).RunAsync(new LakeExportRequest(), ct: Ct);
    }
}
