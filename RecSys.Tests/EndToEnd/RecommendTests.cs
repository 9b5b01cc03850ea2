using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Tests.Fixtures;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;
using RecSys.Core.Storage;

namespace RecSys.Tests.EndToEnd;

[Collection(ServedCollection.Name)]
public sealed class RecommendTests(ServerFixture server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Recommend_KnownUser_GetsTheFixedFieldsInOrderOfScore()
    {
        var user = await ActiveUserAsync();
        using var client = await server.ClientAsync(user, "recommend:read");

        using var reply = await GetAsync(client, $"/recommend?user_id={user}&num_items=20&device=mobile&location=SF");

        var root = reply.RootElement;
        Assert.Equal(
            ["user_id", "items", "latency_ms", "model_version", "request_id", "experiment", "degraded", "shortfall", "next_cursor",
             "personalised", "not_personal_because"],
            root.EnumerateObject().Select(property => property.Name));
        Assert.Equal(user, root.GetProperty("user_id").GetString());
        Assert.Equal("v1.0.0", root.GetProperty("model_version").GetString());
        Assert.StartsWith("req_", root.GetProperty("request_id").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, root.GetProperty("degraded").GetArrayLength());
        Assert.True(root.GetProperty("personalised").GetBoolean());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("not_personal_because").ValueKind);
        Assert.Equal(JsonValueKind.Null, root.GetProperty("shortfall").ValueKind);
        var items = root.GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal(20, items.Length);
        Assert.Equal(["item_id", "title", "score", "rank", "thumbnail"], items[0].EnumerateObject().Select(property => property.Name));
        Assert.Equal(Enumerable.Range(1, 20), items.Select(item => item.GetProperty("rank").GetInt32()));
        var scores = items.Select(item => item.GetProperty("score").GetDouble()).ToArray();
        Assert.Equal(scores.OrderDescending(), scores);
        Assert.All(scores, score => Assert.InRange(score, 0, 1.09));
    }

    [Fact]
    public async Task Complete_UserErasedWhileTheRequestRan_KeepsNothingOfIt()
    {
        using var client = await server.ClientAsync("operator", "events:write", "service", "admin");
        var recommender = server.Services.GetRequiredService<Recommender>();
        var lists = server.Services.GetRequiredService<LastLists>();
        foreach (var user in (string[])["leaving", "staying"])
        {
            var events = $$"""{"events":[{"user_id":"{{user}}","item_id":"{{server.World.Items[0].Id}}","type":"like"}]}""";
            using var posted = await client.PostAsync(
                "/events", new StringContent(events, System.Text.Encoding.UTF8, "application/json"), Token);
            Assert.Equal(HttpStatusCode.Accepted, posted.StatusCode);
        }
        var leaving = await recommender.RecommendAsync(new RecommendationRequest("leaving", 20), Token);
        var staying = await recommender.RecommendAsync(new RecommendationRequest("staying", 20), Token);

        using (var erased = await client.DeleteAsync("/users/leaving", Token)) Assert.Equal(HttpStatusCode.OK, erased.StatusCode);
        recommender.Complete(leaving);
        recommender.Complete(staying);

        Assert.NotEqual(0, lists.Find("staying").Length);
        Assert.Equal(0, lists.Find("leaving").Length);
    }

    [Fact]
    public async Task Recommend_KnownUser_GetsNothingUnservableConsumedOrCrowded()
    {
        var user = await ActiveUserAsync(1);
        using var client = await server.ClientAsync(user, "recommend:read");
        var live = server.Services.GetRequiredService<LiveState>();

        var ids = Ids(await GetAsync(client, $"/recommend?user_id={user}&num_items=20"));

        Assert.Equal(20, ids.Length);
        var ordinals = ids.Select(id => live.Catalog.TryGetNumber(id, out var ordinal) ? ordinal : -1).ToArray();
        Assert.All(ordinals, item => Assert.True(live.Catalog.IsServable(item)));
        Assert.All(ordinals, item => Assert.Null(live.Copy(user).Seen.Find(item).ConsumedMs));
        Assert.All(ordinals.Take(10).GroupBy(live.Catalog.CategoryOf), group => Assert.True(group.Count() <= 3));
    }

    [Fact]
    public async Task Recommend_AskedAgain_RepeatsTheListUntilItIsReportedAsShown()
    {
        var user = await ActiveUserAsync(2);
        using var client = await server.ClientAsync(user, "recommend:read");

        var first = await GetAsync(client, $"/recommend?user_id={user}&num_items=10");
        await EventuallyStoredAsync(first.RootElement.GetProperty("request_id").GetString()!);
        var second = await GetAsync(client, $"/recommend?user_id={user}&num_items=10");
        await ShowAsync(user, Ids(second));
        var third = await GetAsync(client, $"/recommend?user_id={user}&num_items=10");

        Assert.Equal(Ids(first), Ids(second));
        Assert.Empty(Ids(second).Intersect(Ids(third)));
    }

    [Fact]
    public async Task Recommend_Answered_StoresTheServedList()
    {
        var user = await ActiveUserAsync(3);
        using var client = await server.ClientAsync(user, "recommend:read");

        var reply = await GetAsync(client, $"/recommend?user_id={user}&num_items=5&device=tv");

        var stored = await EventuallyStoredAsync(reply.RootElement.GetProperty("request_id").GetString()!);
        var catalog = server.Services.GetRequiredService<LiveState>().Catalog;
        Assert.Equal(Ids(reply), stored.Items.Select(item => catalog[item.Item].Id));
        Assert.Equal((user, "tv", "v1.0.0"), (stored.UserId, stored.Device, stored.Assignment.ModelVersion));
        Assert.NotEmpty(stored.Items);
        Assert.All(stored.Items, item => Assert.InRange(item.Scores[0], 0f, 1f));
        Assert.All(stored.Items, item => Assert.True(item.RankBeforeRules >= 0));
        Assert.Null(stored.NotPersonal);
    }

    [Fact]
    public async Task Recommend_UnknownUser_IsNotDegradedButNotPersonal()
    {
        using var client = await server.ClientAsync("somebody-new", "recommend:read");

        var reply = await GetAsync(client, "/recommend?user_id=somebody-new&num_items=20&include=reasons");

        Assert.Equal(20, Ids(reply).Length);
        Assert.Equal(0, reply.RootElement.GetProperty("degraded").GetArrayLength());
        Assert.False(reply.RootElement.GetProperty("personalised").GetBoolean());
        Assert.Equal("unknown_user", reply.RootElement.GetProperty("not_personal_because").GetString());
        var reasons = reply.RootElement.GetProperty("items").EnumerateArray()
            .SelectMany(item => item.GetProperty("sources").EnumerateArray()).Select(reason => reason.GetString());
        Assert.Contains("two_tower", reasons);
    }

    [Fact]
    public async Task Recommend_UserWithImpressionsOnly_HasNoPositiveEvents()
    {
        const string user = "onlooker";
        using var client = await server.ClientAsync(user, "recommend:read");
        await ShowAsync(user, Ids(await GetAsync(client, $"/recommend?user_id={user}&num_items=5")));

        var reply = await GetAsync(client, $"/recommend?user_id={user}&num_items=5");

        Assert.Equal("no_positive_events", reply.RootElement.GetProperty("not_personal_because").GetString());
        Assert.Equal(0, reply.RootElement.GetProperty("degraded").GetArrayLength());
    }

    [Fact]
    public async Task Recommend_UnknownUserWhoClicks_BecomesPersonalised()
    {
        using var client = await server.ClientAsync("visitor", "recommend:read");
        var shown = Ids(await GetAsync(client, "/recommend?user_id=visitor&num_items=5"));
        var log = server.Services.GetRequiredService<LogWriter>();

        await log.PostAsync(
            [new EventChange(
                new Event { Id = Guid.NewGuid().ToString(), UserId = "visitor", ItemId = shown[0], Type = EventType.Click,
                Time = TimeProvider.System.GetUtcNow() })], Token);

        using var reply = await GetAsync(client, "/recommend?user_id=visitor&num_items=5");
        Assert.Equal(0, reply.RootElement.GetProperty("degraded").GetArrayLength());
        Assert.True(reply.RootElement.GetProperty("personalised").GetBoolean());
        Assert.DoesNotContain(shown[0], Ids(reply));
    }

    [Fact]
    public async Task Recommend_IncludeTiming_ListsEveryStageInOrder()
    {
        var user = await ActiveUserAsync(4);
        using var client = await server.ClientAsync(user, "recommend:read");

        using var reply = await GetAsync(client, $"/recommend?user_id={user}&include=timing,propensity");

        Assert.Equal(
            ["load_user", "user_embedding", "normalise", "neighbours", "retrieve", "co_visitation", "trending", "new_items", "popular",
                "filter_unavailable", "filter_seen", "filter_duplicates", "refill", "features", "rank",
             "popularity_prior", "freshness", "safety", "diversity", "order", "explore", "select"],
            reply.RootElement.GetProperty("timing").EnumerateArray().Select(stage => stage.GetProperty("stage").GetString()));
        Assert.Equal(1, reply.RootElement.GetProperty("items")[0].GetProperty("propensity").GetDouble());
    }

    [Fact]
    public async Task Recommend_UserWhoHasSeenEverything_GetsTheOldestAgainAndIsTold()
    {
        const string user = "insatiable";
        using var client = await server.ClientAsync(user, "recommend:read");
        var seen = new List<string>();

        for (var page = 0; page < 10; page++)
        {
            using var reply = await GetAsync(client, $"/recommend?user_id={user}&num_items=100");
            var ids = Ids(reply);
            Assert.Equal(100, ids.Length);
            var repeats = reply.RootElement.GetProperty("degraded").EnumerateArray().Any(how => how.GetString() == "repeats");
            Assert.Equal(ids.Any(seen.Contains), repeats);
            if (repeats)
            {
                var again = ids.Where(seen.Contains).ToHashSet();
                Assert.Equal(seen.Take(100).ToHashSet().Intersect(again).Count(), again.Count);
                return;
            }
            await ShowAsync(user, ids, TimeSpan.FromSeconds(-3600 + page * 60));
            seen.AddRange(ids);
        }
        Assert.Fail("600 items were served in more than ten pages of 100 without a repetition.");
    }

    [Theory]
    [InlineData("/livez", "ok")]
    [InlineData("/readyz", "ready")]
    public async Task Health_Running_Says(string path, string status)
    {
        using var client = await server.ClientAsync(null);

        using var reply = await GetAsync(client, path);

        Assert.Equal(status, reply.RootElement.GetProperty("status").GetString());
    }

    private async Task<string> ActiveUserAsync(int skip = 0)
    {
        await server.StartAsync();
        var live = server.Services.GetRequiredService<LiveState>();
        return server.World.Users.Select(user => user.Id).Where(id => live.Copy(id).State.RecentItems.Length >= 3).Skip(skip).First();
    }

    private async Task ShowAsync(string user, string[] items, TimeSpan since = default)
    {
        var now = TimeProvider.System.GetUtcNow() + since;
        await server.Services.GetRequiredService<LogWriter>().PostAsync(
            [.. items.Select((item, at) =>
                (LogChange)new EventChange(
                new Event { Id = Guid.NewGuid().ToString(), UserId = user, ItemId = item, Type = EventType.Impression, Time = now,
                Position = at }))], Token);
    }

    private async Task<ServedRecord> EventuallyStoredAsync(string requestId)
    {
        var store = server.Services.GetRequiredService<IServedRecordStore>();
        for (var attempt = 0; attempt < 1200; attempt++)
        {
            if (await store.GetAsync(requestId, Token) is { } list) return list;
            await Task.Delay(25, Token);
        }
        throw new TimeoutException("The served list was not stored within thirty seconds.");
    }

    private static async Task<JsonDocument> GetAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonDocument>(Token))!;
    }

    private static string[] Ids(JsonDocument reply) =>
        [.. reply.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("item_id").GetString()!)];
}
