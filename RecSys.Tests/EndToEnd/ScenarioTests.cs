using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Core.Recommendations;
using RecSys.Core.Storage;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.EndToEnd;

/// <summary>Scenarios of the served world; see <see cref="ServerFixture.Scenarios"/>.</summary>
[Collection(ServedCollection.Name)]
public sealed class ScenarioTests(ServerFixture server)
{
    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Recommend_ScenarioOfTwoSources_HasItemsOfThemAloneWhereHomeHasOthers(string method)
    {
        var user = server.World.Users[0].Id;
        using var client = await server.ClientAsync(user, "recommend:read");

        var home = await AskAsync(client, method, user, "home");
        var crowd = await AskAsync(client, method, user, "crowd");

        Assert.Contains("two_tower", SourcesOf(home));
        Assert.NotEmpty(SourcesOf(crowd));
        Assert.Subset(new HashSet<string> { "popular", "co_visitation" }, SourcesOf(crowd));
        Assert.Empty(crowd.Body.GetProperty("degraded").EnumerateArray());
    }

    [Fact]
    public async Task Next_PageOfAScenario_IsMadeByItsPolicyAndKeptUnderItsName()
    {
        var user = server.World.Users[1].Id;
        using var client = await server.ClientAsync(user, "recommend:read");
        var policies = server.Services.GetRequiredService<PolicyBook>();

        var first = await client.CallAsync("GET", $"/recommend?user_id={user}&num_items=2&scenario=whole");
        var next = await client.CallAsync("GET", $"/recommend/{first.Body.GetProperty("next_cursor").GetString()}/next?num_items=2");
        var home = await client.CallAsync("GET", $"/recommend?user_id={user}&num_items=2");

        Assert.Equal(HttpStatusCode.OK, next.Status);
        var records = server.Services.GetRequiredService<IServedRecordStore>();
        foreach (var (reply, scenario) in ((Reply, string?)[])[(first, "whole"), (next, "whole"), (home, null)])
        {
            var id = reply.Body.GetProperty("request_id").GetString()!;
            var kept = (await Calls.EventuallyAsync(
                async () => await records.GetAsync(id, TestContext.Current.CancellationToken), record => record is not null))!;
            Assert.Equal((scenario, policies.Of(scenario ?? "home").Hash), (kept.Scenario, kept.Assignment.PolicyHash));
        }
    }

    [Fact]
    public async Task Recommend_UnknownScenario_Is400WithThoseThereAre()
    {
        using var client = await server.ClientAsync("alice", "recommend:read");

        var got = await client.CallAsync("GET", "/recommend?user_id=alice&scenario=crwd");
        var posted = await client.CallAsync("POST", "/recommend", """{"user_id":"alice","scenario":"email"}""");

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (got.Status, posted.Status));
        Assert.Equal("must be a scenario that there is; did you mean crowd? There are crowd, home, whole",
            got.Body.GetProperty("errors").GetProperty("scenario")[0].GetString());
        Assert.Equal("must be one of crowd, home, whole", posted.Body.GetProperty("errors").GetProperty("/scenario")[0].GetString());
    }

    [Fact]
    public async Task Scenarios_AreToldWithSettingsAndHash()
    {
        using var client = await server.ClientAsync("back end", "service");

        var reply = await client.CallAsync("GET", "/scenarios");

        var scenarios = reply.Body.GetProperty("scenarios").EnumerateArray().ToDictionary(each => each.GetProperty("name").GetString()!);
        Assert.Equal(["crowd", "home", "whole"], scenarios.Keys);
        Assert.Equal(20, scenarios["whole"].GetProperty("policy").GetProperty("candidates").GetInt32());
        Assert.Equal(["co_visitation", "popular"], Texts(scenarios["crowd"].GetProperty("policy").GetProperty("sources")));
        Assert.All(scenarios.Values, each => Assert.Equal(
            RecSys.Core.Domain.Policy.Parse(JsonSerializer.SerializeToUtf8Bytes(each.GetProperty("policy"))).Hash,
            each.GetProperty("policy_hash").GetString()));
        var contents = server.Services.GetRequiredService<IDatabase>().Contents;
        foreach (var hash in scenarios.Values.Select(each => each.GetProperty("policy_hash").GetString()!))
            Assert.NotNull(await contents.FindPolicyAsync(hash, TestContext.Current.CancellationToken));
    }

    private static Task<Reply> AskAsync(HttpClient client, string method, string user, string scenario) => method == "GET"
        ? client.CallAsync("GET", $"/recommend?user_id={user}&num_items=10&include=reasons&scenario={scenario}")
        : client.CallAsync("POST", "/recommend",
            $$"""{"user_id":"{{user}}","num_items":10,"include":["reasons"],"scenario":"{{scenario}}"}""");

    private static HashSet<string> SourcesOf(Reply reply) =>
        [.. reply.Body.GetProperty("items").EnumerateArray().SelectMany(item => Texts(item.GetProperty("sources")))];

    private static string[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(each => each.GetString()!)];
}
