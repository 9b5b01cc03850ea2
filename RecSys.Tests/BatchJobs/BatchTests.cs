using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Core.Events;
using RecSys.Tests.EndToEnd;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.BatchJobs;

/// <summary>Lists for many users, of the served world.</summary>
[Collection(ServedCollection.Name)]
public sealed class BatchTests(ServerFixture server)
{
    private const string Route = "/recommend/batch";

    [Fact]
    public async Task Lists_AreThoseOfSingleRequestsAndLeaveNothing()
    {
        using var client = await server.ClientAsync("shop", "service", "recommend:read");
        var users = server.World.Users.Take(3).Select(user => user.Id).Append($"nobody-{Guid.NewGuid():N}").ToArray();
        var before = server.Services.GetRequiredService<LiveState>().Position;

        var job = await RunAsync(client, $$"""{"user_ids":{{JsonSerializer.Serialize(users)}},"num_items":10}""");
        var lines = await ResultAsync(client, job);

        Assert.Equal(("done", 4L, 4L, 4L, 0L, 0L), (job.String("state"), job.Number("users_total"), job.Number("users"),
            job.Number("lists"), job.Number("failed"), job.Number("left_out")));
        Assert.Equal(users, lines.Select(line => line.GetProperty("user_id").GetString()));
        Assert.All(lines, line => Assert.Equal(server.Manifest.Version, line.GetProperty("model_version").GetString()));
        Assert.True(lines[3].TryGetProperty("not_personal", out _));
        foreach (var (user, line) in users.Zip(lines))
        {
            var single = await client.CallAsync("POST", "/recommend", $$"""{"user_id":"{{user}}","num_items":10}""");
            Assert.Equal(
                single.Body.GetProperty("items").EnumerateArray()
                    .Select(item => (item.GetProperty("item_id").GetString(), item.GetProperty("score").GetDouble())),
                line.GetProperty("items").EnumerateArray()
                    .Select(item => (item.GetProperty("item_id").GetString(), item.GetProperty("score").GetDouble())));
        }
        Assert.Equal(before, server.Services.GetRequiredService<LiveState>().Position);
    }

