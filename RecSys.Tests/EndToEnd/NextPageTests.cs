using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Core.Events;
using RecSys.Core.Storage;

namespace RecSys.Tests.EndToEnd;

/// <summary>Further pages over HTTP.</summary>
[Collection(ServedCollection.Name)]
public sealed class NextPageTests(ServerFixture server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Next_ToTheEnd_RepeatsNothingAndCountsOn()
    {
        using var client = await server.ClientAsync("pager", "recommend:read");
        using var first = await GetAsync(client, "/recommend?user_id=pager&num_items=10&device=tv");
        var (shown, cursor) = (Ids(first).ToList(), Cursor(first));
        Assert.Equal(first.RootElement.GetProperty("request_id").GetString(), cursor);
        var pages = 0;
        for (; cursor is not null; pages++)
        {
            using var page = await GetAsync(client, $"/recommend/{cursor}/next?num_items=30&include=reasons,propensity");
            var items = page.RootElement.GetProperty("items").EnumerateArray().ToArray();
            Assert.Equal(Enumerable.Range(shown.Count + 1, items.Length), items.Select(item => item.GetProperty("rank").GetInt32()));
            Assert.All(items, item => Assert.NotEqual(0, item.GetProperty("reasons").GetArrayLength()));
            Assert.All(items, item => Assert.Equal(1, item.GetProperty("propensity").GetDouble()));
            Assert.Equal(first.RootElement.GetProperty("model_version").GetString(),
                page.RootElement.GetProperty("model_version").GetString());
            shown.AddRange(Ids(page));
            cursor = Cursor(page);
            if (cursor is null)
            {
                var shortfall = page.RootElement.GetProperty("shortfall");
                Assert.Equal("end_of_list", shortfall.GetProperty("because").GetString());
            }
        }
        Assert.Equal(4, pages);
        Assert.Equal(shown.Distinct(), shown);
        Assert.Equal(110, shown.Count);
    }

    [Fact]
    public async Task Next_Served_IsARecordOfItsOwn()
    {
        using var client = await server.ClientAsync("recorded", "recommend:read");
        using var first = await GetAsync(client, "/recommend?user_id=recorded&num_items=10&device=tv&location=SF");
        using var second = await GetAsync(client, $"/recommend/{Cursor(first)}/next?num_items=10");
        using var again = await GetAsync(client, $"/recommend/{Cursor(first)}/next?num_items=10");

        var id = second.RootElement.GetProperty("request_id").GetString()!;
        Assert.NotEqual(first.RootElement.GetProperty("request_id").GetString(), id);
        Assert.Equal(id, again.RootElement.GetProperty("request_id").GetString());
        var store = server.Services.GetRequiredService<IServedRecordStore>();
        for (var attempt = 0; await store.GetAsync(id, Token) is null && attempt < 1200; attempt++) await Task.Delay(25, Token);
        var record = (await store.GetAsync(id, Token))!;
        var catalog = server.Services.GetRequiredService<LiveState>().Catalog;
        Assert.Equal(Ids(second), record.Items.Select(item => catalog.IdOf(item.Item)));
        Assert.Equal(("recorded", "tv", "SF"), (record.UserId, record.Device, record.Location));
        Assert.All(record.Items, item => Assert.NotEqual(0, item.Sources));
    }

    [Fact]
    public async Task Next_NeverServedOrOfSomebodyElse_IsGoneOrForbidden()
    {
        using var client = await server.ClientAsync("owner-of-pages", "recommend:read");
        using var other = await server.ClientAsync("somebody-else", "recommend:read");
        using var first = await GetAsync(client, "/recommend?user_id=owner-of-pages&num_items=10");

        Assert.Equal(HttpStatusCode.Gone, await StatusAsync(client, "/recommend/req_00000000000000000000/next"));
        Assert.Equal(HttpStatusCode.Gone, await StatusAsync(client, "/recommend/not-an-id/next"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(other, $"/recommend/{Cursor(first)}/next"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(client, $"/recommend/{Cursor(first)}/next?num_items=101"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(client, $"/recommend/{Cursor(first)}/next?include=timing"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(client, $"/recommend/{Cursor(first)}/next?user_id=owner-of-pages"));
    }

    [Fact]
    public async Task Next_UserErasedMeanwhile_IsGone()
    {
        using var client = await server.ClientAsync("operator", "recommend:read", "events:write", "service", "admin");
        var like = $$"""{"events":[{"user_id":"leaving-pages","item_id":"{{server.World.Items[0].Id}}","type":"like"}]}""";
        using var posted = await client.PostAsync("/events", new StringContent(like, Encoding.UTF8, "application/json"), Token);
        Assert.Equal(HttpStatusCode.Accepted, posted.StatusCode);
        using var first = await GetAsync(client, "/recommend?user_id=leaving-pages&num_items=10");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, $"/recommend/{Cursor(first)}/next"));

        using (var erased = await client.DeleteAsync("/users/leaving-pages", Token)) Assert.Equal(HttpStatusCode.OK, erased.StatusCode);

        Assert.Equal(HttpStatusCode.Gone, await StatusAsync(client, $"/recommend/{Cursor(first)}/next"));
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path, Token);
        return response.StatusCode;
    }

    private static async Task<JsonDocument> GetAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonDocument>(Token))!;
    }

    private static string? Cursor(JsonDocument reply) => reply.RootElement.GetProperty("next_cursor").GetString();

    private static string[] Ids(JsonDocument reply) =>
        [.. reply.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("item_id").GetString()!)];
}
