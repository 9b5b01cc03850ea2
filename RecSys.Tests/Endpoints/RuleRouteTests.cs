using System.Net;
using System.Text.Json;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.Endpoints;

/// <summary>The routes of merchandising rules over an empty data folder.</summary>
public sealed class RuleRouteTests : IDisposable
{
    private readonly TemporaryFolder data = new();

    public void Dispose() => data.Dispose();

    [Fact]
    public async Task Rule_PutChangedAndRemoved_ReadsBackAndKeepsItsHistoryOverARestart()
    {
        string? hash;
        await using (var server = await BareServer.StartOverAsync(data.Path))
        {
            using var ada = server.Client("ada", "admin");
            using var bob = server.Client("bob", "admin");
            var created = await ada.CallAsync("PUT", "/rules/a%2Fb",
                """{"kind":"pin","name":"Käse","item":"i1","position":2,"scenarios":["home"],"starts":"2026-01-01T01:00:00+01:00"}""");
            var same = await bob.CallAsync("PUT", "/rules/a%2Fb",
                """{"name":"Käse","kind":"pin","position":2,"item":"i1","scenarios":["home"],"starts":"2026-01-01T00:00:00Z"}""");
            var changed = await bob.CallAsync("PUT", "/rules/a%2Fb", """{"kind":"own_items","enabled":false}""");
            await ada.CallAsync("PUT", "/rules/z", """{"kind":"exclude","filter":"price > 3"}""");
            await ada.CallAsync("PUT", "/rules/gone", """{"kind":"own_items"}""");
            var removed = await bob.CallAsync("DELETE", "/rules/gone");

            Assert.Equal((HttpStatusCode.Created, "created"), (created.Status, created.String("status")));
            Assert.Equal((HttpStatusCode.OK, "unchanged"), (same.Status, same.String("status")));
            Assert.Equal((HttpStatusCode.OK, "replaced"), (changed.Status, changed.String("status")));
            Assert.Equal((HttpStatusCode.OK, "removed"), (removed.Status, removed.String("status")));
            Assert.Equal(HttpStatusCode.NotFound, (await bob.CallAsync("DELETE", "/rules/gone")).Status);
            hash = (await ada.CallAsync("GET", "/rules")).String("hash");
        }

        await using (var server = await BareServer.StartOverAsync(data.Path))
        {
            using var shop = server.Client("shop", "service");
            using var root = server.Client("root", "admin");
            var rule = await shop.CallAsync("GET", "/rules/a%2Fb");
            var first = await shop.CallAsync("GET", "/rules?limit=1");
            var second = await shop.CallAsync("GET", $"/rules?limit=1&cursor={first.String("next_cursor")}");
            var history = (await root.CallAsync("GET", "/rules/a%2Fb/history")).Body.GetProperty("changes");
            var page = await root.CallAsync("GET", "/rules/a%2Fb/history?limit=1");
            var rest = await root.CallAsync("GET", $"/rules/a%2Fb/history?limit=1&cursor={page.String("next_cursor")}");
            var gone = (await root.CallAsync("GET", "/rules/gone/history")).Body.GetProperty("changes");

            Assert.Equal(("own_items", false), (rule.String("kind"), rule.Body.GetProperty("enabled").GetBoolean()));
            Assert.Equal(hash, first.String("hash"));
            Assert.Equal(["a/b", "z"], Ids(first).Concat(Ids(second)));
            Assert.Equal(["bob", "ada"], history.EnumerateArray().Select(change => change.GetProperty("by").GetString()));
            Assert.Equal("pin", history[0].GetProperty("before").GetProperty("kind").GetString());
            Assert.Equal("own_items", history[0].GetProperty("after").GetProperty("kind").GetString());
            Assert.Equal(JsonValueKind.Null, history[1].GetProperty("before").ValueKind);
            Assert.Equal("2026-01-01T00:00:00+00:00", history[1].GetProperty("after").GetProperty("starts").GetString());
            Assert.Equal(history[0].GetRawText(), page.Body.GetProperty("changes")[0].GetRawText());
            Assert.Equal(history[1].GetRawText(), Assert.Single(rest.Body.GetProperty("changes").EnumerateArray()).GetRawText());
            Assert.Equal(JsonValueKind.Null, rest.Body.GetProperty("next_cursor").ValueKind);
            Assert.Equal(("bob", JsonValueKind.Null), (gone[0].GetProperty("by").GetString(), gone[0].GetProperty("after").ValueKind));
        }
    }

