using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Core.Events;
using RecSys.Core.Storage;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.EndToEnd;

/// <summary><c>POST /rank</c> against the served world.</summary>
[Collection(ServedCollection.Name)]
public sealed class RankTests(ServerFixture server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // The scenario's list holds every candidate, so what orders it and what orders the same items on their own must agree.
    [Fact]
    public async Task Rank_ItemsOfAWholeList_HaveItsScoresAndItsOrder()
    {
        foreach (var user in server.World.Users.Take(5).Select(user => user.Id).Append("somebody-to-rank-for"))
        {
            using var client = await server.ClientAsync(user, "recommend:read");
            var list = await client.CallAsync("GET", $"/recommend?user_id={user}&num_items=100&device=tv&location=SF&scenario=whole");
            var expected = Scores(list);
            Assert.InRange(expected.Count, 15, 99);

            var ranked = await RankAsync(
                client, user, expected.Keys.Order(StringComparer.Ordinal), "\"device\":\"tv\",\"location\":\"SF\",\"scenario\":\"whole\"");

            Assert.Equal(HttpStatusCode.OK, ranked.Status);
            var scores = Scores(ranked);
            Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), scores.Keys.Order(StringComparer.Ordinal));
            Assert.All(expected, each => Assert.Equal(each.Value, scores[each.Key], 1e-4));
            Assert.Equal(scores.OrderByDescending(each => each.Value).Select(each => each.Value), scores.Values);
            Assert.Equal(Enumerable.Range(1, scores.Count), ranked.Body.GetProperty("items").EnumerateArray()
                .Select(item => item.GetProperty("rank").GetInt32()));
            Assert.Equal(list.Body.GetProperty("model_version").GetString(), ranked.Body.GetProperty("model_version").GetString());
            Assert.Equal(list.Body.GetProperty("personalised").GetBoolean(), ranked.Body.GetProperty("personalised").GetBoolean());
            Assert.Empty(ranked.Body.GetProperty("degraded").EnumerateArray());
            Assert.Empty(ranked.Body.GetProperty("not_ranked").EnumerateArray());
        }
    }

    [Fact]
    public async Task Rank_WhatTheUserHasTakenOrWasShown_IsRankedNevertheless()
    {
        var user = server.World.Users[7].Id;
        var taken = Live.Catalog.IdOf(Recent(user)[^1]);
        using var client = await server.ClientAsync("a back end", "recommend:read", "service");

        var reply = await RankAsync(client, user, [taken, .. Servable().Take(3)]);

        Assert.Contains(taken, Scores(reply).Keys);
    }

    [Fact]
    public async Task Rank_WhatHasNoPlace_IsNamedWithItsReasonInTheOrderSent()
    {
        const string Gone = "item-that-is-out-of-stock";
        using var catalogue = await server.ClientAsync("a back end", "catalog:write");
        var put = await catalogue.CallAsync("PUT", $"/items/{Gone}", """{"title":"Out of stock","category":"chairs","available":false}""");
        using var client = await server.ClientAsync("ranker", "recommend:read");
        var (first, second) = (Servable().First(), Servable().Skip(1).First());

        var reply = await RankAsync(
            client, "ranker", ["no such item", second, Gone, first, second], $"\"min_position\":{put.Body.GetProperty("position")}");

        Assert.Equal([first, second], Scores(reply).Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            [("no such item", "unknown"), (Gone, "unavailable"), (second, "repeated")],
            reply.Body.GetProperty("not_ranked").EnumerateArray()
                .Select(each => (each.GetProperty("item_id").GetString(), each.GetProperty("reason").GetString())));
    }

    [Fact]
    public async Task Rank_NothingThatIsKnown_IsAnEmptyListWithoutAFault()
    {
        using var client = await server.ClientAsync("ranker", "recommend:read");

        var reply = await RankAsync(client, "ranker", ["no such item"]);

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Empty(Scores(reply));
        Assert.Single(reply.Body.GetProperty("not_ranked").EnumerateArray());
        Assert.Empty(reply.Body.GetProperty("degraded").EnumerateArray());
    }

    [Fact]
    public async Task Rank_Boost_MultipliesTheScoresAndOrdersByThem()
    {
        using var client = await server.ClientAsync("ranker", "recommend:read");
        var items = Servable().Take(60).ToArray();
        var wanted = CategoryOf(items[^1]);

        var reply = await RankAsync(client, "ranker", items,
            $"\"boost\":\"if(category = context.wanted, 10, 0.1)\",\"context\":{{\"wanted\":{JsonSerializer.Serialize(wanted)}}}");

        var (plain, boosted) = (Scores(await RankAsync(client, "ranker", items)), Scores(reply));
        Assert.Equal(60, boosted.Count);
        Assert.All(boosted, each => Assert.Equal(plain[each.Key] * (CategoryOf(each.Key) == wanted ? 10 : 0.1), each.Value, 1e-4));
        Assert.Equal(boosted.Values.OrderDescending(), boosted.Values);
        Assert.NotEqual(plain.Keys, boosted.Keys);
    }

    [Fact]
    public async Task Rank_ShownPlaces_AreKeptAsAServedListAndOthersAreNot()
    {
        using var client = await server.ClientAsync("ranker", "recommend:read");
        var records = server.Services.GetRequiredService<IServedRecordStore>();
        var items = Servable().Take(20).ToArray();

        var silent = await RankAsync(client, "ranker", items);
        var shown = await RankAsync(client, "ranker", items, "\"shown\":3,\"boost\":\"if(price > 3, 2, 1)\",\"scenario\":\"crowd\"");

        var kept = (await Calls.EventuallyAsync(() => records.GetAsync(Id(shown), Ct), record => record is not null))!;
        Assert.Equal(Scores(shown).Keys.Take(3), kept.Items.Select(item => Live.Catalog.IdOf(item.Item)));
        Assert.Equal(("ranker", "crowd", "if(price > 3, 2, 1)", null), (kept.UserId, kept.Scenario, kept.Boost, kept.Filter));
        Assert.All(kept.Items, item => Assert.Single(item.Scores));
        // Records are stored in the order of the requests.
        Assert.Null(await records.GetAsync(Id(silent), Ct));
    }

    [Theory]
    [InlineData("""{"user_id":"ranker"}""", "/items", "is required")]
    [InlineData("""{"user_id":"ranker","items":[]}""", "/items", "is required, with at least one id")]
    [InlineData("""{"user_id":"ranker","items":"x"}""", "/items", "must be an array of strings")]
    [InlineData("""{"user_id":"ranker","items":[3]}""", "/items/0", "must be a string")]
    [InlineData("""{"items":["x"]}""", "/user_id", "is required")]
    [InlineData("""{"user_id":"ranker","items":["x"],"scenario":"hoome"}""", "/scenario", "did you mean home?")]
    [InlineData("""{"user_id":"ranker","items":["x"],"boost":"true"}""", "/boost", "found a condition, expected a number")]
    [InlineData("""{"user_id":"ranker","items":["x"],"boost":"attributes.nothing_such"}""", "/boost", "attribute")]
    [InlineData("""{"user_id":"ranker","items":["x"],"shown":101}""", "/shown", "from 0 to 100")]
    [InlineData("""{"user_id":"ranker","items":["x"],"filter":"true"}""", "", "known are user_id")]
    public async Task Rank_FaultyBody_Is400WithItsPlace(string body, string pointer, string expected)
    {
        using var client = await server.ClientAsync("ranker", "recommend:read");

        var reply = await client.CallAsync("POST", "/rank", body);

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Contains(expected, reply.Body.GetProperty("errors").GetProperty(pointer)[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rank_MoreThanAThousandItems_Is400()
    {
        using var client = await server.ClientAsync("ranker", "recommend:read");
        var ids = Enumerable.Range(0, 1001).Select(i => $"i{i}").ToArray();

        Assert.Equal(HttpStatusCode.OK, (await RankAsync(client, "ranker", ids[1..])).Status);
        var refused = await RankAsync(client, "ranker", ids);
        Assert.Contains("1000", refused.Body.GetProperty("errors").GetProperty("/items")[0].GetString(), StringComparison.Ordinal);
    }

    private LiveState Live => server.Services.GetRequiredService<LiveState>();

    private int[] Recent(string user)
    {
        var copy = new UserCopy();
        Assert.True(Live.TryCopy(user, copy));
        return copy.State.RecentItems.ToArray();
    }

    private string CategoryOf(string id) => Live.Catalog.TryGetNumber(id, out var number) ? Live.Catalog.CategoryNameOf(number) : "";

    private IEnumerable<string> Servable() => server.World.Items.Select(item => item.Id)
        .Where(id => Live.Catalog.TryGetNumber(id, out var number) && Live.Catalog.IsServable(number));

    private static Task<Reply> RankAsync(HttpClient client, string user, IEnumerable<string> items, string more = "") => client.CallAsync(
        "POST", "/rank",
        $$"""{"user_id":"{{user}}","items":{{JsonSerializer.Serialize(items)}}{{(more.Length > 0 ? "," : "")}}{{more}}}""");

    private static string Id(Reply reply) => reply.Body.GetProperty("request_id").GetString()!;

    // In the order of the reply.
    private static Dictionary<string, double> Scores(Reply reply) => reply.Body.GetProperty("items").EnumerateArray()
        .ToDictionary(item => item.GetProperty("item_id").GetString()!, item => item.GetProperty("score").GetDouble());
}
