using Dapper;
using Microsoft.Data.Sqlite;
using RecSys.Core.Domain;
using RecSys.Core.Import;
using RecSys.Core.Storage;
using RecSys.Core.Storage.Sqlite;

namespace RecSys.Tests.Import;

/// <summary>Imports that are longer than the log leave out the index of users while they store, and only then.</summary>
public sealed class LongImportTests : ImportTest
{
    private const int Rows = 50_000;
    private const int Users = 100;

    [Fact]
    public async Task Import_LongerThanTheLog_MakesTheUserIndexBehindIt()
    {
        var (during, seen) = Watch();

        await ImportAsync(Target, "first", during);

        Assert.False(Assert.Single(seen));
        Assert.True(HasUserIndex());
        Assert.Equal("ok", Sql("PRAGMA integrity_check"));
        Assert.Equal($"{Rows / Users}", Sql("SELECT count(*) FROM log INDEXED BY log_by_user WHERE user_id = 'u7' AND kind = 0"));
    }

    [Fact]
    public async Task Import_ShorterThanTheLogOrBesideAServer_KeepsTheUserIndex()
    {
        await ImportAsync(Target, "first");
        var (during, seen) = Watch();
        await ImportAsync(Target, "second", during, Rows - 1);
        var shared = Target with { Pace = new ImportPace(Database.EventLog, () => true, TimeProvider.System) };
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => ImportAsync(shared, "third", new Reports(step =>
            {
                during.Report(step);
                if (step is { Phase: "store events", Done: > 0 }) stop.Cancel();
            }), 3 * Rows, stop.Token));

        Assert.True(Assert.Single(seen));
    }

    [Fact]
    public async Task Import_CancelledWhileItStores_MakesTheUserIndexAllTheSame()
    {
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => ImportAsync(Target, "first", new Reports(step =>
            {
                if (step is { Phase: "store events", Done: > 0 }) stop.Cancel();
            }), Rows, stop.Token));

        Assert.InRange((await Database.Contents.CountAsync(Ct)).Events, 1, Rows - 1);
        Assert.True(HasUserIndex());
    }

    [Fact]
    public async Task Open_WhileAnImportLeavesTheUserIndexOut_LeavesThatToTheImport()
    {
        await using (await Database.Import.WithoutUserIndexAsync(Ct))
        {
            await using (await SqliteDatabase.OpenAsync(Data.Path, Ct)) Assert.False(HasUserIndex());
        }
        Assert.True(HasUserIndex());
    }

    [Fact]
    public async Task Open_AfterAnImportThatWasKilled_MakesTheUserIndex()
    {
        await KnowItemsAsync("i");
        Sql("DROP INDEX log_by_user");
        await Database.Import.ImportAsync([new EventChange(new Event
        {
            Id = "e", UserId = "u7", ItemId = "i", Type = EventType.Click, Time = DateTimeOffset.UnixEpoch.AddYears(40),
        })], Ct);

        await using var again = await SqliteDatabase.OpenAsync(Data.Path, Ct);

        Assert.Equal("1", Sql("SELECT count(*) FROM log INDEXED BY log_by_user WHERE user_id = 'u7' AND kind = 0"));
    }

    private async Task ImportAsync(ImportTarget target, string name, IProgress<WorkProgress>? progress = null, int rows = Rows,
        CancellationToken? ct = null)
    {
        await KnowItemsAsync("i");
        var path = Source.Write($"{name}.csv", "user_id,item_id,type,time,id\n"
            + string.Concat(Enumerable.Range(0, rows).Select(row => $"u{row % Users},i,click,{1_500_000_000 + row},{name}-{row}\n")));
        await new RecordImporter(target, Options).ImportAsync(RecordFormat.Csv, RecordKind.Events, [path], progress, ct ?? Ct);
    }

    // What the schema holds whenever some events have been stored.
    private (Reports Progress, HashSet<bool> Seen) Watch()
    {
        var seen = new HashSet<bool>();
        return (new Reports(step =>
        {
            if (step is { Phase: "store events", Done: > 0 }) seen.Add(HasUserIndex());
        }), seen);
    }

    private bool HasUserIndex() => Sql("SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND name = 'log_by_user'") == "1";

    private string? Sql(string query)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(Data.Path, SqliteDatabase.FileName)};Pooling=false");
        return connection.ExecuteScalar<string>(query);
    }

    private sealed class Reports(Action<WorkProgress> told) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => told(value);
    }
}
