using System.Net;
using System.Numerics.Tensors;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Core.Events;
using RecSys.Core.Models;
using RecSys.Core.Recommendations;
using RecSys.Core.Recommendations.Sources;
using RecSys.Core.Storage;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.EndToEnd;

/// <summary>What comes in over HTTP moves what goes out, at once: items, events, visitors, erasures.</summary>
[Collection(ServedCollection.Name)]
public sealed class LiveWorldTests(ServerFixture server) : IAsyncLifetime
{
    private readonly List<string> put = [];
    private HttpClient client = null!;

    public async ValueTask InitializeAsync() =>
        client = await server.ClientAsync("shop", "recommend:read", "events:write", "catalog:write", "service", "admin");

    public async ValueTask DisposeAsync()
    {
        foreach (var item in put) await client.CallAsync("DELETE", $"/items/{item}");
        client.Dispose();
    }

    [Fact]
    public async Task Item_Put_IsRecommendedToFittingUsersAndSimilarToItsLike()
    {
        var live = server.Services.GetRequiredService<LiveState>();
        var like = live.Catalog[server.World.Users.SelectMany(user => live.Copy(user.Id).State.RecentItems.ToArray()).GroupBy(item => item)
            .MaxBy(group => group.Count())!.Key];

        var position = await PutAsync("fresh-twin", like.Title + " again", like.Category, like.Creator);

        // Exact nearness, by the vectors alone, says where it belongs.
        var (nearest, rank) = Neighbour("fresh-twin");
        Assert.InRange(rank, 0, 90);
        var similar = await client.CallAsync("GET", $"/items/{nearest}/similar?num_items=100&min_position={position}");
        Assert.Equal(rank, Array.IndexOf(Ids(similar.Body), "fresh-twin"));
        Assert.Equal(100,
            Ids((await client.CallAsync("GET", $"/items/fresh-twin/similar?num_items=100&min_position={position}")).Body).Length);
        Assert.NotNull(await WhoGetsAsync("fresh-twin"));
    }

    [Theory]
    [InlineData("""{"available":false}""")]
    [InlineData("""{"flagged":true}""")]
    [InlineData(null)]
    public async Task Item_MadeUnavailableFlaggedOrRemoved_IsGoneFromTheNextReplyAtEveryLevel(string? patch)
    {
        var live = server.Services.GetRequiredService<LiveState>();
        var popular = server.Services.GetRequiredService<PopularItems>();
        // Popular enough to be in every list: the ranking and the one of the start, trending or not.
        var id = Ids((await client.CallAsync("GET", "/popular?num_items=3")).Body)[patch is null
            ? 0 : patch.Contains("flagged", StringComparison.Ordinal) ? 1 : 2];
        var before = (await client.CallAsync("GET", $"/items/{id}")).Text;
        Assert.True(live.Catalog.TryGetNumber(id, out var number));
        var lists = server.Services.GetRequiredService<LastLists>();
        lists.Keep("a-fallback-user", [number]);
        Assert.True(popular.Current().Contains(number));
        Assert.True(popular.AtStart.Contains(number));
        // Whoever gets it now.
        var user = await WhoGetsAsync(id);

        var written = patch is null
            ? await client.CallAsync("DELETE", $"/items/{id}") : await client.CallAsync("PATCH", $"/items/{id}", patch);

        try
        {
            var at = written.Number("position");
            if (user is not null) Assert.DoesNotContain(id, Ids(await RecommendAsync($"user_id={user}&num_items=100&min_position={at}")));
            Assert.DoesNotContain(id, Ids(await RecommendAsync($"user_id=nobody-knows&num_items=100&min_position={at}")));
            Assert.DoesNotContain(id, Ids((await client.CallAsync("GET", "/popular?num_items=100")).Body));
            var neighbour = live.Catalog[number == 0 ? 1 : 0].Id;
            Assert.DoesNotContain(id,
                Ids((await client.CallAsync("GET", $"/items/{neighbour}/similar?num_items=100&min_position={at}")).Body));
            // The rankings may hold it until their next refresh; whatever reads them asks the catalogue.
            Assert.False(live.Catalog.IsServable(number));
        }
        finally
        {
            Assert.InRange((int)(await client.CallAsync("PUT", $"/items/{id}", before)).Status, 200, 201);
            lists.Forget("a-fallback-user");
        }
        Assert.Contains(id, Ids((await client.CallAsync("GET", "/popular?num_items=100")).Body));
    }

