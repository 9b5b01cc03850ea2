using System.Net;
using System.Text.Json;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.Endpoints;

/// <summary>Items over HTTP, into a real store and back.</summary>
public sealed class ItemRouteTests : IAsyncLifetime
{
    private const string Whole = """
        {"title":"A lamp","category":"light","tags":["brass","desk"],"creator":"Ada","price":12.5,"duration_seconds":3,"created_at":"2026-01-02T03:04:05+01:00",
         "thumbnail":"https://img/1","available":false,"flagged":true,"description":"It shines.",
         "attributes":{"watts":40,"dimmable":true,"colours":["red","blue"],"made":"2025-05-06T07:08:09Z","label":"x"}}
        """;

    private BareServer server = null!;
    private HttpClient client = null!;

    public async ValueTask InitializeAsync()
    {
        server = await BareServer.StartAsync();
        client = server.Client("editor", "catalog:write", "service", "recommend:read");
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Put_WholeItem_IsStoredAsItIsAndGivenBack()
    {
        var put = await client.CallAsync("PUT", "/items/lamp", Whole);
        var got = await client.CallAsync("GET", "/items/lamp");

        Assert.Equal((HttpStatusCode.Created, "created", "lamp"), (put.Status, put.String("status"), put.String("id")));
        Assert.True(put.Number("position") > 0);
        Assert.Equal(HttpStatusCode.OK, got.Status);
        using var expected =
            JsonDocument.Parse(Whole.Replace("2026-01-02T03:04:05+01:00", "2026-01-02T02:04:05+00:00", StringComparison.Ordinal));
        foreach (var field in expected.RootElement.EnumerateObject())
            Assert.True(JsonElement.DeepEquals(field.Value, got.Body.GetProperty(field.Name)), field.Name);
    }

    [Fact]
    public async Task Put_Again_SaysWhatChanged()
    {
        var first = await client.CallAsync("PUT", "/items/i", """{"title":"a","category":"c"}""");
        var same = await client.CallAsync("PUT", "/items/i", """{"title":"a","category":"c","id":"i"}""");
        var other = await client.CallAsync("PUT", "/items/i", """{"title":"b","category":"c"}""");

        Assert.Equal(("unchanged", first.Number("position")), (same.String("status"), same.Number("position")));
        Assert.Equal((HttpStatusCode.OK, "replaced"), (other.Status, other.String("status")));
        Assert.True(other.Number("position") > first.Number("position"));
    }

    [Fact]
    public async Task Patch_SomeFields_KeepsTheOthersAndNullTakesAway()
    {
        await client.CallAsync("PUT", "/items/lamp", Whole);

        var patch = await client.CallAsync("PATCH", "/items/lamp",
            """{"price":null,"available":true,"flagged":false,"attributes":{"watts":60,"label":null}}""");
        var got = await client.CallAsync("GET", "/items/lamp");

        Assert.Equal("replaced", patch.String("status"));
        Assert.Equal((JsonValueKind.Null, true, "A lamp"),
            (got.Body.GetProperty("price").ValueKind, got.Body.GetProperty("available").GetBoolean(), got.String("title")));
        Assert.Equal(60, got.Body.GetProperty("attributes").GetProperty("watts").GetInt32());
        Assert.True(got.Body.GetProperty("attributes").GetProperty("dimmable").GetBoolean());
        Assert.False(got.Body.GetProperty("attributes").TryGetProperty("label", out _));
        Assert.Equal(HttpStatusCode.NotFound, (await client.CallAsync("PATCH", "/items/unknown", "{}")).Status);
    }

    [Fact]
    public async Task Patch_ManyAtOnce_LosesNone()
    {
        await client.CallAsync("PUT", "/items/i", """{"title":"a","category":"c"}""");

        await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(n => client.CallAsync("PATCH", "/items/i", $$$"""{"attributes":{"a{{{n}}}":{{{n}}} }}""")));

        var attributes = (await client.CallAsync("GET", "/items/i")).Body.GetProperty("attributes");
        Assert.Equal(Enumerable.Range(0, 20).Select(n => (double)n),
            attributes.EnumerateObject().Select(entry => entry.Value.GetDouble()).Order());
    }

    [Fact]
    public async Task Delete_Item_IsGoneUntilItIsPutAgain()
    {
        await client.CallAsync("PUT", "/items/i", """{"title":"a","category":"c"}""");

        var deleted = await client.CallAsync("DELETE", "/items/i");

        Assert.Equal((HttpStatusCode.OK, "removed"), (deleted.Status, deleted.String("status")));
        foreach (var method in (string[])["GET", "DELETE"])
            Assert.Equal(HttpStatusCode.NotFound, (await client.CallAsync(method, "/items/i")).Status);
        Assert.Equal(0, (await client.CallAsync("GET", "/items")).Body.GetProperty("items").GetArrayLength());
        var again = await client.CallAsync("PUT", "/items/i", """{"title":"a","category":"c"}""");
        Assert.Equal(HttpStatusCode.Created, again.Status);
        Assert.Equal(HttpStatusCode.OK, (await client.CallAsync("GET", "/items/i")).Status);
    }

    [Fact]
    public async Task List_InPages_GivesEveryItemOnceAlsoWhatComesMeanwhile()
    {
        for (var n = 0; n < 7; n++) await client.CallAsync("PUT", $"/items/i{n}", """{"title":"a","category":"c"}""");
        await client.CallAsync("DELETE", "/items/i3");

        var seen = new List<string?>();
        string? cursor = null;
        do
        {
            var page = await client.CallAsync("GET", $"/items?limit=2{(cursor is null ? "" : $"&cursor={cursor}")}");
            seen.AddRange(page.Body.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()));
            if (cursor is null) await client.CallAsync("PUT", "/items/late", """{"title":"a","category":"c"}""");
            cursor = page.String("next_cursor");
        }
        while (cursor is not null);