    [Fact]
    public async Task Rules_MoreThanMayBe_AreAConflict()
    {
        await using var server = await BareServer.StartOverAsync(data.Path, Unlimited);
        using var root = server.Client("root", "admin");
        for (var i = 0; i < 500; i++)
            Assert.Equal(HttpStatusCode.Created, (await root.CallAsync("PUT", $"/rules/r{i}", """{"kind":"own_items"}""")).Status);

        var refused = await root.CallAsync("PUT", "/rules/more", """{"kind":"own_items"}""");
        var preview = await root.CallAsync("POST", "/rules:preview", """{"rules":[{"id":"more","kind":"own_items"}]}""");
        var swapped = await root.CallAsync("POST", "/rules:preview", """{"rules":[{"id":"more","kind":"own_items"}],"remove":["r0"]}""");

        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("500 rules", refused.String("detail"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, preview.Status);
        Assert.Equal((HttpStatusCode.OK, 0), (swapped.Status, swapped.Number("lists")));
        await root.CallAsync("DELETE", "/rules/r7");
        Assert.Equal(HttpStatusCode.Created, (await root.CallAsync("PUT", "/rules/more", """{"kind":"own_items"}""")).Status);
    }

    [Theory]
    [InlineData("""{"kind":"exclude","filter":"price <"}""", "/filter", "character 8: found the end, expected a value")]
    [InlineData("""{"kind":"exclude","filter":"attributes.nothing = 'x'"}""", "/filter", "an attribute that items have")]
    [InlineData("""{"kind":"own_items","segment":"category = 'x'"}""", "/segment", "found category, of the items, expected something")]
    [InlineData("""{"kind":"glow"}""", "/kind", "must be one of pin, boost, bury, include, exclude, cap, own_items")]
    [InlineData("""{"item":"x","position":1}""", "/kind", "is required")]
    [InlineData("""{"kind":"pin","item":"x"}""", "/position", "is required of a rule of kind pin")]
    [InlineData("""{"kind":"pin","item":"x","position":101}""", "/position", "from 1 to 100")]
    [InlineData("""{"kind":"boost","filter":"true","factor":1}""", "/factor", "must be greater than 1")]
    [InlineData("""{"kind":"cap","by":"colour","most":1,"top":2}""", "/by", "must be one of category, creator")]
    [InlineData("""{"kind":"own_items","starts":"2026-01-01"}""", "/starts", "RFC 3339")]
    [InlineData("""{"kind":"own_items","id":"another"}""", "/id", "must be that of the address")]
    [InlineData("""{"kind":"own_items","filters":"true"}""", "", "known are id, name, kind")]
    public async Task Put_FaultyRule_Is400WithItsPlace(string body, string pointer, string expected)
    {
        await using var server = await BareServer.StartOverAsync(data.Path);
        using var root = server.Client("root", "admin");

        var put = await root.CallAsync("PUT", "/rules/a", body);
        var named = pointer == "/id" ? """{"id":1}""" : body.Insert(1, "\"id\":\"a\",");
        var preview = await root.CallAsync("POST", "/rules:preview", $$"""{"rules":[{"id":"first","kind":"own_items"},{{named}}]}""");

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (put.Status, preview.Status));
        Assert.Contains(expected, put.Body.GetProperty("errors").GetProperty(pointer)[0].GetString(), StringComparison.Ordinal);
        Assert.Contains($"/rules/1{pointer}", preview.Faults);
        Assert.Equal(HttpStatusCode.NotFound, (await root.CallAsync("GET", "/rules/a")).Status);
    }

    [Theory]
    [InlineData("""{"lists":1001}""", "/lists")]
    [InlineData("""{"from":"2026-01-02T00:00:00Z","to":"2026-01-01T00:00:00Z"}""", "/to")]
    [InlineData("""{"rules":{}}""", "/rules")]
    [InlineData("""{"rules":[{"id":"a","kind":"own_items"},{"id":"a","kind":"own_items"}]}""", "/rules/1/id")]
    public async Task Preview_FaultyBody_Is400WithItsPlace(string body, string pointer)
    {
        await using var server = await BareServer.StartOverAsync(data.Path);
        using var root = server.Client("root", "admin");

        var reply = await root.CallAsync("POST", "/rules:preview", body);

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal([pointer], reply.Faults);
    }

    private static (string Option, string? Value)[] Unlimited { get; } =
    [
        .. ((string[])["PerSecond", "Burst", "ServicePerSecond", "ServiceBurst"])
            .Select(limit => ($"Limits:Admin:{limit}", (string?)"100000")),
    ];

    private static IEnumerable<string> Ids(Reply page) =>
        page.Body.GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("id").GetString()!);
}
