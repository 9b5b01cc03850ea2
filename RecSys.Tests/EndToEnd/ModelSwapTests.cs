using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Api.Hosting;
using RecSys.Core.Models;

using RecSys.Tests.Retrieval;

namespace RecSys.Tests.EndToEnd;

[Collection(TorchCollection.Name)]
public sealed class ModelSwapTests(ServerFixture server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CheckAsync_NewChampionsUnderLoad_NoRequestFailsAndEachSeesOneVersion()
    {
        using var client = await server.ClientAsync("backend", "recommend:read", "service");
        var registry = new ModelRegistry(new ServerSettings(server.DataFolder).ModelsFolder);
        var watcher = server.Services.GetRequiredService<ChampionWatcher>();
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var load = Enumerable.Range(0, 4).Select(worker => AskAsync(client, worker, done.Token)).ToArray();
        var swapped = new List<string>();
        try
        {
            for (var i = 0; i < 5; i++)
            {
                var version = registry.NextVersion();
                await CopyAsync(registry, "v1.0.0", version);
                await registry.SetChampionAsync(version, Token);
                Assert.True(await watcher.CheckAsync(Token) || Serving() == version);
                swapped.Add(version);
            }
        }
        finally
        {
            await done.CancelAsync();
        }

        var seen = (await Task.WhenAll(load)).SelectMany(versions => versions).ToHashSet();
        Assert.Subset(new HashSet<string>(swapped) { "v1.0.0" }, seen);
        Assert.Equal(swapped[^1], Serving());
        await RestoreAsync(registry, watcher);
    }

    [Fact]
    public async Task CheckAsync_DamagedChampion_IsRefusedAndTheOldModelServes()
    {
        using var client = await server.ClientAsync("backend", "recommend:read", "service");
        var registry = new ModelRegistry(new ServerSettings(server.DataFolder).ModelsFolder);
        var watcher = server.Services.GetRequiredService<ChampionWatcher>();
        var before = Serving();
        var version = registry.NextVersion();
        await CopyAsync(registry, "v1.0.0", version);
        var tower = Path.Combine(registry.FolderOf(version), BundleFiles.UserTower);
        var bytes = await File.ReadAllBytesAsync(tower, Token);
        bytes[^1] ^= 0x40;
        await File.WriteAllBytesAsync(tower, bytes, Token);
        await registry.SetChampionAsync(version, Token);

        Assert.False(await watcher.CheckAsync(Token));

        Assert.Equal(before, Serving());
        using var response = await client.GetAsync($"/recommend?user_id={server.World.Users[0].Id}", Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await RestoreAsync(registry, watcher);
    }

    private string Serving()
    {
        using var lease = server.Services.GetRequiredService<ModelPool<ServingModel>>().AcquireChampion();
        return lease.Model.Bundle.Manifest.Version;
    }

    private static async Task RestoreAsync(ModelRegistry registry, ChampionWatcher watcher)
    {
        await registry.SetChampionAsync("v1.0.0", Token);
        await watcher.CheckAsync(Token);
    }

    // The same models under another version: the manifest carries the name, so it is published again.
    private static async Task CopyAsync(ModelRegistry registry, string from, string to)
    {
        var source = registry.FolderOf(from);
        var manifest = await BundleManifest.ReadAsync(source, Token);
        await BundlePublisher.PublishAsync(registry.ModelsRoot, to, folder =>
        {
            foreach (var name in manifest.Files.Keys) File.Copy(Path.Combine(source, name), Path.Combine(folder, name));
            return Task.CompletedTask;
        }, manifest, Token);
    }

    private async Task<List<string>> AskAsync(HttpClient client, int worker, CancellationToken stop)
    {
        var versions = new List<string>();
        for (var i = worker; !stop.IsCancellationRequested; i++)
        {
            using var response = await client.GetAsync($"/recommend?user_id={server.World.Users[i % server.World.Users.Count].Id}&num_items=1", Token);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            using var reply = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
            versions.Add(reply.RootElement.GetProperty("model_version").GetString()!);
        }
        return versions;
    }
}