        Assert.Equal(["i0", "i1", "i2", "i4", "i5", "i6", "late"], seen);
        Assert.Equal(["cursor"], (await client.CallAsync("GET", "/items?cursor=zz")).Faults);
        Assert.Equal(["limit"], (await client.CallAsync("GET", "/items?limit=1001")).Faults);
    }

    [Fact]
    public async Task ValidateOnly_OnEveryWrite_StoresNothing()
    {
        var put = await client.CallAsync("PUT", "/items/i?validate_only=true", """{"title":"a","category":"c"}""");
        Assert.Equal((HttpStatusCode.OK, "valid"), (put.Status, put.String("status")));
        Assert.Equal(HttpStatusCode.NotFound, (await client.CallAsync("GET", "/items/i")).Status);

        await client.CallAsync("PUT", "/items/i", """{"title":"a","category":"c"}""");
        Assert.Equal("valid", (await client.CallAsync("PATCH", "/items/i?validate_only=true", """{"title":"b"}""")).String("status"));
        Assert.Equal("valid", (await client.CallAsync("DELETE", "/items/i?validate_only=true")).String("status"));
        Assert.Equal("a", (await client.CallAsync("GET", "/items/i")).String("title"));
        Assert.Equal(["/title"], (await client.CallAsync("PUT", "/items/i?validate_only=true", """{"title":5}""")).Faults);
    }

    [Theory]
    [InlineData("""{"title":5,"category":"c"}""", "/title")]
    [InlineData("""{"title":"t","category":"c","price":-1}""", "/price")]
    [InlineData("""{"title":"t","category":"c","price":"1"}""", "/price")]
    [InlineData("""{"title":"t","category":"c","price":1e309}""", "/price")]
    [InlineData("""{"title":"t","category":"c","available":"true"}""", "/available")]
    [InlineData("""{"title":"t","category":"c","tags":"a"}""", "/tags")]
    [InlineData("""{"title":"t","category":"c","tags":["a",1]}""", "/tags/1")]
    [InlineData("""{"title":"t","category":"c","created_at":"2026-01-01T00:00:00"}""", "/created_at")]
    [InlineData("""{"title":"t","category":"c","created_at":"1799-01-01T00:00:00Z"}""", "/created_at")]
    [InlineData("""{"title":"t","category":"c","created_at":"9999-12-31T23:59:59Z"}""", "/created_at")]
    [InlineData("""{"title":"t","category":"c","attributes":{"a/b":{"c":1}}}""", "/attributes/a~1b")]
    [InlineData("""{"title":"t","category":"c","attributes":[]}""", "/attributes")]
    [InlineData("""{"title":"t","category":"c","colour":"red"}""", "")]
    [InlineData("""{"title":"t","category":"c","id":"other"}""", "/id")]
    [InlineData("""{"title":"a\u0000b","category":"c"}""", "/title")]
    [InlineData("""[]""", "")]
    [InlineData("""{"title":"t","title":"u","category":"c"}""", "/title")]
    public async Task Put_FaultyField_Is400ThatPointsAtItAndRepeatsNothing(string body, string pointer)
    {
        var reply = await client.CallAsync("PUT", "/items/i", body);

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal([pointer], reply.Faults);
        Assert.DoesNotContain("colour", reply.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"title":"","category":""}""")]
    [InlineData("""{"title":null}""")]
    public async Task Put_WithoutTitleOrCategory_IsTaken(string body)
    {
        var reply = await client.CallAsync("PUT", "/items/bare?validate_only=true", body);

        Assert.Equal((HttpStatusCode.OK, "valid"), (reply.Status, reply.String("status")));
    }

    [Fact]
    public async Task Put_ManyFaults_AreAllTold()
    {
        var reply = await client.CallAsync("PUT", "/items/i", """{"price":"x","tags":1,"flagged":2,"nothing":3,"nothing_else":4}""");

        Assert.Equal(["", "/flagged", "/price", "/tags"], reply.Faults.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Id_WithSlash_IsOneItemAtBothDoors()
    {
        using var sender = server.Client("u", "events:write");
        foreach (var path in (string[])["/items/a%2Fb", "/items/a%2fb"])
            Assert.Contains((await client.CallAsync("PUT", path, """{"title":"a","category":"c"}""")).String("status"),
                (string?[])["created", "unchanged"]);

        var got = await client.CallAsync("GET", "/items/a%2Fb");
        var known = await sender.CallAsync("POST", "/events", """{"events":[{"user_id":"u","item_id":"a/b","type":"click"}]}""");
        var escaped = await sender.CallAsync("POST", "/events", """{"events":[{"user_id":"u","item_id":"a%2Fb","type":"click"}]}""");

        Assert.Equal("a/b", got.String("id"));
        Assert.False(known.Body.GetProperty("events")[0].TryGetProperty("parked", out _));
        Assert.Equal(("rejected", "/events/0/item_id"),
            (escaped.Body.GetProperty("events")[0].GetProperty("status").GetString(),
            escaped.Body.GetProperty("events")[0].GetProperty("pointer").GetString()));
        Assert.Equal(1, (await client.CallAsync("GET", "/items")).Body.GetProperty("items").GetArrayLength());
        Assert.Equal(HttpStatusCode.NotFound, (await client.CallAsync("GET", "/items/a/b")).Status);
        Assert.Equal(HttpStatusCode.BadRequest,
            (await client.CallAsync("PUT", "/items/..%2Fb", """{"title":"a","category":"c"}""")).Status);
    }
}
