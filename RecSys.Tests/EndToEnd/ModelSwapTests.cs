using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Api.Commands.Bench;
using RecSys.Core.Models;
using RecSys.Core.Storage.ModelStates;
using RecSys.Tests.Models;

namespace RecSys.Tests.EndToEnd;

[Collection(ServedCollection.Name)]
public sealed class ModelSwapTests(ServerFixture server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CheckAsync_HundredSwapsUnderLoad_NoReplyFailsOrMixesTwoVersions()
    {
        const int swaps = 100;
        const int workers = 4;
        await using var rig = await SwapRig.StartAsync(Token);

        // What each version says when nothing else happens. A mixed reply would be seen: for everybody the two differ in items and in
        // scores.
        var one = await AskEverybodyAsync(rig, SwapRig.One);
        var other = await AskEverybodyAsync(rig, SwapRig.Other);
        foreach (var user in rig.Users)
        {
            Assert.NotEqual(Field(one[user], "item_id"), Field(other[user], "item_id"));
            Assert.NotEqual(Field(one[user], "score").First(), Field(other[user], "score").First());
            Assert.Equal(20, Field(one[user], "item_id").Length);
        }

        var replies = new ConcurrentBag<(string User, string Version, string Reply)>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var load = Enumerable.Range(0, workers).Select(worker => Task.Run(async () =>
        {
            for (var i = worker; !stop.IsCancellationRequested; i += workers)
            {
                var user = rig.Users[i % rig.Users.Length];
                var (version, reply) = await rig.AskAsync(user, Token);
                replies.Add((user, version, reply));
            }
        }, Token)).ToArray();
        try
        {
            for (var i = 0; i < swaps; i++)
            {
                var before = replies.Count;
                await SwapAsync(rig, i % 2 == 0 ? SwapRig.One : SwapRig.Other);
                // Requests begin before and after every swap, and some are under way meanwhile.
                while (replies.Count < before + 2 * workers && !load.Any(worker => worker.IsCompleted)) await Task.Yield();
            }
        }
        finally
        {
            await stop.CancelAsync();
        }
        await Task.WhenAll(load);

        Assert.True(replies.Count >= 2 * workers * swaps);
        Assert.Equal([SwapRig.One, SwapRig.Other], replies.Select(reply => reply.Version).Distinct().Order(StringComparer.Ordinal));
        Assert.All(replies, reply => Assert.Equal((reply.Version == SwapRig.One ? one : other)[reply.User], reply.Reply));
        // The reference still stands, so nothing but the version can have made a difference.
        Assert.Equal(one, await AskEverybodyAsync(rig, SwapRig.One));
    }

    [Fact]
    public async Task CheckAsync_NewChampionsUnderLoadOverHttp_EachServesAndNoRequestFails()
    {
        using var client = await server.ClientAsync("backend", "recommend:read", "service");
        var registry = server.Services.GetRequiredService<ModelRegistry>();
        var watcher = server.Services.GetRequiredService<ChampionWatcher>();
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var seen = new ConcurrentDictionary<string, int>();
        var load = Enumerable.Range(0, 4).Select(worker => AskAsync(client, worker, seen, done.Token)).ToArray();
        var swapped = new List<string>();
        try
        {
            while (!seen.ContainsKey("v1.0.0") && !load.Any(worker => worker.IsCompleted)) await Task.Delay(5, Token);
            for (var i = 0; i < 5; i++)
            {
                var version = await registry.NextVersionAsync(Token);
                await SwapBench.CopyAsync(registry, "v1.0.0", version, Token);
                await registry.SetChampionAsync(version, Token);
                Assert.True(await watcher.CheckAsync(Token) || Serving() == version);
                swapped.Add(version);
                while (!seen.ContainsKey(version) && !load.Any(worker => worker.IsCompleted)) await Task.Delay(5, Token);
            }
        }
        finally
        {
            await done.CancelAsync();
        }
        await Task.WhenAll(load);

        Assert.Equal([.. swapped.Prepend("v1.0.0").Order(StringComparer.Ordinal)], seen.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(swapped[^1], Serving());
        await RestoreAsync(registry, watcher);
    }

    [Fact]
    public async Task CheckAsync_DamagedChampion_IsRefusedUntilRepairedAndTheOldModelServes()
    {
        using var client = await server.ClientAsync("backend", "recommend:read", "service");
        var registry = server.Services.GetRequiredService<ModelRegistry>();
        var watcher = server.Services.GetRequiredService<ChampionWatcher>();
        var before = Serving();
        var version = await registry.NextVersionAsync(Token);
        await SwapBench.CopyAsync(registry, "v1.0.0", version, Token);
        var tower = Path.Combine(registry.FolderOf(version), BundleFiles.UserTower);
        var sound = await File.ReadAllBytesAsync(tower, Token);
        byte[] damaged = [.. sound];
        damaged[^1] ^= 0x40;
        await File.WriteAllBytesAsync(tower, damaged, Token);
        // The registry would not have it: the damage comes between its look and serving's.
        var states = server.Services.GetRequiredService<IModelStates>();
        (await registry.RegisterAsync(version, ModelState.Staging, null, "test", "copied", Token)).OrThrow();
        var staged = (await states.FindAsync(version, Token))!;
        var moved = await states.MoveAsync(new ModelMove(version, ModelState.Champion, staged.Revision, "test", "chosen"), Token);
        Assert.Equal(ModelChangeOutcome.Done, moved.Outcome);

        Assert.False(await watcher.CheckAsync(Token));

        Assert.Equal(before, Serving());
        using var response = await client.GetAsync($"/recommend?user_id={server.World.Users[0].Id}", Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        await File.WriteAllBytesAsync(tower, sound, Token);
        Assert.True(await watcher.CheckAsync(Token) || Serving() == version);
        await RestoreAsync(registry, watcher);
    }

    private static async Task<Dictionary<string, string>> AskEverybodyAsync(SwapRig rig, string version)
    {
        await SwapAsync(rig, version);
        var replies = new Dictionary<string, string>();
        foreach (var user in rig.Users)
        {
            var (served, reply) = await rig.AskAsync(user, Token);
            Assert.Equal(version, served);
            replies.Add(user, reply);
        }
        return replies;
    }

    private static async Task SwapAsync(SwapRig rig, string version)
    {
        var other = rig.Pool.Champion != version;
        await rig.Registry.SetChampionAsync(version, Token);
        Assert.Equal(other, await rig.Watcher.CheckAsync(Token));
        Assert.Equal(version, rig.Pool.Champion);
    }

    private static string[] Field(string reply, string name)
    {
        using var document = JsonDocument.Parse(reply);
        return [.. document.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty(name).ToString())];
    }

    private string Serving() => server.Services.GetRequiredService<ModelPool<ServingModel>>().Champion!;

    private static async Task RestoreAsync(ModelRegistry registry, ChampionWatcher watcher)
    {
        await registry.SetChampionAsync("v1.0.0", Token);
        await watcher.CheckAsync(Token);
    }

    // The same models under another version: the manifest carries the name, so it is published again.
    private async Task AskAsync(HttpClient client, int worker, ConcurrentDictionary<string, int> seen, CancellationToken stop)
    {
        for (var i = worker; !stop.IsCancellationRequested; i++)
        {
            var user = server.World.Users[i % server.World.Users.Count].Id;
            using var response = await client.GetAsync($"/recommend?user_id={user}&num_items=1", Token);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            using var reply = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
            seen.AddOrUpdate(reply.RootElement.GetProperty("model_version").GetString()!, 1, (_, count) => count + 1);
        }
    }
}