    [Fact]
    public async Task Lists_LeaveNoServedRecord()
    {
        using var client = await server.ClientAsync("shop", "service", "recommend:read");
        var user = $"batched-{Guid.NewGuid():N}";

        await RunAsync(client, $$"""{"user_ids":["{{user}}"]}""");
        // What is served is written down behind the reply: once a later list is there, an earlier one would be.
        var served = $"served-{Guid.NewGuid():N}";
        await client.CallAsync("GET", $"/recommend?user_id={served}");
        await Calls.EventuallyAsync(() => client.CallAsync("GET", $"/users/{served}/export"),
            export => export.Text.Contains("req_", StringComparison.Ordinal));

        Assert.DoesNotContain("req_", (await client.CallAsync("GET", $"/users/{user}/export")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_WithAFilterAndExcludedItems_KeepToThem()
    {
        using var client = await server.ClientAsync("shop", "service", "recommend:read");
        var catalog = server.Services.GetRequiredService<LiveState>().Catalog;
        var category = server.World.Items.GroupBy(item => item.Category).MaxBy(group => group.Count())!.Key;
        var user = server.World.Users[0].Id;
        var filter = JsonSerializer.Serialize($"category = '{category}'");

        var first = Assert.Single(await ResultAsync(client,
            await RunAsync(client, $$"""{"user_ids":["{{user}}"],"num_items":5,"filter":{{filter}}}""")));
        var ids = first.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("item_id").GetString()!).ToArray();
        var second = Assert.Single(await ResultAsync(client, await RunAsync(client,
            $$"""{"user_ids":["{{user}}"],"num_items":5,"filter":{{filter}},"exclude":{{JsonSerializer.Serialize(ids[..2])}}}""")));

        Assert.Equal(5, ids.Length);
        Assert.All(ids, id => Assert.True(catalog.TryGetNumber(id, out var number) && catalog[number].Category == category));
        Assert.Empty(
            second.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("item_id").GetString()!).Intersect(ids[..2]));
    }

    [Fact]
    public async Task Users_WhoCannotHaveAList_DoNotEndTheJob()
    {
        using var client = await server.ClientAsync("root", "admin");
        var (good, gone) = ($"here-{Guid.NewGuid():N}", $"gone-{Guid.NewGuid():N}");
        await client.CallAsync("DELETE", $"/users/{gone}");

        var job = await RunAsync(client, $$"""{"user_ids":["","{{gone}}","..","{{good}}","{{good}}"]}""");
        var lines = await ResultAsync(client, job);

        Assert.Equal(("done", 4L, 1L, 2L, 1L), (job.String("state"), job.Number("users"), job.Number("lists"), job.Number("failed"),
            job.Number("left_out")));
        Assert.Equal(["", "..", good], lines.Select(line => line.GetProperty("user_id").GetString()));
        Assert.Equal("invalid", lines[0].GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(20, lines[2].GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task User_WhoIsErasedLater_IsLeftOutOfTheResult()
    {
        using var client = await server.ClientAsync("root", "admin");
        var (stays, goes) = ($"stays-{Guid.NewGuid():N}", $"goes-{Guid.NewGuid():N}");
        var job = await RunAsync(client, $$"""{"user_ids":["{{stays}}","{{goes}}"],"num_items":1}""");
        Assert.Equal(2, (await ResultAsync(client, job)).Count);

        await client.CallAsync("DELETE", $"/users/{goes}");

        Assert.Equal([stays], (await ResultAsync(client, job)).Select(line => line.GetProperty("user_id").GetString()));
    }

    [Fact]
    public async Task All_IsEverybodyWithAProfile()
    {
        using var client = await server.ClientAsync("root", "admin");

        var job = await RunAsync(client, """{"all":true,"num_items":3}""");
        var users = (await ResultAsync(client, job)).Select(line => line.GetProperty("user_id").GetString()!).ToHashSet();

        Assert.Equal(JsonValueKind.Null, job.Body.GetProperty("users_total").ValueKind);
        Assert.Equal(job.Number("lists"), users.Count);
        Assert.Superset(server.World.Users.Select(user => user.Id).ToHashSet(), users);
    }

    [Fact]
    public async Task Job_ThatIsCancelled_HasNoResult()
    {
        using var client = await server.ClientAsync("root", "admin");
        var users = JsonSerializer.Serialize(Enumerable.Range(0, 50_000).Select(n => $"u{n}"));

        var posted = await client.CallAsync("POST", Route, $$"""{"user_ids":{{users}}}""");
        Assert.Equal(HttpStatusCode.Accepted, posted.Status);
        var path = $"{Route}/{posted.String("id")}";
        await Calls.EventuallyAsync(() => client.CallAsync("GET", path), job => job.Number("users") > 0);
        Assert.Equal(HttpStatusCode.Conflict, (await client.CallAsync("GET", $"{path}/result")).Status);
        var cancelled = await client.CallAsync("DELETE", path);
        var ended = await EndAsync(client, posted);

        Assert.Equal((HttpStatusCode.Accepted, "cancelled"), (cancelled.Status, ended.String("state")));
        Assert.InRange(ended.Number("users"), 1, 49_999);
        Assert.Equal(HttpStatusCode.Conflict, (await client.CallAsync("GET", $"{path}/result")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await client.CallAsync("DELETE", path)).Status);
        await Calls.EventuallyAsync(
            () => Task.FromResult(Directory.GetFiles(Path.Combine(server.DataFolder, "batch"), $"{posted.String("id")}.*")
                .Select(Path.GetFileName).ToArray()),
            files => files.SequenceEqual([$"{posted.String("id")}.json"]));
    }

    [Theory]
    [InlineData("{}", "/user_ids")]
    [InlineData("""{"user_ids":[]}""", "/user_ids")]
    [InlineData("""{"user_ids":["a"],"all":true}""", "/user_ids")]
    [InlineData("""{"user_ids":["a",1]}""", "/user_ids/1")]
    [InlineData("""{"user_ids":["a"],"user_id":"b"}""", "/user_id")]
    [InlineData("""{"user_ids":["a"],"include":["reasons"]}""", "/include")]
    [InlineData("""{"user_ids":["a"],"num_items":101}""", "/num_items")]
    [InlineData("""{"user_ids":["a"],"filter":"category ="}""", "/filter")]
    [InlineData("""{"user_ids":["a"],"filter":"attributes.nothing_has_it = 1"}""", "/filter")]
    [InlineData("""{"user_ids":["a"],"colour":"red"}""", "")]
    [InlineData("[]", "")]
    public async Task Request_ThatIsFaulty_Is400WithItsPlace(string body, string pointer)
    {
        using var client = await server.ClientAsync("shop", "service");

        var reply = await client.CallAsync("POST", Route, body);

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal([pointer], reply.Faults);
    }

    private static async Task<Reply> RunAsync(HttpClient client, string body)
    {
        var posted = await client.CallAsync("POST", Route, body);
        Assert.True(posted.Status == HttpStatusCode.Accepted, posted.Text);
        return await EndAsync(client, posted);
    }

    private static Task<Reply> EndAsync(HttpClient client, Reply posted) => Calls.EventuallyAsync(
        () => client.CallAsync("GET", $"{Route}/{posted.String("id")}"), job => job.String("state") is not ("queued" or "running"));

    private static async Task<IReadOnlyList<JsonElement>> ResultAsync(HttpClient client, Reply job)
    {
        var reply = await client.CallAsync("GET", $"{Route}/{job.String("id")}/result");
        Assert.Equal((HttpStatusCode.OK, "application/jsonl"), (reply.Status, reply.ContentType));
        return [.. reply.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }
}
