using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RecSys.Core.Storage;

namespace RecSys.Tests.EndToEnd;

/// <summary>The import verb on the folder of a server that runs: what it stores is served without a restart.</summary>
[Collection(ServedCollection.Name)]
public sealed class ImportBesideServerTests(ServerFixture server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Import_ItemsAndEvents_CountWithoutRestart()
    {
        await using var rig = await ProcessRig.CopyAsync(server);
        await rig.ServeAsync();
        Assert.Equal($"process {rig.Server.Id} at {rig.Server.Address.ToString().TrimEnd('/')}", DataFolderLock.FindHolder(rig.Data));
        var user = server.World.Users[3].Id;
        var (before, _) = await rig.RecommendAsync(user);
        var hidden = before[..5];
        var now = TimeProvider.System.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);
        var items = Path.Combine(rig.Root, "items.jsonl");
        await File.WriteAllLinesAsync(items,
            [JsonSerializer.Serialize(new { id = "imported", title = "New here", category = server.World.Items[0].Category })], Token);
        var events = Path.Combine(rig.Root, "events.jsonl");
        await File.WriteAllLinesAsync(
            events, hidden.Select((item, at) =>
                JsonSerializer.Serialize(new { id = $"hide-{at}", user_id = user, item_id = item, type = "hide", time = now })), Token);

        foreach (var (kind, file) in new[] { ("items", items), ("events", events) })
        {
            var (code, output, error) = await ProcessRig.RunAsync("import", "jsonl", kind, file, "--data", rig.Data);
            Assert.True(code == 0, output + error);
        }

        await ProcessRig.UntilAsync("the user's next list is without what was hidden",
            async () => !(await rig.RecommendAsync(user)).Items.Intersect(hidden).Any());
        await ProcessRig.UntilAsync("the new item is embedded", async () =>
        {
            using var similar = await rig.Client.GetAsync(rig.At("/items/imported/similar"), Token);
            return similar.StatusCode == HttpStatusCode.OK;
        });
        // A post of the same event later is known to the server, too.
        using var posted = await rig.PostAsync(new RecSys.Core.Domain.Event
        {
            Id = "hide-0", UserId = user, ItemId = hidden[0], Type = RecSys.Core.Domain.EventType.Hide,
                Time = TimeProvider.System.GetUtcNow(),
        });
        Assert.Equal(1, (await posted.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("duplicate").GetInt32());
    }

    [Fact]
    public async Task Serve_FolderOfAnotherServer_IsRefusedByName()
    {
        await using var rig = await ProcessRig.CopyAsync(server);
        await rig.ServeAsync();

        var (code, _, error) = await ProcessRig.RunAsync("serve", "--data", rig.Data, "--port", "0");

        Assert.Equal(1, code);
        Assert.Contains($"in use by a server (process {rig.Server.Id} at ", error, StringComparison.Ordinal);
    }
}
