using System.Collections.Concurrent;
using System.Net;
using Dapper;
using Microsoft.Data.Sqlite;
using RecSys.Api.Hosting;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Storage.Sqlite;

namespace RecSys.Tests.EndToEnd;

/// <summary>The verbs <c>backup</c> and <c>restore</c> with real processes, and folders of the version before.</summary>
[Collection(ServedCollection.Name)]
public sealed class BackupRestoreTests(ServerFixture server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task BackupUnderLoad_RestoredElsewhere_ServesAllThatWasAcknowledgedBefore()
    {
        await using var rig = await ProcessRig.CopyAsync(server);
        await rig.ServeAsync(null, "--set", "Events:SnapshotMinutes=0.02");
        var (acknowledged, next) = (new ConcurrentQueue<string>(), 0);
        using var stop = new CancellationTokenSource();
        var posting = Enumerable.Range(0, 2).Select(async _ =>
        {
            while (!stop.IsCancellationRequested)
            {
                var events = Enumerable.Range(0, 10).Select(_ => Click($"b-{Interlocked.Increment(ref next)}")).ToArray();
                using var response = await rig.PostAsync(events);
                Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
                foreach (var e in events) acknowledged.Enqueue(e.Id);
            }
        }).ToList();
        await ProcessRig.UntilAsync("posts are taken", () => Task.FromResult(acknowledged.Count > 200));

        var before = acknowledged.ToArray();
        var (code, output, error) = await ProcessRig.RunAsync("backup", Path.Combine(rig.Root, "backup"), "--data", rig.Data);
        Assert.True(code == 0, output + error);
        await ProcessRig.UntilAsync("posts went on meanwhile and behind it",
            () => Task.FromResult(acknowledged.Count > before.Length + 50));
        await stop.CancelAsync();
        await Task.WhenAll(posting);
        // A restore over the folder of a running server is refused.
        Assert.Contains("in use by a server",
            (await ProcessRig.RunAsync("restore", Path.Combine(rig.Root, "backup"), "--data", rig.Data)).Error, StringComparison.Ordinal);
        await rig.StopAsync();

        var other = Path.Combine(rig.Root, "other");
        (code, output, error) = await ProcessRig.RunAsync("restore", Path.Combine(rig.Root, "backup"), "--data", other);
        Assert.True(code == 0, output + error);
        // Snapshots of the folder that the backup is of are of another epoch: what is behind the fork must not come back with them.
        await ProcessRig.RunProcessAsync("cp", ["-r", Path.Combine(rig.Data, StateSnapshots.FolderName), other]);
        var foreign = Directory.GetDirectories(Path.Combine(other, StateSnapshots.FolderName)).Select(Path.GetFileName).ToList();
        Assert.NotEmpty(foreign);
        await rig.ServeAsync(other);
        using (var response = await rig.PostAsync(Click("after"))) Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.NotEmpty((await rig.RecommendAsync(server.World.Users[0].Id)).Items);
        await rig.StopAsync();

        await using var old = await SqliteDatabase.OpenExistingAsync(rig.Data, Token);
        await using var restored = await SqliteDatabase.OpenExistingAsync(other, Token);
        var ids = await restored.EventLog.ReadAfterAsync(0, Token).Select(entry => (entry.Change as EventChange)?.Event.Id)
            .ToListAsync(Token);
        Assert.Empty(before.Except(ids!));
        Assert.Single(ids, "after");
        var epoch = (await restored.EventLog.ReadHeadAsync(Token)).Epoch;
        Assert.True(epoch > (await old.EventLog.ReadHeadAsync(Token)).Epoch);
        var audit = await new StateAudit(restored, new EventOptions(), ServingState.Folds).RunAsync(Token);
        Assert.Empty(audit.Differing);
        Assert.True(audit.SnapshotPosition > 0);
        Assert.Contains(Directory.GetDirectories(Path.Combine(other, StateSnapshots.FolderName)),
            path => Path.GetFileName(path).StartsWith($"{epoch}-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Serve_FolderOfTheVersionBefore_IsMigratedAndServes()
    {
        await using var rig = await ProcessRig.CopyAsync(server);
        foreach (var file in Directory.GetFiles(rig.Data, "recsys.db*")) File.Delete(file);
        WriteOld(Path.Combine(rig.Data, SqliteDatabase.FileName));
        // Which model serves stood in a file then.
        var pointer = Path.Combine(rig.Data, "models", "champion.json");
        await File.WriteAllTextAsync(
            pointer, """{"version":"v1.0.0","previous":null,"since":"2026-01-01T00:00:00+00:00"}""", Token);

        await rig.ServeAsync();

        var (items, reply) = await rig.RecommendAsync(server.World.Users[0].Id);
        Assert.Equal(20, items.Length);
        Assert.Equal(0, reply.GetProperty("degraded").GetArrayLength());
        using (var response = await rig.PostAsync(Click("new"))) Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await rig.StopAsync();
        await using var database = await SqliteDatabase.OpenExistingAsync(rig.Data, Token);
        var counts = await database.Contents.CountAsync(Token);
        Assert.Equal("v1.0.0", (await database.Models.ReadChampionAsync(Token))!.Version);
        Assert.False(File.Exists(pointer));
        Assert.Equal((server.World.Items.Count, server.World.Users.Count, OldEvents + 1), (counts.Items, counts.Users, counts.Events));
        Assert.Empty((await new StateAudit(database, new EventOptions(), ServingState.Folds).RunAsync(Token)).Differing);
    }

    private const int OldEvents = 2000;

    // The schema as the program before this one made it: its scripts and its journal.
    private void WriteOld(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        connection.Execute("PRAGMA journal_mode = WAL");
        connection.Execute("CREATE TABLE SchemaVersions (SchemaVersionID INTEGER CONSTRAINT 'PK_SchemaVersions_SchemaVersionID' PRIMARY KEY AUTOINCREMENT NOT NULL, ScriptName TEXT NOT NULL, Applied DATETIME NOT NULL)");
        foreach (var name in (string[])["0001_initial", "0002_served_features"])
        {
            using var script =
                new StreamReader(typeof(SqliteDatabase).Assembly.GetManifestResourceStream($"Sqlite/Migrations/{name}.sql")!);
            connection.Execute(script.ReadToEnd());
            connection.Execute("INSERT INTO SchemaVersions (ScriptName, Applied) VALUES (@name, '2026-01-01')", new { name });
        }
        using var transaction = connection.BeginTransaction();
        connection.Execute(
            "INSERT INTO items (ordinal, id, title, category, available, flagged) VALUES (@at, @Id, @Title, @Category, 1, 0)",
            server.World.Items.Select((item, at) => new { at, item.Id, item.Title, item.Category }), transaction);
        connection.Execute("INSERT INTO users (ordinal, id) VALUES (@at, @Id)",
            server.World.Users.Select((user, at) => new { at, user.Id }), transaction);
        var start = TimeProvider.System.GetUtcNow().AddDays(-2).ToUnixTimeMilliseconds();
        connection.Execute(
            "INSERT INTO events (sequence, id, user_id, item_id, type, time_ms) VALUES (@at, @id, @user, @item, 1, @time)",
            Enumerable.Range(1, OldEvents).Select(at => new
            {
                at, id = $"old-{at}", user = server.World.Users[at % server.World.Users.Count].Id,
                    item = server.World.Items[at * 7 % server.World.Items.Count].Id, time = start + at * 1000L,
            }),
            transaction);
        transaction.Commit();
    }

    private Event Click(string id) => new()
    {
        Id = id, UserId = server.World.Users[StableHash.Of(id) % (ulong)server.World.Users.Count is var u ? (int)u : 0].Id,
            ItemId = server.World.Items[(int)(StableHash.Of(id, 1) % (ulong)server.World.Items.Count)].Id,
        Type = EventType.Click, Time = TimeProvider.System.GetUtcNow(),
    };
}
