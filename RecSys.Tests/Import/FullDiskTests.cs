using RecSys.Core.Domain;
using RecSys.Core.Import;
using RecSys.Core.Storage;
using RecSys.Core.Storage.Sqlite;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Import;

/// <summary>A database file that may not grow stands for a full disk: SQLite gives the same code.</summary>
public sealed class FullDiskTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ImportAsync_DiskFullsUpOnTheWay_SaysWhatIsKeptAndGoesOnBehindIt()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("items.jsonl", string.Concat(Enumerable.Range(0, 8000).Select(i =>
            $$"""{"id":"i{{i}}","title":"t","category":"c","description":"{{new string('x', 1000)}}"}""" + "\n")));
        await using (var small = SqliteDatabase.Open(folder["data"]))
        {
            small.MostPages = 1500;

            var failure = await Assert.ThrowsAsync<RecSysException>(() => ImportAsync(small, file));

            var stored = (await small.Contents.CountAsync(Ct)).Items;
            Assert.InRange(stored, 1, 7999);
            Assert.Contains("disk is full", failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("nothing", failure.Message, StringComparison.OrdinalIgnoreCase);
            Assert.Contains(FormattableString.Invariant($"This import stored {stored:#,0} of 8,000 items, which stay"), failure.Message,
                StringComparison.Ordinal);
        }
        await using var database = SqliteDatabase.Open(folder["data"]);
        var before = (await database.Contents.CountAsync(Ct)).Items;

        var report = await ImportAsync(database, file);

        Assert.Equal((8000 - before, before), (report.Items.Added, report.Items.Unchanged));
    }

    [Fact]
    public async Task ImportAsync_DiskFullAtOnce_SaysThatNothingWasStored()
    {
        using var folder = new TemporaryFolder();
        await SqliteDatabase.Open(folder["data"]).DisposeAsync();
        await using var small = SqliteDatabase.Open(folder["data"]);
        small.MostPages = 1;

        var failure = await Assert.ThrowsAsync<RecSysException>(() => ImportAsync(small, folder.Write("items.jsonl",
            $$"""{"id":"i","title":"t","category":"c","description":"{{new string('x', 500_000)}}"}""")));

        Assert.Contains("Nothing of this import was stored", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await small.Contents.CountAsync(Ct)).Items);
    }

    private static Task<ImportReport> ImportAsync(SqliteDatabase database, string file) => new RecordImporter(
        new ImportTarget(database.Import, database.Contents, new ImportPace(database.EventLog, () => false, TimeProvider.System)),
        new ImportOptions(database.DataFolder)).ImportAsync(RecordFormat.Json, RecordKind.Items, [file], null, Ct);
}
