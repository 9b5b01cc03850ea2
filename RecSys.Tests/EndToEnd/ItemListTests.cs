using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Core.Domain;
using RecSys.Core.Models;
using RecSys.Core.Pipeline;

namespace RecSys.Tests.EndToEnd;

[Collection(ServedCollection.Name)]
public sealed class ItemListTests(ServerFixture server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Similar_KnownItem_GivesTheNearestServableItems()
    {
        using var client = await server.ClientAsync("u", "recommend:read");
        var worlds = server.Services.GetRequiredService<WorldSource>();
        using var lease = worlds.Take().Models.AcquireChampion();
        var deadline = Stopwatch.GetTimestamp() + 60 * Stopwatch.Frequency;
        while (true)
        {
            // Other tests change items of this server: what is compared was all read while nothing was folded.
            var world = worlds.Take();
            using var reply =
                JsonDocument.Parse(await client.GetStringAsync($"/items/{server.World.Items[0].Id}/similar?num_items=15", Token));
            var (expected, withoutVector) = Nearest(world.Catalog, lease.Model);
            if (!world.IsStill)
            {
                Assert.True(Stopwatch.GetTimestamp() < deadline, "the world never stood still for as long as a request takes");
                continue;
            }
            Assert.Empty(withoutVector);
            Assert.True(expected.Count > 15);
            Assert.Equal(
                expected.OrderByDescending(entry => entry.Score).Take(15).Select(entry => entry.Id),
                reply.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("item_id").GetString()));
            return;
        }
    }

    // The servable items but the first, each with its nearness to the first.
    private static (List<(string Id, float Score)> Items, List<string> WithoutVector) Nearest(ItemCatalog catalog, ServingModel model)
    {
        Assert.True(model.TryGet(0, out var query));
        var (items, withoutVector) = (new List<(string Id, float Score)>(), new List<string>());
        for (var item = 1; item < catalog.Count; item++)
        {
            if (!catalog.IsServable(item)) continue;
            if (!model.TryGet(item, out var other))
            {
                withoutVector.Add(catalog.IdOf(item));
                continue;
            }
            var dot = 0.0;
            for (var d = 0; d < query.Length; d++) dot += query[d] * (double)other[d];
            items.Add((catalog.IdOf(item), (float)dot));
        }
        return (items, withoutVector);
    }

    [Fact]
    public async Task Popular_Asked_GivesServableItemsByPositiveEvents()
    {
        using var client = await server.ClientAsync("u", "recommend:read");

        using var reply = JsonDocument.Parse(await client.GetStringAsync("/popular?num_items=50", Token));

        var scores = reply.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("score").GetDouble())
            .ToArray();
        Assert.Equal(50, scores.Length);
        Assert.Equal(scores.OrderDescending(), scores);
        Assert.True(scores[0] > 0);
    }

    [Theory]
    [InlineData("/items/nothing/similar", HttpStatusCode.NotFound)]
    [InlineData("/items/a%0Ab/similar", HttpStatusCode.BadRequest)]
    [InlineData("/items/x/similar?num_items=0", HttpStatusCode.BadRequest)]
    [InlineData("/popular?num_items=101", HttpStatusCode.BadRequest)]
    [InlineData("/popular?num_items=5&num_items=5", HttpStatusCode.BadRequest)]
    public async Task Lists_BadInput_IsAProblem(string path, HttpStatusCode expected)
    {
        using var client = await server.ClientAsync("u", "recommend:read");

        using var response = await client.GetAsync(path, Token);

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("/items/x/similar")]
    [InlineData("/popular")]
    public async Task Lists_WithoutTokenOrScope_AreRefused(string path)
    {
        using var anonymous = await server.ClientAsync(null);
        using var wrongScope = await server.ClientAsync("u", "events:write");

        using var unauthorised = await anonymous.GetAsync(path, Token);
        using var forbidden = await wrongScope.GetAsync(path, Token);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden), (unauthorised.StatusCode, forbidden.StatusCode));
    }
}
