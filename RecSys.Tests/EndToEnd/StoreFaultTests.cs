using System.Net;
using Dapper;
using Microsoft.Data.Sqlite;
using RecSys.Core.Domain;
using RecSys.Core.Storage.Sqlite;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.EndToEnd;

/// <summary>
/// A server process whose store fails under it: lists go on, memory and log stay small, posts are refused and taken again afterwards.
/// </summary>
[Collection(ServedCollection.Name)]
public sealed class StoreFaultTests(ServerFixture server)
{
    private const int Requests = 3000;
    private const int AtOnce = 8;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DatabaseLockedByAnotherProcess_MemoryIsBoundedAndListsGoOn()
    {
        await using var rig = await ProcessRig.CopyAsync(server);
        await rig.ServeAsync();
        await AskAsync(rig, 600);
        var before = rig.Server.ResidentBytes;
        using (Locked(rig, SqliteDatabase.FileName))
        using (Locked(rig, SqliteServedFile.FileName))
        {
            await AskAsync(rig, Requests);

            // A context with its matrix is a quarter of a megabyte: as many as requests would be 700.
            Assert.True(rig.Server.ResidentBytes - before < 200L << 20, $"{(rig.Server.ResidentBytes - before) >> 20} MB more");
            using var refused = await rig.PostAsync(Click("while locked"));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
        }
        await TakenAgainAsync(rig);
        AssertFewLines(rig);
    }

