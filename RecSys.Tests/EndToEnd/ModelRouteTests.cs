using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Api.Hosting.Audit;
using RecSys.Core.Models;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.EndToEnd;

/// <summary>Models as an administrator handles them, over HTTP and on the command line, on a server that goes on serving.</summary>
[Collection(ServedCollection.Name)]
public sealed class ModelRouteTests(ServerFixture server) : IAsyncLifetime
{
    private HttpClient admin = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ModelRegistry Registry => server.Services.GetRequiredService<ModelRegistry>();

    private string? Serving => server.Services.GetRequiredService<ModelPool<ServingModel>>().Champion;

    public async ValueTask InitializeAsync() => admin = await server.ClientAsync("root", "admin");

    public async ValueTask DisposeAsync()
    {
        await server.Services.ServeFirstAsync();
        admin.Dispose();
    }

    [Fact]
    public async Task Promote_StagedVersion_ServesWhenItIsAnsweredAndRollbackGoesBack()
    {
        var version = await Registry.StageCopyAsync();
        var before = Serving;

        var promoted = await ChangeAsync($"/models/{version}:promote", """{"reason":"looks good"}""");

        Assert.Equal(HttpStatusCode.OK, promoted.Status);
        Assert.Equal((version, "champion", version, version),
            (promoted.String("version"), promoted.String("state"), promoted.String("champion"), promoted.String("serving")));
        Assert.Equal(version, Serving);
        var details = await admin.CallAsync("GET", $"/models/{version}");
        var history = details.Body.GetProperty("history").EnumerateArray().ToArray();
        Assert.Equal(("staging", "champion", "looks good"), (history[0].GetProperty("from").GetString(),
            history[0].GetProperty("to").GetString(), history[0].GetProperty("reason").GetString()));
        Assert.Equal(server.Services.GetRequiredService<Pseudonyms>().Of("root"), history[0].GetProperty("actor").GetString());
        Assert.Equal("champion", details.Body.GetProperty("model").GetProperty("in_memory").GetString());
        Assert.Equal(before, details.Body.GetProperty("model").GetProperty("lineage").GetProperty("predecessor").GetString());
        Assert.Equal("missing", details.String("signature"));

        var back = await ChangeAsync($"/models/{version}:rollback");
        Assert.Equal((HttpStatusCode.OK, before, before), (back.Status, back.String("version"), back.String("serving")));
        Assert.Equal(before, Serving);
        Assert.Equal(HttpStatusCode.Conflict, (await ChangeAsync($"/models/{version}:rollback")).Status);
        Assert.Contains("POST", await File.ReadAllTextAsync(Path.Combine(server.DataFolder, AuditLog.FileName), Token),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Promote_DamagedBundle_IsRefusedBeforeTheStoreChanges()
    {
        var version = await Registry.StageCopyAsync();
        var tower = Path.Combine(Registry.FolderOf(version), BundleFiles.UserTower);
        var bytes = await File.ReadAllBytesAsync(tower, Token);
        bytes[^1] ^= 0x40;
        await File.WriteAllBytesAsync(tower, bytes, Token);
        var (before, champion) = (Serving, await Registry.ReadChampionAsync(Token));

        var refused = await ChangeAsync($"/models/{version}:promote");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("sha256", refused.String("detail"), StringComparison.Ordinal);
        Assert.Equal((before, champion), (Serving, await Registry.ReadChampionAsync(Token)));
        Assert.Equal("refused", (await admin.CallAsync("GET", $"/models/{version}")).Body.GetProperty("model").GetProperty("in_memory")
            .GetString());
    }

    [Fact]
    public async Task Promote_IfMatch_ComparesTheRevision()
    {
        var version = await Registry.StageCopyAsync();
        var revision = (await Registry.DescribeAsync(version, Token)).Record!.Revision;

        var lost = await ChangeAsync($"/models/{version}:promote", match: $"\"{revision - 1}\"");
        var bad = await ChangeAsync($"/models/{version}:promote", match: "\"x\"");
        var stillLive = server.Services.GetRequiredService<ModelPool<ServingModel>>().IsLive(version);
        var won = await ChangeAsync($"/models/{version}:promote", match: $"\"{revision}\"");

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.BadRequest, HttpStatusCode.OK), (lost.Status, bad.Status, won.Status));
        Assert.False(stillLive);
    }

    [Fact]
    public async Task Quarantine_Champion_NeedsAReasonAndGivesThePlaceBack()
    {
        var version = await Registry.StageCopyAsync();
        var before = Serving;
        await ChangeAsync($"/models/{version}:promote");

        Assert.Equal(HttpStatusCode.BadRequest, (await ChangeAsync($"/models/{version}:quarantine", "{}")).Status);
        var done = await ChangeAsync($"/models/{version}:quarantine", """{"reason":"answers nonsense"}""");

        Assert.Equal((HttpStatusCode.OK, before, before), (done.Status, done.String("version"), done.String("serving")));
        var refused = await ChangeAsync($"/models/{version}:promote");
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("quarantined (", refused.String("detail"), StringComparison.Ordinal);
        Assert.Equal("quarantined", (await Registry.DescribeAsync(version, Token)).StateName);
    }

