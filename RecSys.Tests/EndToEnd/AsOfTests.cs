using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using RecSys.Api.Hosting;
using RecSys.Core.Models;
using RecSys.Core.Storage.Sqlite;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Models;

namespace RecSys.Tests.EndToEnd;

/// <summary>A log that ended long ago, served as of now, as of its end, and as of a moment that is named.</summary>
[Collection(ServedCollection.Name)]
public sealed partial class AsOfTests(ServerFixture server) : IDisposable
{
    private readonly TemporaryFolder data = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => data.Dispose();

    [Fact]
    public async Task Serve_AsOfLastEvent_TakesThatMomentForNowAndStaysThere()
    {
        await using var rig = ProcessRig.Over(await EndedLogAsync());
        await rig.ServeAsync(data.Path, "--as-of", AsOf.LastEvent, "--set", "ServedRecords:FeatureShare=1");
        var end = server.World.GenerateHistory().Max(e => e.Time);
        AssertRunsOnFrom(end, await ServedAsOfAsync(rig));
        var user = server.World.Users[7].Id;

        var (first, _) = await rig.RecommendAsync(user, 10);
        var shown = await PostAsync(rig, [.. first.Select((item, at) => Impression(user, item, at)), Click(user, first[0])]);
        var second = await rig.Client.GetFromJsonAsync<JsonElement>(
            rig.At($"/recommend?user_id={user}&num_items=10&min_position={shown.GetProperty("position").GetInt64()}"), Token);

        // What was shown and chosen counts, at the time of the served clock, and moves that clock nowhere.
        Assert.Equal(11, shown.GetProperty("accepted").GetInt32());
        Assert.Empty(Ids(second).Intersect(first));
        AssertRunsOnFrom(end, await StoredTimeAsync(rig, user));
        AssertRunsOnFrom(end, await ServedAsOfAsync(rig));
        // Real time lies ahead of it.
        var late = await PostAsync(rig, [$$"""{"user_id":"{{user}}","item_id":"{{first[1]}}","type":"click","time":"{{Now()}}"}"""]);
        var told = late.GetProperty("events")[0];
        Assert.Equal("future", told.GetProperty("code").GetString());
        Assert.Contains($"the server's clock ({end:yyyy-MM-dd}", told.GetProperty("detail").GetString(), StringComparison.Ordinal);

        await rig.StopAsync();
        var (code, output, error) = await ProcessRig.RunAsync("skew", "--data", data.Path);
        Assert.True(code == 0, output + error);
        Assert.StartsWith("2 requests, ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_LogThatEndedLongAgo_SaysSoUntilLiveEventsCome()
    {
        await using var rig = ProcessRig.Over(await EndedLogAsync());
        await rig.ServeAsync(data.Path);
        var user = server.World.Users[7].Id;

        var before = await rig.Client.GetFromJsonAsync<JsonElement>(rig.At("/readyz"), Token);
        await PostAsync(rig, [.. Enumerable.Repeat(Click(user, server.World.Items[0].Id), 31)]);
        var few = await rig.Client.GetFromJsonAsync<JsonElement>(rig.At("/readyz"), Token);
        var posted = await PostAsync(rig, [Click(user, server.World.Items[0].Id)]);
        var after = await rig.Client.GetFromJsonAsync<JsonElement>(rig.At("/readyz"), Token);

        Assert.Contains("serve --as-of last-event", before.GetProperty("note").GetString(), StringComparison.Ordinal);
        Assert.Equal(before.GetProperty("served_as_of").GetDateTimeOffset(), few.GetProperty("served_as_of").GetDateTimeOffset());
        Assert.True(posted.GetProperty("folded").GetBoolean());
        Assert.Equal(["status"], after.EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public async Task Serve_AsOfAMomentWithinTheLog_IsRefusedAndTheOneItNamesIsServed()
    {
        await using var rig = ProcessRig.Over(await EndedLogAsync());

        var (code, _, error) = await ProcessRig.RunAsync("serve", "--data", data.Path, "--port", "0", "--as-of", "2026-03-03");

        Assert.Equal(1, code);
        var named = Moment().Match(error).Value;
        await rig.ServeAsync(data.Path, "--as-of", named);
        AssertRunsOnFrom(DateTimeOffset.Parse(named, CultureInfo.InvariantCulture), await ServedAsOfAsync(rig));
    }

    [Theory]
    [InlineData("yesterday", "--as-of must be last-event")]
    [InlineData("2100-01-01", "--as-of is later than now")]
    public async Task Serve_AsOfNoMomentOfThePast_IsRefused(string moment, string message)
    {
        await EndedLogAsync();

        var (code, _, error) = await ProcessRig.RunAsync("serve", "--data", data.Path, "--port", "0", "--as-of", moment);

        Assert.Equal(1, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    // The trained world before anybody asked anything: its history and its models.
    private async Task<string> EndedLogAsync()
    {
        await server.StartAsync();
        await ProcessRig.RunProcessAsync("cp", ["-r", new ServerSettings(server.DataFolder).ModelsFolder, data.Path]);
        await using var database = await SqliteDatabase.OpenAsync(data.Path, Token);
        await database.StoreAsync(server.World, Token);
        await new ModelRegistry(new ServerSettings(data.Path).ModelsFolder, database.Models).SetChampionAsync("v1.0.0", Token);
        return data.Path;
    }

    private static async Task<DateTimeOffset> ServedAsOfAsync(ProcessRig rig) =>
        (await rig.Client.GetFromJsonAsync<JsonElement>(rig.At("/readyz"), Token)).GetProperty("served_as_of").GetDateTimeOffset();

    private static async Task<JsonElement> PostAsync(ProcessRig rig, string[] events)
    {
        using var content = new StringContent($$"""{"events":[{{string.Join(',', events)}}]}""", null, "application/json");
        using var response = await rig.Client.PostAsync(rig.At("/events"), content, Token);
        Assert.True(response.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.MultiStatus, response.StatusCode.ToString());
        return await response.Content.ReadFromJsonAsync<JsonElement>(Token);
    }

    private static async Task<DateTimeOffset> StoredTimeAsync(ProcessRig rig, string user)
    {
        var export = await rig.Client.GetStringAsync(rig.At($"/users/{user}/export"), Token);
        return export.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(row => row.TryGetProperty("time", out _)).Max(row => row.GetProperty("time").GetDateTimeOffset());
    }

    private static void AssertRunsOnFrom(DateTimeOffset start, DateTimeOffset moment) =>
        Assert.InRange(moment, start.AddSeconds(-1), start.AddMinutes(10));

    private static string Impression(string user, string item, int at) =>
        $$"""{"user_id":"{{user}}","item_id":"{{item}}","type":"impression","position":{{at}}}""";

    private static string Click(string user, string item) => $$"""{"user_id":"{{user}}","item_id":"{{item}}","type":"click"}""";

    private static string Now() => TimeProvider.System.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);

    private static string[] Ids(JsonElement reply) =>
        [.. reply.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("item_id").GetString()!)];

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")]
    private static partial Regex Moment();
}