    [Fact]
    public async Task DatabaseFileDeleted_PostsAreRefusedListsGoOnAndNoNewFileAppears()
    {
        await using var rig = await ProcessRig.CopyAsync(server);
        await rig.ServeAsync();
        using (var taken = await rig.PostAsync(Click("0"))) Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
        foreach (var file in Directory.GetFiles(rig.Data, "recsys.db*")) File.Delete(file);

        // Refused for now, not rejected for good: the client keeps it and sends it again.
        using var refused = await rig.PostAsync(Click("1"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        await ProcessRig.UntilAsync("the log says why",
            () => Task.FromResult(rig.Server.Lines.Any(line => line.Contains("is gone", StringComparison.Ordinal))));
        await AskAsync(rig, 50);
        Assert.Empty(Directory.GetFiles(rig.Data, "recsys.db"));
        AssertFewLines(rig);
    }

    [Fact]
    public async Task DiskFull_PostsAreRefusedListsGoOnAndTheLogStaysShort()
    {
        using var disk = SmallDisk.Mount(192);
        await using var rig = await ProcessRig.CopyAsync(server, disk.Path);
        await rig.ServeAsync();
        await AskAsync(rig, 20);
        disk.Fill();

        await ProcessRig.UntilAsync("the disk is full for a post", async () =>
        {
            using var response = await rig.PostAsync([.. Enumerable.Range(0, 500).Select(_ => Click(Guid.NewGuid().ToString()))]);
            Assert.True(response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.Accepted, $"{response.StatusCode}");
            return response.StatusCode == HttpStatusCode.ServiceUnavailable;
        });
        for (var i = 0; i < 100; i++)
        {
            using var response = await rig.PostAsync([.. Enumerable.Range(0, 200).Select(_ => Click(Guid.NewGuid().ToString()))]);
            Assert.True(response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.Accepted, $"{response.StatusCode}");
        }
        await AskAsync(rig, 1000);

        AssertFewLines(rig);
        disk.Free();
        await TakenAgainAsync(rig);
    }

    [Fact]
    public async Task Train_DiskFull_SaysSo()
    {
        using var disk = SmallDisk.Mount(192);
        await using var rig = await ProcessRig.CopyAsync(server, disk.Path);
        // Other tests on the server that was copied may have published versions, too.
        var before = Directory.GetDirectories(Path.Combine(disk.Path, "models")).Order(StringComparer.Ordinal).ToArray();
        // Enough to open the database, too little for a bundle.
        disk.Fill(leave: 256 * 1024);

        var (code, output, error) = await ProcessRig.RunAsync(
            "train", "--data", disk.Path, "--set", "Training:Towers:MaxEpochs=1", "--set", "Training:Ranker:NumTrees=10", "--set",
            "Training:ChoiceRanker:NumTrees=10");

        Assert.True(code == 1, output + error);
        Assert.Contains("No space left", Assert.Single(error.Split('\n'), line => line.StartsWith("error: ", StringComparison.Ordinal)),
            StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.NotEmpty(before);
        Assert.Equal(before, Directory.GetDirectories(Path.Combine(disk.Path, "models")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task UserWhoHasSeenEverything_GetsRepeatsAndNeverAnEmptyList()
    {
        await using var rig = await ProcessRig.CopyAsync(server);
        await rig.ServeAsync();
        const string User = "has-seen-it-all";
        var now = TimeProvider.System.GetUtcNow();
        foreach (var part in server.World.Items.Chunk(500))
        {
            using var response = await rig.PostAsync(
                [.. part.Select(item =>
                new Event { Id = $"seen-{item.Id}", UserId = User, ItemId = item.Id, Type = EventType.Impression, Time = now })]);
            Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        }

        await ProcessRig.UntilAsync("the reply says that it repeats", async () =>
        {
            var (items, reply) = await rig.RecommendAsync(User);
            Assert.NotEmpty(items);
            return reply.GetProperty("degraded").EnumerateArray().Any(level => level.GetString() == "repeats");
        });
    }

    [Fact]
    public async Task Serve_ErasureThatAKillInterrupted_IsFinished()
    {
        await using var rig = await ProcessRig.CopyAsync(server);
        var user = server.World.Users[5].Id;
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(rig.Data, SqliteDatabase.FileName)};Pooling=False"))
        {
            // As the erasure's own commit leaves it: marked, and nothing stripped yet.
            Assert.Equal(1, await connection.ExecuteAsync("INSERT INTO erased (id, position, pending) VALUES (@user, 1, 1)", new { user }));
        }
        Assert.NotEqual(0, await EventsOfAsync());

        await rig.ServeAsync();

        await ProcessRig.UntilAsync("the user's name is gone from the log", async () => await EventsOfAsync() == 0);

        async Task<int> EventsOfAsync()
        {
            await using var database = await SqliteDatabase.OpenExistingAsync(rig.Data, Token);
            return await database.EventLog.ReadAfterAsync(0, Token)
                .CountAsync(entry => entry.Change is EventChange change && change.Event.UserId == user, Token);
        }
    }

    [Fact]
    public async Task Serve_EmptyDatabase_SaysWhatToDo()
    {
        await using var rig = await ProcessRig.CopyAsync(server);
        foreach (var file in Directory.GetFiles(rig.Data, "recsys.db*")) File.Delete(file);
        await File.WriteAllBytesAsync(Path.Combine(rig.Data, SqliteDatabase.FileName), [], Token);

        var (code, _, error) = await ProcessRig.RunAsync("serve", "--data", rig.Data, "--port", "0");

        Assert.Equal(1, code);
        Assert.Contains("import", Assert.Single(error.Split('\n'), line => line.StartsWith("error: ", StringComparison.Ordinal)),
            StringComparison.Ordinal);
        Assert.Equal(0, new FileInfo(Path.Combine(rig.Data, SqliteDatabase.FileName)).Length);
    }

    // A report has a trace behind it; 30 reports of four causes or so are no flood, one per request would be thousands.
    private static void AssertFewLines(ProcessRig rig)
    {
        var reports = rig.Server.Lines.Where(line => line.StartsWith("fail: ", StringComparison.Ordinal)
            || line.StartsWith("warn: ", StringComparison.Ordinal) || line.StartsWith("crit: ", StringComparison.Ordinal)).ToList();
        Assert.True(reports.Count <= 12, string.Join('\n', reports));
    }

    private static async Task TakenAgainAsync(ProcessRig rig) => await ProcessRig.UntilAsync("posts are taken again", async () =>
    {
        using var response = await rig.PostAsync(
            new Event { Id = "again", UserId = "u", ItemId = "i", Type = EventType.Click, Time = TimeProvider.System.GetUtcNow() });
        return response.StatusCode == HttpStatusCode.Accepted;
    });

    private static SqliteConnection Locked(ProcessRig rig, string name)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(rig.Data, name)};Pooling=False");
        connection.Open();
        connection.Execute("BEGIN IMMEDIATE");
        return connection;
    }

    private async Task AskAsync(ProcessRig rig, int times) => await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async worker =>
    {
        for (var i = worker; i < times; i += AtOnce)
        {
            using var response = await rig.Client.GetAsync(
                rig.At($"/recommend?user_id={server.World.Users[i % server.World.Users.Count].Id}&num_items=5"), Token);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }));

    private Event Click(string id) => new()
    {
        Id = id, UserId = server.World.Users[0].Id, ItemId = server.World.Items[0].Id, Type = EventType.Click,
            Time = TimeProvider.System.GetUtcNow(),
    };
}
