using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Tests.EndToEnd;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.Endpoints.Gorse;

/// <summary>
/// Lists as gorse's clients ask for them, of the served world, beside what the server's own routes and its catalogue say.
/// </summary>
[Collection(ServedCollection.Name)]
public sealed class GorseListTests(ServerFixture server)
{
    private const string User = "somebody-of-gorse";

    private async Task<GorseClient> ClientAsync()
    {
        await server.StartAsync();
        return new GorseClient(server.Address, ServerFixture.Token("shop", "service", "events:write", "catalog:write", "recommend:read"));
    }

    private ItemCatalog Catalog() => server.Services.GetRequiredService<LiveState>().Catalog;

    private string LargestCategory() => server.World.Items.GroupBy(item => item.Category).MaxBy(group => group.Count())!.Key;

    [Fact]
    public async Task Recommend_IsTheServersOwnListAndPagesOfIt()
    {
        using var gorse = await ClientAsync();
        using var own = await server.ClientAsync("shop", "service", "recommend:read");

        var expected = (await own.CallAsync("GET", $"/recommend?user_id={User}&num_items=20")).Body.GetProperty("items").EnumerateArray()
            .Select(item => item.GetProperty("item_id").GetString()).ToList();

        // As the Go and Python clients ask, who write an empty category as a slash.
        Assert.Equal(expected, await gorse.IdsAsync($"/api/recommend/{User}/?n=20&offset=0"));
        Assert.Equal(expected.Take(10), await gorse.IdsAsync($"/api/recommend/{User}"));
        Assert.Equal(expected.Skip(5).Take(15), await gorse.IdsAsync($"/api/recommend/{User}?n=15&offset=5"));
        Assert.Equal(HttpStatusCode.BadRequest, (await gorse.CallAsync("GET", $"/api/recommend/{User}?n=60&offset=60")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await gorse.CallAsync("GET", $"/api/recommend/{User}?n=0")).Status);
    }

    [Fact]
    public async Task Recommend_OfACategory_HasNothingElse()
    {
        using var gorse = await ClientAsync();
        var (category, catalog) = (LargestCategory(), Catalog());

        var inPath = await gorse.IdsAsync($"/api/recommend/{User}/{Uri.EscapeDataString(category)}?n=10");
        var inQuery = await gorse.IdsAsync($"/api/recommend/{User}?n=10&category={Uri.EscapeDataString(category)}");
        var strange = await gorse.IdsAsync($"/api/recommend/{User}/{Uri.EscapeDataString("a\"b\\c")}?n=10");