    [Fact]
    public async Task List_Pages_ShowEveryVersionOnceAndWhatServes()
    {
        await Registry.StageCopyAsync();
        var all = (await Registry.ListAsync(Token)).Select(version => version.Version).ToList();
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await admin.CallAsync("GET", $"/models?limit=2{(cursor is null ? "" : $"&cursor={cursor}")}");
            Assert.Equal((Serving, Serving), (page.String("champion"), page.String("serving")));
            seen.AddRange(page.Body.GetProperty("models").EnumerateArray().Select(model => model.GetProperty("version").GetString()!));
            cursor = page.Body.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);

        Assert.Equal(all, seen);
        foreach (var path in (string[])["/models/v9.9.9", "/models/..%2Fx", "/models/UPPER"])
            Assert.Equal(HttpStatusCode.NotFound, (await admin.CallAsync("GET", path)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await admin.CallAsync("GET", "/models?state=champion")).Status);
    }

    [Fact]
    public async Task Commands_BesideARunningServer_SayWhatTheRegistrySays()
    {
        var version = await Registry.StageCopyAsync();

        var list = await RunAsync("list");
        var items = server.Manifest.ItemCount;
        Assert.Matches($"(?m)^\\* +{Serving} +champion +\\d{{4}}-.*valid +{items} items +own auc 0\\.", list);
        Assert.Matches($"(?m)^ +{version} +staging ", list);
        using (var json = JsonDocument.Parse(await RunAsync("list", "--json")))
            Assert.Equal(Serving, json.RootElement.GetProperty("champion").GetString());
        Assert.Matches("(?m)^parent +v1\\.", await RunAsync("show", version));
        Assert.Matches($"(?m)^{version} +staging +sound +signature missing$", await RunAsync("verify", version));

        Assert.Equal($"{version} is champion.\n", await RunAsync("promote", version, "--reason", "a test"));
        Assert.True(await server.Services.GetRequiredService<ChampionWatcher>().CheckAsync(Token) || Serving == version);
        Assert.Equal(version, Serving);
        var (refused, _, why) = await ProcessRig.RunAsync(["models", "rollback", "--reason", "two\nlines", "--data", server.DataFolder]);
        Assert.True(refused != 0 && why.Contains("--reason takes 1 to 500 characters on one line", StringComparison.Ordinal), why);
        Assert.Matches($"is champion again; {version} is retired", await RunAsync("rollback"));
        Assert.Matches($"{version} \\(retired\\) would be deleted", await RunAsync("gc", "--keep", "0", "--dry-run"));
        Assert.Contains("is quarantined.", await RunAsync("quarantine", version, "--reason", "a test"), StringComparison.Ordinal);
        Assert.DoesNotContain(version, await RunAsync("gc", "--keep", "0", "--dry-run"), StringComparison.Ordinal);
        Assert.Contains("is staged.", await RunAsync("release", version, "--reason", "a test"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diff_TwoVersions_NamesWhatDiffers()
    {
        var version = await Registry.StageCopyAsync(manifest => manifest with
        {
            GitCommit = "other",
            Metrics = new Dictionary<string, double>(manifest.Metrics)
            {
                ["ranker.valid_auc"] = manifest.Metrics["ranker.valid_auc"] + 0.125, ["new"] = 1,
            },
            Options = new Dictionary<string, string>(manifest.Options) { ["seed"] = "99" },
            FeatureNames = [.. manifest.FeatureNames.Skip(1), "brand_new"],
        });
        var manifest = (await Registry.DescribeAsync("v1.0.0", Token)).Manifest!;

        var text = await RunAsync("diff", "v1.0.0", version);
        using var json = JsonDocument.Parse(await RunAsync("diff", "v1.0.0", version, "--json"));

        var auc = manifest.Metrics["ranker.valid_auc"];
        Assert.Matches(FormattableString.Invariant($"(?m)^  ranker\\.valid_auc +{auc:0.0000} +{auc + 0.125:0.0000}$"), text);
        Assert.Contains("not comparable", text, StringComparison.Ordinal);
        Assert.Contains("features added: brand_new", text, StringComparison.Ordinal);
        Assert.Contains($"features removed: {manifest.FeatureNames[0]}", text, StringComparison.Ordinal);
        var root = json.RootElement;
        Assert.Equal(["seed"], root.GetProperty("options").EnumerateObject().Select(option => option.Name));
        Assert.Equal(JsonValueKind.Null, root.GetProperty("metrics").GetProperty("new")[0].ValueKind);
        // The same file in both: nothing changed.
        Assert.Empty(root.GetProperty("importance").EnumerateObject());
    }

    private async Task<Reply> ChangeAsync(string path, string? body = null, string? match = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (match is not null) request.Headers.TryAddWithoutValidation("If-Match", match);
        using var response = await admin.SendAsync(request, Token);
        return new Reply(response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token)).RootElement);
    }

    // As another process of the same machine.
    private async Task<string> RunAsync(params string[] arguments)
    {
        var (code, output, error) = await ProcessRig.RunAsync(["models", .. arguments, "--data", server.DataFolder]);
        Assert.True(code == 0, error);
        return output;
    }

    private sealed record Reply(HttpStatusCode Status, JsonElement Body)
    {
        public string? String(string name) => Body.GetProperty(name).GetString();
    }
}
