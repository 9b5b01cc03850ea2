using Microsoft.Extensions.Time.Testing;
using RecSys.Core.Domain;
using RecSys.Core.Import.Meaning;
using RecSys.Core.Storage;
using RecSys.Core.Storage.Backup;
using RecSys.Core.Storage.Sqlite;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Storage.Backup;

public sealed class DataFolderBackupTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider clock = new(Sample.Noon);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Data => folder["data"];
    private string Target => folder["backup"];

    public void Dispose() => folder.Dispose();

    private DataFolderBackup Backup() => new(clock);

    private SqliteDatabase Open() => SqliteDatabase.Open(Data, clock);

    private static EventChange Event(string id, string user = "u") => new(Sample.Event(id, user: user));

    private async Task FillAsync()
    {
        await using var database = Open();
        await database.EventLog.AppendAsync([new ItemPut(Sample.Item("i")), new UserPut(Sample.User("u")), Event("1"), Event("2", "v")],
            Ct);
        await database.ServedRecords.AppendAsync([Served.Record("r")], Ct);
        folder.Write("data/models/v1/manifest.json", "{}");
        folder.Write("data/models/.v2.tmp/manifest.json", "torn");
    }

    [Fact]
    public async Task RestoreAsync_WhatEventsMean_ComesBackWithThem()
    {
        await FillAsync();
        string[] files = [MeaningFile.PathOf(Data), MeaningFile.GivenPathOf(Data), MeaningFile.ScalePathOf(Data),
            MeaningFile.PostedPathOf(Data)];
        foreach (var path in files) folder.Write(Path.GetRelativePath(folder.Path, path), path);
        await Backup().CreateAsync(Data, Target, null, Ct);
        foreach (var path in files) File.Delete(path);

        await Backup().RestoreAsync(Target, Data, Ct);

        Assert.Equal(4, files.Length);
        foreach (var path in files) Assert.Equal(path, await File.ReadAllTextAsync(path, Ct));
    }

    [Fact]
    public async Task RestoreAsync_AfterChanges_GivesTheLogOfTheBackupInANewEpochAndKeepsTheOldFolder()
    {
        await FillAsync();
        var manifest = await Backup().CreateAsync(Data, Target, null, Ct);
        List<LogEntry> before;
        await using (var database = Open())
        {
            before = await database.EventLog.ReadAfterAsync(0, Ct).ToListAsync(Ct);
            await database.EventLog.AppendAsync([Event("3")], Ct);
        }
        folder.Write("data/models/v1/manifest.json", "changed");

        var kept = await Backup().RestoreAsync(Target, Data, Ct);

        Assert.Equal(4, manifest.Position);
        await using (var restored = Open())
        {
            Sample.AssertSame(before, await restored.EventLog.ReadAfterAsync(0, Ct).ToListAsync(Ct));
            var head = await restored.EventLog.ReadHeadAsync(Ct);
            Assert.True(head.Epoch > manifest.Epoch);
            Assert.Equal("r", (await restored.ServedRecords.GetAsync("r", Ct))!.RequestId);
            Assert.Equal([5L, 3L],
                (await restored.EventLog.AppendAsync([Event("3"), Event("1")], Ct)).Results.Select(result => result.Position));
        }
        Assert.Equal("{}", await File.ReadAllTextAsync(folder["data/models/v1/manifest.json"], Ct));
        Assert.False(Directory.Exists(folder["data/models/.v2.tmp"]));
        await using var old = SqliteDatabase.Open(kept!, clock);
        Assert.Equal(5, (await old.EventLog.ReadHeadAsync(Ct)).Position);
    }

    [Fact]
    public async Task RestoreAsync_UserErasedSinceTheBackup_IsErasedAgain()
    {
        await FillAsync();
        await Backup().CreateAsync(Data, Target, null, Ct);
        await using (var database = Open()) await database.EventLog.AppendAsync([new UserErasure("u")], Ct);

        await Backup().RestoreAsync(Target, Data, Ct);

        await using var restored = Open();
        Assert.Null(await restored.Contents.FindUserAsync("u", Ct));
        Assert.Null(await restored.ServedRecords.GetAsync("r", Ct));
        Assert.Equal(["", "v"],
            (await restored.EventLog.ReadAfterAsync(0, Ct).ToListAsync(Ct)).Select(entry => entry.Change).OfType<EventChange>()
            .Select(change => change.Event.UserId));
    }

    // Writers go on while the copy is made; whatever moment it shows, it is a prefix of the log without a gap.
    [Fact]
    public async Task CreateAsync_WhileOthersAppend_IsTheLogOfOneMoment()
    {
        await FillAsync();
        await using var database = Open();
        using var stop = new CancellationTokenSource();
        var appending = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
                await database.EventLog.AppendAsync([.. Enumerable.Range(0, 50).Select(j => Event($"{i}-{j}"))], Ct);
        }, Ct);
        var manifests = new List<BackupManifest>();
        for (var round = 0; round < 3; round++)
        {
            manifests.Add(await Backup().CreateAsync(Data, $"{Target}{round}", null, Ct));
            await LogGrowsBeyondAsync(database, manifests[^1].Position, appending);
        }
        await stop.CancelAsync();
        await appending;

        var all = await database.EventLog.ReadAfterAsync(0, Ct).ToListAsync(Ct);
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(manifests[round].Position, (await DataFolderBackup.VerifyAsync($"{Target}{round}", Ct)).Position);
            await Backup().RestoreAsync($"{Target}{round}", folder[$"copy{round}"], Ct);
            await using var copy = SqliteDatabase.Open(folder[$"copy{round}"], clock);
            Sample.AssertSame(all[..(int)manifests[round].Position], await copy.EventLog.ReadAfterAsync(0, Ct).ToListAsync(Ct));
        }
        Assert.True(manifests[2].Position > manifests[0].Position);
    }

    // However busy the machine is, something is appended between two backups.
    private static async Task LogGrowsBeyondAsync(SqliteDatabase database, long position, Task appending)
    {
        while ((await database.EventLog.ReadHeadAsync(Ct)).Position <= position)
        {
            if (appending.IsFaulted) await appending;
            await Task.Delay(5, Ct);
        }
    }

    [Fact]
    public async Task VerifyAsync_DamagedOrIncompleteBackups_NameWhatIsWrongAndRestoreNothing()
    {
        await FillAsync();
        await Backup().CreateAsync(Data, Target, null, Ct);
        var path = Path.Combine(Target, SqliteDatabase.FileName);
        var content = await File.ReadAllBytesAsync(path, Ct);
        content[content.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, content, Ct);

        Assert.Contains(path, (await FailsAsync()).Message, StringComparison.Ordinal);
        File.Delete(path);
        Assert.Contains("is missing", (await FailsAsync()).Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(Target, "backup.json"), "{\"format\":2,\"files\":[]}", Ct);
        Assert.Contains("format 2", (await FailsAsync()).Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(Target, "backup.json"), "{", Ct);
        Assert.Contains("is damaged", (await FailsAsync()).Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(Target, "backup.json"));
        Assert.Contains("no complete backup", (await FailsAsync()).Message, StringComparison.Ordinal);
        await using var database = Open();
        Assert.Equal(4, (await database.EventLog.ReadHeadAsync(Ct)).Position);

        Task<RecSysException> FailsAsync() => Assert.ThrowsAsync<RecSysException>(() => Backup().RestoreAsync(Target, Data, Ct));
    }

    [Fact]
    public async Task RestoreAsync_FolderOfARunningServer_IsRefused()
    {
        await FillAsync();
        await Backup().CreateAsync(Data, Target, null, Ct);
        using (var held = DataFolderLock.Take(Data))
        {
            held.Announce("http://localhost:1");
            var failure = await Assert.ThrowsAsync<RecSysException>(() => Backup().RestoreAsync(Target, Data, Ct));
            Assert.Contains($"process {Environment.ProcessId} at http://localhost:1", failure.Message, StringComparison.Ordinal);
            Assert.Throws<RecSysException>(() => DataFolderLock.Take(Data));
        }

        Assert.Null(DataFolderLock.FindHolder(Data));
        Assert.NotNull(await Backup().RestoreAsync(Target, Data, Ct));
        await Assert.ThrowsAsync<RecSysException>(() => Backup().CreateAsync(Data, Target, null, Ct));
    }
}