    [Fact]
    public async Task Event_Posted_ChangesTheUsersNextRequest()
    {
        const string user = "live-visitor";
        var first = await RecommendAsync($"user_id={user}&num_items=10");
        var (clicked, hidden) = (Ids(first)[0], Ids(first)[1]);

        var posted = await client.CallAsync("POST", "/events", $$"""
            {"events":[{"user_id":"{{user}}","item_id":"{{clicked}}","type":"click","request_id":"{{first.GetProperty("request_id").GetString()}}","position":0},
                       {"user_id":"{{user}}","item_id":"{{hidden}}","type":"hide"}]}
            """);
        var next = await RecommendAsync($"user_id={user}&num_items=100&min_position={posted.Number("position")}");

        Assert.Equal(("unknown_user", false),
            (first.GetProperty("not_personal_because").GetString(), first.GetProperty("personalised").GetBoolean()));
        Assert.True(next.GetProperty("personalised").GetBoolean());
        Assert.DoesNotContain(clicked, Ids(next));
        Assert.DoesNotContain(hidden, Ids(next));
    }

    [Theory]
    [InlineData("anonymous_id")]
    [InlineData("session_id")]
    public async Task Visitor_OrSitting_IsAnIdLikeAnyOther(string kind)
    {
        var id = $"visit-{kind}";
        var shown = Ids(await RecommendAsync($"{kind}={id}&num_items=5"));
        var posted =
            await client.CallAsync("POST", "/events", $$"""{"events":[{"{{kind}}":"{{id}}","item_id":"{{shown[0]}}","type":"like"}]}""");
        var reply = await RecommendAsync($"{kind}={id}&num_items=5&min_position={posted.Number("position")}");

        Assert.Equal((id, true), (reply.GetProperty("user_id").GetString(), reply.GetProperty("personalised").GetBoolean()));
        Assert.DoesNotContain(shown[0], Ids(reply));
        using var owner = await server.ClientAsync(id, "recommend:read");
        using var other = await server.ClientAsync("mallory", "recommend:read");
        Assert.Equal(HttpStatusCode.OK, (await owner.CallAsync("GET", $"/recommend?{kind}={id}")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await other.CallAsync("GET", $"/recommend?{kind}={id}")).Status);
    }

