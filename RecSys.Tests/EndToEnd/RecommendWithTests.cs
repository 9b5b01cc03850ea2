using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.EndToEnd;

/// <summary><c>POST /recommend</c> against the served world.</summary>
[Collection(ServedCollection.Name)]
public sealed class RecommendWithTests(ServerFixture server)
{
    private const string User = "somebody-who-asks-for-more";

    [Fact]
    public async Task Recommend_NothingBeyondTheUser_IsWhatGetGives()
    {
        using var client = await server.ClientAsync(User, "recommend:read");

        var got = await client.CallAsync("GET", $"/recommend?user_id={User}&num_items=10&device=tv&include=reasons");
        var posted = await client.CallAsync("POST", "/recommend",
            $$"""{"user_id":"{{User}}","num_items":10,"device":"tv","include":["reasons"],"scenario":"home"}""");

        Assert.Equal(HttpStatusCode.OK, posted.Status);
        Assert.Equal(got.Body.EnumerateObject().Select(field => field.Name), posted.Body.EnumerateObject().Select(field => field.Name));
        Assert.Equal(Ids(got), Ids(posted));
    }

    [Fact]
    public async Task Recommend_FilterOfOneCategory_GivesNothingElseAndAFullList()
    {
        using var client = await server.ClientAsync(User, "recommend:read");
        var catalog = Catalog();
        var category = server.World.Items.GroupBy(item => item.Category).Where(group => group.Count() >= 20)
            .MinBy(group => group.Count())!.Key;

        var reply = await client.CallAsync("POST", "/recommend",
            $$"""{"user_id":"{{User}}","num_items":10,"filter":"category = '{{category}}'","include":["timing"]}""");

        var ids = Ids(reply);
        Assert.Equal(10, ids.Length);
        Assert.All(ids, id => Assert.Equal(category, catalog[Number(id)].Category));
        Assert.Equal(JsonValueKind.Null, reply.Body.GetProperty("shortfall").ValueKind);
        Assert.Contains(
            "narrow", reply.Body.GetProperty("timing").EnumerateArray().Select(stage => stage.GetProperty("stage").GetString()));
    }

    [Fact]
    public async Task Recommend_FilterThatSevenItemsPass_GivesThemAndSaysThatThereAreNoMore()
    {
        using var client = await server.ClientAsync(User, "recommend:read");
        var catalog = Catalog();
        var dear = Enumerable.Range(0, catalog.Count).Where(catalog.IsServable).Select(number => catalog[number])
            .Where(item => item.Price is not null).OrderByDescending(item => item.Price).Take(8).ToArray();
        var limit = dear[7].Price!.Value.ToString("R", CultureInfo.InvariantCulture);
        var expected = dear.Where(item => item.Price > dear[7].Price).Select(item => item.Id).ToHashSet();

        var reply = await client.CallAsync("POST", "/recommend",
            $$"""{"user_id":"{{User}}","num_items":20,"filter":"price > {{limit}}"}""");

        Assert.Equal(expected, Ids(reply).ToHashSet());
        Assert.Equal("filter", reply.Body.GetProperty("shortfall").GetProperty("because").GetString());
        Assert.Equal(expected.Count, reply.Body.GetProperty("shortfall").GetProperty("returned").GetInt32());
    }

    [Fact]
    public async Task Recommend_ExcludedBoostedAndSeeded_IsDoneAsAsked()
    {
        using var client = await server.ClientAsync(User, "recommend:read");
        var first = Ids(await client.CallAsync("GET", $"/recommend?user_id={User}&num_items=20"));
        var catalog = Catalog();
        var last = catalog[Number(first[^1])].Category;

        var reply = await client.CallAsync("POST", "/recommend", $$"""
            {"user_id":"{{User}}","num_items":100,"exclude":["{{first[0]}}","no such item"],"seed_items":["{{first[^1]}}"],
             "boost":"if(category = context.wanted, 10, 0.1)","context":{"wanted":{{JsonSerializer.Serialize(last)}}},"include":["reasons"]}
            """);

        var ids = Ids(reply);
        Assert.DoesNotContain(first[0], ids);
        Assert.Equal(last, catalog[Number(ids[0])].Category);
        Assert.Contains("seed_items", reply.Body.GetProperty("items").EnumerateArray()
            .SelectMany(item => item.GetProperty("sources").EnumerateArray()).Select(reason => reason.GetString()));
    }

    [Fact]
    public async Task Recommend_BudgetOfAMillisecond_GivesAListOfSuchAsAllow()
    {
        using var client = await server.ClientAsync(User, "recommend:read");

        var reply = await client.CallAsync("POST", "/recommend",
            $$"""{"user_id":"{{User}}","num_items":5,"budget_ms":1,"filter":"has(category)"}""");

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Equal(5, Ids(reply).Length);
    }

    [Theory]
    [InlineData("""{"user_id":"U","filter":"price <"}""", "/filter", "character 8: found the end, expected a value")]
    [InlineData("""{"user_id":"U","filter":"categry = 'x'"}""", "/filter", "did you mean category?")]
    [InlineData("""{"user_id":"U","filter":"attributes.nothing_such = 'x'"}""", "/filter", "an attribute that items have")]
    [InlineData("""{"user_id":"U","filter":3}""", "/filter", "must be a string")]
    [InlineData("""{"user_id":"U","boost":"true"}""", "/boost", "found a condition, expected a number")]
    [InlineData("""{"user_id":"U","scenario":"email"}""", "/scenario", "must be one of crowd, home")]
    [InlineData("""{"user_id":"U","budget_ms":0}""", "/budget_ms", "from 1 to 10000")]
    [InlineData("""{"user_id":"U","exclude":"x"}""", "/exclude", "must be an array of strings")]
    [InlineData("""{"user_id":"U","context":{"a":{}}}""", "/context/a", "must be a number")]
    [InlineData("""{"user_id":"U","include":["everything"]}""", "/include", "reasons, propensity, timing, trace")]
    [InlineData("""{"user_id":"U","min_position":-1}""", "/min_position", "0 or more")]
    [InlineData("""{"user_id":"U","session_id":"s"}""", "/user_id", "must not be sent together")]
    [InlineData("""{"num_items":5}""", "/user_id", "is required")]
    [InlineData("""{"user_id":"U","filters":"true"}""", "", "known are user_id")]
    public async Task Recommend_FaultyBody_Is400WithItsPlace(string body, string pointer, string expected)
    {
        using var client = await server.ClientAsync(User, "recommend:read");

        var reply = await client.CallAsync("POST", "/recommend", body.Replace("\"U\"", $"\"{User}\"", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Contains(expected, reply.Body.GetProperty("errors").GetProperty(pointer)[0].GetString(), StringComparison.Ordinal);
    }

    private ItemCatalog Catalog() => server.Services.GetRequiredService<LiveState>().Catalog;

    private int Number(string id) => Catalog().TryGetNumber(id, out var number) ? number : throw new InvalidOperationException(id);

    private static string[] Ids(Reply reply) =>
        [.. reply.Body.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("item_id").GetString()!)];
}
