using Dapper;
using Microsoft.Data.Sqlite;
using RecSys.Core.Domain;
using RecSys.Core.Storage.Sqlite;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Storage;

/// <summary>What happens to the files while the store is open: a message that says what to do, and nothing half-written.</summary>
public sealed class StoreFailureTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private SqliteDatabase database = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = SqliteDatabase.Open(folder.Path);
        await database.EventLog.AppendAsync([new ItemPut(Sample.Item("i"))], Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        folder.Dispose();
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={folder[SqliteDatabase.FileName]};Pooling=False");
        connection.Execute(sql);
    }

    private Task<RecSysException> AppendFailsAsync() =>
        Assert.ThrowsAsync<RecSysException>(() => database.EventLog.AppendAsync([new ItemPut(Sample.Item("j"))], Ct));

    [Fact]
    public async Task AppendAsync_FileDeletedWhileOpen_SaysSoAndMakesNoNewOne()
    {
        File.Delete(folder[SqliteDatabase.FileName]);

        Assert.Contains("is gone", (await AppendFailsAsync()).Message, StringComparison.Ordinal);
        Assert.Contains("is gone", (await Assert.ThrowsAsync<RecSysException>(() => database.EventLog.ReadHeadAsync(Ct))).Message,
            StringComparison.Ordinal);
        Assert.Contains("is gone", (await Assert.ThrowsAsync<RecSysException>(() => database.UserStates.ClearAsync(Ct))).Message,
            StringComparison.Ordinal);
        Assert.False(File.Exists(folder[SqliteDatabase.FileName]));
    }

    [Fact]
    public async Task AppendAsync_MissingTable_SaysSoAndStoresNothing()
    {
        Execute("DROP TABLE items");

        var failure = await AppendFailsAsync();

        Assert.Contains("no such table: items", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await database.EventLog.ReadHeadAsync(Ct)).Position);
    }

    [Fact]
    public async Task AppendAsync_NoHead_SaysThatTheDatabaseIsDamaged()
    {
        Execute("DELETE FROM log_head");

        Assert.Contains("damaged", (await AppendFailsAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AppendAsync_LockedByAnotherProcess_SaysSoAndWorksAgainAfterwards()
    {
        using (var other = new SqliteConnection($"Data Source={folder[SqliteDatabase.FileName]};Pooling=False"))
        {
            other.Open();
            other.Execute("BEGIN IMMEDIATE");
            Assert.Contains("busy", (await AppendFailsAsync()).Message, StringComparison.Ordinal);
        }

        Assert.Equal(2, (await database.EventLog.AppendAsync([new ItemPut(Sample.Item("j"))], Ct)).Results[0].Position);
    }

    // A file that may not grow stands for a full disk: SQLite gives the same code.
    [Fact]
    public async Task AppendAsync_NoSpaceLeft_StoresNothingAndGoesOnWhenThereIsSome()
    {
        var large = new ItemPut(Sample.Item("large") with { Description = new string('x', 5_000_000) });
        await database.DisposeAsync();
        database = SqliteDatabase.Open(folder.Path);
        database.MostPages = 500;
        var full = await Assert.ThrowsAsync<RecSysException>(() =>
            database.EventLog.AppendAsync([new ItemPut(Sample.Item("j")), large], Ct));
        Assert.Contains("disk is full", full.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await database.EventLog.ReadHeadAsync(Ct)).Position);

        database.MostPages = 0;
        Assert.Equal([2L, 3L],
            (await database.EventLog.AppendAsync([new ItemPut(Sample.Item("j")), large], Ct)).Results.Select(result => result.Position));
    }

    [Fact]
    public async Task OpenExistingAsync_EmptyLog_SaysWhatToImport()
    {
        using var other = new TemporaryFolder();
        await SqliteDatabase.Open(other.Path).DisposeAsync();

        Assert.Contains("import something first",
            (await Assert.ThrowsAsync<RecSysException>(() => SqliteDatabase.OpenExistingAsync(other.Path, Ct))).Message,
            StringComparison.Ordinal);
        await File.WriteAllBytesAsync(other[SqliteDatabase.FileName], [], Ct);
        Assert.Contains("import something first",
            (await Assert.ThrowsAsync<RecSysException>(() => SqliteDatabase.OpenExistingAsync(other.Path, Ct))).Message,
            StringComparison.Ordinal);
    }
}