    [Theory]
    [InlineData("", "user_id")]
    [InlineData("user_id=a&anonymous_id=a", "user_id")]
    [InlineData("anonymous_id=a&session_id=b", "user_id")]
    [InlineData("anonymous_id=", "anonymous_id")]
    [InlineData("session_id=a%00", "session_id")]
    [InlineData("user_id=a&min_position=x", "min_position")]
    [InlineData("user_id=a&min_position=-1", "min_position")]
    [InlineData("user_id=a&min_position=9223372036854775808", "min_position")]
    [InlineData("user_id=a&min_position=", "min_position")]
    public async Task Recommend_SubjectOrPositionThatIsNone_Is400ThatNamesIt(string query, string name)
    {
        var reply = await client.CallAsync("GET", $"/recommend?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal([name], reply.Faults);
    }

    [Fact]
    public async Task MinPosition_BehindTheLog_Is400ThatNamesIt()
    {
        var head = server.Services.GetRequiredService<EventTail>().Position;

        var there = await client.CallAsync("GET", $"/recommend?user_id=a&min_position={head}");
        foreach (var path in (string[])["/recommend?user_id=a&", $"/items/{server.World.Items[0].Id}/similar?"])
        {
            var behind = await client.CallAsync("GET", $"{path}min_position={head + 1_000_000}");
            Assert.Equal(HttpStatusCode.BadRequest, behind.Status);
            Assert.Equal(["min_position"], behind.Faults);
        }
        Assert.Equal(HttpStatusCode.OK, there.Status);
        Assert.Equal(["query"], (await client.CallAsync("GET", "/popular?min_position=1")).Faults);
    }

    [Fact]
    public async Task Merge_VisitorIntoUser_KeepsWhatTheVisitorHasSeenOutOfTheUsersList()
    {
        var bought = Ids(await RecommendAsync("anonymous_id=browsing&num_items=5"))[0];
        await client.CallAsync("POST", "/events",
            $$"""{"events":[{"anonymous_id":"browsing","item_id":"{{bought}}","type":"purchase"}]}""");

        var merged = await client.CallAsync("POST", "/users/merge", """{"from":"browsing","into":"known-at-last"}""");
        var reply = await RecommendAsync($"user_id=known-at-last&num_items=100&min_position={merged.Number("position")}");

        Assert.True(reply.GetProperty("personalised").GetBoolean());
        Assert.DoesNotContain(bought, Ids(reply));
    }

    [Fact]
    public async Task Erase_User_LeavesNeitherServedRecordNorLastList()
    {
        const string user = "soon-forgotten";
        var lists = server.Services.GetRequiredService<LastLists>();
        // A list that a stage ran out of time for, as on a busy machine, is not kept.
        var list = await Calls.EventuallyAsync(() => RecommendAsync($"user_id={user}&num_items=5"), _ => !lists.Find(user).IsEmpty);
        var request = list.GetProperty("request_id").GetString()!;
        await Calls.EventuallyAsync(() => client.CallAsync("GET", $"/users/{user}/export"),
            export => export.Text.Contains(request, StringComparison.Ordinal));

        await client.CallAsync("DELETE", $"/users/{user}");

        Assert.True(lists.Find(user).IsEmpty);
        Assert.DoesNotContain(request, (await client.CallAsync("GET", $"/users/{user}/export")).Text, StringComparison.Ordinal);
        var records = server.Services.GetRequiredService<IServedRecordStore>();
        await Calls.EventuallyAsync(
            () => records.GetAsync(request, TestContext.Current.CancellationToken), record => record is null);
        Assert.Equal("unknown_user", (await RecommendAsync($"user_id={user}")).GetProperty("not_personal_because").GetString());
    }

    // The item that has the given one highest among its neighbours, and how high.
    private (string Id, int Rank) Neighbour(string id)
    {
        var catalog = server.Services.GetRequiredService<LiveState>().Catalog;
        using var lease = server.Services.GetRequiredService<ModelPool<ServingModel>>().AcquireChampion();
        var vectors = Enumerable.Range(0, catalog.Count).Select(item => lease.Model.TryGet(item, out var vector) ? vector.ToArray() : null)
            .ToArray();
        Assert.True(catalog.TryGetNumber(id, out var wanted));
        return Enumerable.Range(0, catalog.Count).Where(item => item != wanted && vectors[item] is not null && !catalog.IsRemoved(item))
            .Select(item =>
        {
            var own = TensorPrimitives.Dot<float>(vectors[item], vectors[wanted]);
            return (catalog.IdOf(item), Enumerable.Range(0, catalog.Count).Count(other =>
                other != item && other != wanted && catalog.IsServable(other) && vectors[other] is { } vector
                    && TensorPrimitives.Dot<float>(vectors[item], vector) > own));
        }).MinBy(each => each.Item2);
    }

    private async Task<string?> WhoGetsAsync(string item)
    {
        foreach (var user in server.World.Users)
        {
            if (Ids(await RecommendAsync($"user_id={user.Id}&num_items=100")).Contains(item)) return user.Id;
        }
        return null;
    }

    private async Task<long> PutAsync(string id, string title, string category, string? creator)
    {
        put.Add(id);
        var reply = await client.CallAsync("PUT", $"/items/{id}",
            JsonSerializer.Serialize(new { title, category, creator, created_at = TimeProvider.System.GetUtcNow() }));
        Assert.Equal(HttpStatusCode.Created, reply.Status);
        return reply.Number("position");
    }

    private async Task<JsonElement> RecommendAsync(string query)
    {
        var reply = await client.CallAsync("GET", $"/recommend?{query}");
        Assert.True(reply.Status == HttpStatusCode.OK, reply.Text);
        return reply.Body;
    }

    private static string[] Ids(JsonElement reply) =>
        [.. reply.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("item_id").GetString()!)];
}
