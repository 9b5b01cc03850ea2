using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Storage;
using RecSys.Core.Storage.Sqlite;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Storage;

public sealed class SqliteDatabaseTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    private Task<RecSysException> OpenFailsAsync() => Assert.ThrowsAsync<RecSysException>(() => SqliteDatabase.OpenAsync(folder.Path, Ct));

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={folder[SqliteDatabase.FileName]};Pooling=False");
        connection.Execute(sql);
    }

    [Fact]
    public async Task OpenAsync_MissingFolder_CreatesItAndKeepsTheDataForTheNextOpening()
    {
        var nested = folder["a/b"];
        await using (var database = await SqliteDatabase.OpenAsync(nested, Ct))
            await database.EventLog.AppendAsync([new UserPut(Sample.User("u"))], Ct);

        await using var again = await SqliteDatabase.OpenExistingAsync(nested, Ct);

        Assert.Equal(1, (await again.Contents.CountAsync(Ct)).Users);
    }

    [Fact]
    public async Task OpenAsync_SeveralAtOnceOnANewFolder_MigrateOnce()
    {
        var databases = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => SqliteDatabase.Open(folder.Path), Ct)));

        foreach (var database in databases)
        {
            await database.EventLog.AppendAsync([new UserPut(Sample.User("u"))], Ct);
            Assert.Equal(1, (await database.Contents.CountAsync(Ct)).Users);
        }
        foreach (var database in databases) await database.DisposeAsync();
    }

    [Fact]
    public async Task OpenAsync_AnyTableMissing_NamesIt()
    {
        await using (var database = await SqliteDatabase.OpenAsync(folder.Path, Ct))
            await database.EventLog.AppendAsync([new UserPut(Sample.User("u"))], Ct);
        var whole = await File.ReadAllBytesAsync(folder[SqliteDatabase.FileName], Ct);
        string[] tables;
        using (var connection = new SqliteConnection($"Data Source={folder[SqliteDatabase.FileName]};Pooling=False"))
            tables = [.. connection.Query<string>(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'SchemaVersions'")];

        Assert.Contains("log", tables);
        foreach (var table in tables)
        {
            foreach (var file in Directory.GetFiles(folder.Path, "recsys.db*")) File.Delete(file);
            await File.WriteAllBytesAsync(folder[SqliteDatabase.FileName], whole, Ct);
            Execute($"PRAGMA foreign_keys = OFF; DROP TABLE {table}");

            Assert.Contains($"keeps in {table}.", (await OpenFailsAsync()).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task OpenExistingAsync_NoDatabase_SaysToImportAndCreatesNothing()
    {
        var failure = await Assert.ThrowsAsync<RecSysException>(() => SqliteDatabase.OpenExistingAsync(folder["none"], Ct));

        Assert.Contains("No data in", failure.Message, StringComparison.Ordinal);
        Assert.Contains("import", failure.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["none"]));
    }

    [Fact]
    public async Task OpenAsync_FolderBelowAFile_SaysSo()
    {
        folder.Write("file", "");

        var failure = await Assert.ThrowsAsync<RecSysException>(() => SqliteDatabase.OpenAsync(folder["file/data"], Ct));

        Assert.Contains(folder["file/data"], failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_FileThatIsNoDatabase_SaysSoAndLeavesItAlone()
    {
        var path = folder.Write(SqliteDatabase.FileName, new string('x', 5000));

        Assert.Contains("is not a SQLite database", (await OpenFailsAsync()).Message, StringComparison.Ordinal);
        Assert.Equal(new string('x', 5000), await File.ReadAllTextAsync(path, Ct));
    }

    [Fact]
    public async Task OpenAsync_DatabaseIsADirectory_SaysSo()
    {
        Directory.CreateDirectory(folder[SqliteDatabase.FileName]);

        Assert.Contains("cannot be opened", (await OpenFailsAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_DatabaseOfAnotherProgram_SaysSo()
    {
        Execute("CREATE TABLE theirs (x)");

        Assert.Contains("another program", (await OpenFailsAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_NewerSchema_SaysSo()
    {
        await (await SqliteDatabase.OpenAsync(folder.Path, Ct)).DisposeAsync();
        Execute("INSERT INTO SchemaVersions (ScriptName, Applied) VALUES ('9999_future', '2099-01-01')");

        var failure = await OpenFailsAsync();

        Assert.Contains("newer version", failure.Message, StringComparison.Ordinal);
        Assert.Contains("9999_future", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServedRecords_FileOfTheFirstSchema_GoesOnBehindItsLastRecord()
    {
        await using (var database = await SqliteDatabase.OpenAsync(folder.Path, Ct))
            await database.ServedRecords.AppendAsync([Served.Record("first"), Served.Record("second")], Ct);
        using (var connection = new SqliteConnection($"Data Source={folder[SqliteServedFile.FileName]};Pooling=False"))
            connection.Execute("DROP TABLE served_end; PRAGMA user_version = 1");

        await using var again = await SqliteDatabase.OpenAsync(folder.Path, Ct);
        Assert.Equal(2, await again.ServedRecords.ReadEndAsync(Ct));
        await again.ServedRecords.AppendAsync([Served.Record("third")], Ct);

        Assert.Equal(["third"], (await again.ServedRecords.ReadAfterAsync(2, 10, Ct)).Select(stored => stored.Record.RequestId));
    }

    [Fact]
    public async Task Read_DamagedFile_SaysSo()
    {
        await using var database = await SqliteDatabase.OpenAsync(folder.Path, Ct);
        await database.EventLog.AppendAsync([.. Enumerable.Range(0, 2000).Select(i => new UserPut(Sample.User($"user-{i}")))], Ct);
        Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        await database.DisposeAsync();
        await using (var file = File.OpenWrite(folder[SqliteDatabase.FileName]))
        {
            file.Seek(4096, SeekOrigin.Begin);
            file.Write(Enumerable.Repeat((byte)0xA5, (int)file.Length - 4096).ToArray());
        }

        var failure = await Assert.ThrowsAsync<RecSysException>(async () =>
        {
            await using var damaged = await SqliteDatabase.OpenAsync(folder.Path, Ct);
            await damaged.Contents.CountAsync(Ct);
        });

        Assert.Contains("damaged", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AppendAsync_Committed_IsInTheFilesWithoutClosingTheDatabase()
    {
        await using var database = await SqliteDatabase.OpenAsync(folder.Path, Ct);
        await database.EventLog.AppendAsync([new ItemPut(Sample.Item("i"))], Ct);

        // What a killed process leaves behind: the files as they are at this moment.
        using var copy = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(folder.Path, "recsys.db*").Where(file => !file.EndsWith("-shm", StringComparison.Ordinal)))
            File.Copy(file, copy[Path.GetFileName(file)]);

        await using var recovered = await SqliteDatabase.OpenExistingAsync(copy.Path, Ct);
        Assert.Equal(1, (await recovered.EventLog.ReadHeadAsync(Ct)).Position);
    }

    [Fact]
    public async Task AddStorage_WithConfiguration_BuildsEveryStoreOverTheFolder()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create<string, string?>("Storage:DataFolder", folder.Path)]).Build();
        await using var provider = new ServiceCollection().AddStorage(configuration)
            .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });

        await provider.GetRequiredService<IEventLog>().AppendAsync([new UserPut(Sample.User("u"))], Ct);

        Assert.True(File.Exists(folder[SqliteDatabase.FileName]));
        Assert.Equal(1, (await provider.GetRequiredService<IInteractionLogReader>().ReadAsync(null, null, Ct)).Users.Count);
        Assert.NotNull(provider.GetRequiredService<IServedRecordStore>());
    }

    [Fact]
    public void AddStorage_EmptyFolder_IsRefused()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create<string, string?>("Storage:DataFolder", "")]).Build();
        using var provider = new ServiceCollection().AddStorage(configuration).BuildServiceProvider();

        var failure = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IEventLog>);

        Assert.Contains("DataFolder", failure.Message, StringComparison.Ordinal);
    }
}