        Assert.Equal(10, inPath.Length);
        Assert.All(inPath, id => Assert.True(IsOf(catalog, id, category)));
        Assert.Equal(inPath, inQuery);
        Assert.Empty(strange);
    }

    [Fact]
    public async Task Recommend_ThatIsWrittenBack_LeavesEventsOfItsListAndPlaces()
    {
        using var gorse = await ClientAsync();
        var user = $"written-back-{Guid.NewGuid():N}";

        var list = await gorse.IdsAsync($"/api/recommend/{user}?n=3&offset=1&write-back-type=read&write-back-delay=0h1m0s");

        using var own = await server.ClientAsync("shop", "service");
        var export = (await own.CallAsync("GET", $"/users/{user}/export")).Text;
        var events = export.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.ToString().Contains("impression", StringComparison.Ordinal)
                && line.ToString().Contains("gorse-req_", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, events.Count);
        Assert.All(list, id => Assert.Contains(id, export, StringComparison.Ordinal));
        var read = (await gorse.AskAsync("GET", $"/api/user/{user}/feedback/read")).EnumerateArray()
            .Select(row => row.GetProperty("ItemId").GetString());
        Assert.Equal(list.Order(StringComparer.Ordinal), read.Order(StringComparer.Ordinal));
        Assert.Equal(HttpStatusCode.BadRequest, (await gorse.CallAsync("GET", $"/api/recommend/{user}?write-back-type=wave")).Status);
        Assert.Equal(HttpStatusCode.BadRequest,
            (await gorse.CallAsync("GET", $"/api/recommend/{user}?write-back-type=read&write-back-delay=1h")).Status);
    }

    [Fact]
    public async Task Popular_IsTheServersOwnRanking_OfACategoryAndWithoutWhatTheUserKnows()
    {
        using var gorse = await ClientAsync();
        using var own = await server.ClientAsync("shop", "service", "recommend:read", "events:write");
        var (category, catalog) = (LargestCategory(), Catalog());
        var expected = (await own.CallAsync("GET", "/popular?num_items=20")).Body.GetProperty("items").EnumerateArray()
            .Select(item => item.GetProperty("item_id").GetString()!).ToList();

        Assert.Equal(expected, await gorse.ScoredAsync("/api/popular?n=20"));
        Assert.Equal(expected.Skip(4).Take(6), await gorse.ScoredAsync("/api/popular/?n=6&offset=4"));
        var ofCategory = await gorse.ScoredAsync($"/api/popular/{Uri.EscapeDataString(category)}?n=20");
        Assert.NotEmpty(ofCategory);
        Assert.All(ofCategory, id => Assert.True(IsOf(catalog, id, category)));

        var user = $"knows-{Guid.NewGuid():N}";
        var posted = await own.CallAsync("POST", "/events",
            $$"""{"events":[{"user_id":"{{user}}","item_id":{{JsonSerializer.Serialize(expected[1])}},"type":"click"}]}""");
        await own.CallAsync("GET", $"/recommend?user_id={user}&min_position={posted.Number("position")}");
        Assert.Equal(expected.Where((_, at) => at != 1).Take(5), await gorse.ScoredAsync($"/api/popular?n=5&user-id={user}"));
    }

    [Fact]
    public async Task Latest_IsByTheTimeOfTheItems()
    {
        using var gorse = await ClientAsync();
        var catalog = Catalog();

        var latest = (await gorse.AskAsync("GET", "/api/latest?n=50")).EnumerateArray()
            .Select(row => (Id: row.GetProperty("Id").GetString()!, Score: row.GetProperty("Score").GetDouble())).ToList();

        Assert.Equal(50, latest.Count);
        Assert.All(latest, row => Assert.Equal(
            catalog[Number(catalog, row.Id)].CreatedAt!.Value.ToUnixTimeMilliseconds() / 1000.0, row.Score, 3));
        Assert.Equal(latest.OrderByDescending(row => row.Score).Select(row => row.Score), latest.Select(row => row.Score));
    }

    [Fact]
    public async Task Neighbours_AreTheServersSimilarItems()
    {
        using var gorse = await ClientAsync();
        using var own = await server.ClientAsync("shop", "recommend:read");
        var (item, catalog) = (server.World.Items[5].Id, Catalog());
        var category = LargestCategory();
        var expected = (await own.CallAsync("GET", $"/items/{item}/similar?num_items=20")).Body.GetProperty("items").EnumerateArray()
            .Select(each => each.GetProperty("item_id").GetString()).ToList();

        Assert.Equal(expected.Take(10), await gorse.ScoredAsync($"/api/item/{item}/neighbors/?n=10&offset=0"));
        Assert.Equal(expected.Skip(10), await gorse.ScoredAsync($"/api/item/{item}/neighbors?n=10&offset=10"));
        var ofCategory = await gorse.ScoredAsync($"/api/item/{item}/neighbors/{Uri.EscapeDataString(category)}?n=10");
        Assert.Equal(10, ofCategory.Length);
        Assert.All(ofCategory, id => Assert.True(IsOf(catalog, id, category)));
        Assert.Empty(await gorse.ScoredAsync("/api/item/no-such-item/neighbors"));
    }

    [Fact]
    public async Task Session_OfOneItem_GivesItsNeighboursAndLeavesNothing()
    {
        using var gorse = await ClientAsync();
        var items = server.World.Items.Take(3).Select(item => item.Id).ToArray();
        var before = server.Services.GetRequiredService<LiveState>().Position;

        var list = (await gorse.AskAsync("POST", "/api/session/recommend?n=5",
            $$"""[{"FeedbackType":"star","UserId":"","ItemId":"{{items[0]}}","Timestamp":"2022-02-24T00:00:00Z"}]""")).EnumerateArray()
            .Select(row => row.GetProperty("Id").GetString()!).ToArray();
        var none = await gorse.AskAsync("POST", "/api/session/recommend?n=5",
            $$"""[{"FeedbackType":"read","UserId":"","ItemId":"{{items[0]}}"}]""");

        Assert.Equal(await gorse.ScoredAsync($"/api/item/{items[0]}/neighbors?n=5"), list);
        Assert.Equal(0, none.GetArrayLength());
        Assert.Equal(before, server.Services.GetRequiredService<LiveState>().Position);
    }

    private static int Number(ItemCatalog catalog, string id)
    {
        Assert.True(catalog.TryGetNumber(id, out var number));
        return number;
    }

    private static bool IsOf(ItemCatalog catalog, string id, string category) =>
        catalog[Number(catalog, id)] is var item && (item.Category == category || item.Tags.Contains(category));
}
