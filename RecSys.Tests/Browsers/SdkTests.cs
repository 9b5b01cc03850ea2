using System.Text.Json;
using Microsoft.Playwright;
using RecSys.Tests.Dashboard;
using RecSys.Tests.EndToEnd;
using RecSys.Tests.Hosting;
using RecSys.Tests.OpenApi;

namespace RecSys.Tests.Browsers;

/// <summary>The snippet <c>/sdk/recsys.js</c> in a browser, on a page of another origin than the server's.</summary>
[Collection(ServedCollection.Name)]
public sealed class SdkTests(BrowserFixture browser, ServerFixture world, ApiRig rig) : IAsyncLifetime
{
    private const string Key = "pk_0123456789abcdef0123";
    private const string ByKey = $$"""new RecSys({ key: "{{Key}}", visitor: "v-1" })""";

    private ShopPage shop = null!;
    private BareServer server = null!;
    private HttpClient admin = null!;
    private DashboardVisit visit = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IPage Page => visit.Page;

    public async ValueTask InitializeAsync()
    {
        shop = await ShopPage.StartAsync();
        server = await BareServer.StartAsync(null, ("Browsers:Origins:0", shop.Origin), ("Browsers:PublicKey", Key));
        shop.Api = server.Address.GetLeftPart(UriPartial.Authority);
        admin = server.Client("root", "admin");
        foreach (var item in (string[])["a", "b"]) await admin.CallAsync("PUT", $"/items/{item}", """{"title":"t","category":"c"}""");
        visit = await browser.VisitAsync(new Uri(shop.Origin));
        await OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await visit.DisposeAsync();
        admin.Dispose();
        await server.DisposeAsync();
        await shop.DisposeAsync();
    }

    [Fact]
    public async Task Impression_IsReportedOnceHalfWasInViewForASecondAndOnlyOnce()
    {
        await WatchBothAsync();
        await UntilAsync(events => Items(events, "impression").SequenceEqual(["a"]));

        // A glance is none.
        await ScrollAsync("far");
        await Task.Delay(400, Token);
        await ScrollAsync("near");
        await Task.Delay(1500, Token);
        await FlushAsync();
        Assert.Equal(["a"], Items(await EventsAsync(), "impression"));

        await ScrollAsync("far");
        await UntilAsync(events => Items(events, "impression").SequenceEqual(["a", "b"]));
        await ScrollAsync("near");
        await Task.Delay(1500, Token);
        await FlushAsync();
        Assert.Equal(["a", "b"], Items(await EventsAsync(), "impression"));
    }

    [Fact]
    public async Task Click_CarriesTheListThatShowedTheItemAndItsPlace()
    {
        await WatchBothAsync();

        await Page.Locator("#near").ClickAsync();
        await UntilAsync(events => Items(events, "click").Length == 1);

        var click = (await EventsAsync()).Single(e => e.GetProperty("type").GetString() == "click");
        Assert.Equal(("a", "req_1", 4), (click.GetProperty("item_id").GetString(), click.GetProperty("request_id").GetString(),
            click.GetProperty("position").GetInt32()));
    }

    [Fact]
    public async Task Events_WithoutAConnection_WaitAndComeLaterEachOnce()
    {
        await RunAsync($"window.recsys = {ByKey}");
        await visit.Context.SetOfflineAsync(true);
        await RunAsync("""for (const item_id of ["a", "b"]) recsys.report("view", { item_id }); await recsys.flush()""");
        Assert.Equal(2, await WaitingAsync());
        Assert.Empty(await EventsAsync());

        await visit.Context.SetOfflineAsync(false);
        await UntilAsync(events => Items(events, "view").SequenceEqual(["a", "b"]));

        await Calls.EventuallyAsync(WaitingAsync, left => left == 0);
        // The time is that of the view, not of its arrival.
        Assert.All(await EventsAsync(), e => Assert.True(e.GetProperty("time").GetDateTimeOffset() < TimeProvider.System.GetUtcNow()));
    }

    [Fact]
    public async Task Queue_ThatGrows_KeepsTheLatestFiveHundred()
    {
        await visit.Context.SetOfflineAsync(true);
        await RunAsync($$"""const recsys = {{ByKey}}; for (let i = 0; i < 520; i++) recsys.report("view", { item_id: `i-${i}` })""");

        Assert.Equal(500, await WaitingAsync());
        Assert.Equal("i-519", await Page.EvaluateAsync<string>("JSON.parse(localStorage['recsys.events']).at(-1).item_id"));
    }

    [Fact]
    public async Task Events_OfAPageThatIsLeft_ArriveOnce()
    {
        await RunAsync($$"""{{ByKey}}.report("click", { item_id: "a", request_id: "req_1" })""");
        await Page.GotoAsync("about:blank");
        await OpenAsync();
        await RunAsync($"window.recsys = {ByKey}; await recsys.flush()");

        await UntilAsync(events => Items(events, "click").Length == 1);
        await Calls.EventuallyAsync(WaitingAsync, left => left == 0);
        Assert.Single(Items(await EventsAsync(), "click"));
    }

    [Fact]
    public async Task Post_ThatWasStoredWithoutAnAnswer_IsNoSecondEvent()
    {
        var lost = 0;
        await Page.RouteAsync("**/events", async route =>
        {
            if (route.Request.Method != "POST" || lost++ > 0)
            {
                await route.ContinueAsync();
                return;
            }
            // It reaches the server, and the answer does not reach the page.
            await route.FetchAsync();
            await route.AbortAsync();
        });

        await RunAsync($$"""window.recsys = {{ByKey}}; recsys.report("click", { item_id: "a" }); await recsys.flush()""");
        Assert.Equal(1, await WaitingAsync());
        await FlushAsync();

        Assert.Equal(0, await WaitingAsync());
        Assert.True(lost >= 2);
        Assert.Single(Items(await EventsAsync(), "click"));
    }

    [Fact]
    public async Task Purchase_WithThePublicKey_IsRefusedAndNotTriedForever()
    {
        await RunAsync($$"""window.recsys = {{ByKey}}; recsys.report("purchase", { item_id: "a", amount: 5, currency: "EUR" })""");
        var answered = Page.WaitForResponseAsync(response => response.Url.EndsWith("/events", StringComparison.Ordinal)
            && response.Request.Method == "POST");
        await FlushAsync();

        Assert.Equal(403, (await answered).Status);
        Assert.Equal(0, await WaitingAsync());
        Assert.Empty(await EventsAsync());
    }

    [Fact]
    public async Task Page_OfAnotherOrigin_GetsNeitherTheSnippetNorAnAnswer()
    {
        await using var other = await ShopPage.StartAsync();
        other.Api = shop.Api;
        await using var there = await browser.VisitAsync(new Uri(other.Origin));
        await there.Page.GotoAsync("/");

        var answer = await there.Page.EvaluateAsync<string>(
            """
            async ([api, key]) => fetch(`${api}/events`, {
                method: "POST", headers: { "Content-Type": "application/json", Authorization: `Bearer ${key}` },
                body: JSON.stringify({ events: [{ anonymous_id: "v-1", item_id: "a", type: "view" }] }),
            }).then(reply => `answered ${reply.status}`, () => "kept from the page")
            """, new[] { shop.Api, Key });

        Assert.Equal("kept from the page", answer);
        Assert.False(await there.Page.EvaluateAsync<bool>("window.ready === true"));
        Assert.Empty(await EventsAsync());
    }

    [Fact]
    public async Task Recommend_WithATokenThatHasEnded_GetsANewOneAndTheList()
    {
        await rig.StartAsync(world);
        using var back = new HttpClient { BaseAddress = rig.Address };
        back.DefaultRequestHeaders.Authorization = new("Bearer", ServerFixture.Token("root", "admin"));
        var user = world.World.Users[0].Id;
        var token = (await back.CallAsync("POST", "/tokens", $$"""{"user_id":"{{user}}","minutes":5}""")).String("token")!;
        await using var there = await browser.VisitAsync(new Uri(rig.Shop.Origin));
        await there.Page.GotoAsync("/");
        await there.Page.WaitForFunctionAsync("window.ready === true");

        var told = await there.Page.EvaluateAsync<string[]>(
            """
            async ([user, token]) => {
                const given = ["not.a.token", token];
                const recsys = new RecSys({ user, token: async () => given.shift() });
                const list = await recsys.recommend({ num_items: 2 });
                recsys.report("click", { item_id: list.items[0].item_id, request_id: list.request_id, position: 0 });
                await recsys.flush();
                return [list.user_id, String(given.length), list.request_id];
            }
            """, new[] { user, token });

        Assert.Equal([user, "0"], told[..2]);
        var export = await back.CallAsync("GET", $"/users/{user}/export");
        var click = export.Text.Split('\n').Single(line => line.Contains(told[2], StringComparison.Ordinal)
            && line.Contains("\"type\":\"click\"", StringComparison.Ordinal));
        Assert.Contains("\"position\":0", click, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Snippet_IsKeptByBrowsersAndTheSameWhenAskedAgain()
    {
        using var anybody = server.Client();
        using var first = await anybody.GetAsync("/sdk/recsys.js", Token);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/sdk/recsys.js");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var unchanged = await anybody.SendAsync(again, Token);

        Assert.Equal("public, max-age=3600", first.Headers.CacheControl!.ToString());
        Assert.Equal("text/javascript", first.Content.Headers.ContentType!.MediaType);
        Assert.Equal(System.Net.HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    private async Task OpenAsync()
    {
        await Page.GotoAsync("/");
        await Page.WaitForFunctionAsync("window.ready === true");
    }

    private Task WatchBothAsync() => RunAsync(
        $$"""
        window.recsys = {{ByKey}};
        recsys.watch(document.getElementById("near"), { item_id: "a", request_id: "req_1", position: 4 });
        recsys.watch(document.getElementById("far"), { item_id: "b", request_id: "req_1", position: 5 });
        """);

    private async Task RunAsync(string script) => await Page.EvaluateAsync($"async () => {{ {script}; }}");

    private Task FlushAsync() => RunAsync("await recsys.flush()");

    private Task ScrollAsync(string id) => RunAsync($"document.getElementById('{id}').scrollIntoView({{ behavior: 'instant' }})");

    private Task<int> WaitingAsync() => Page.EvaluateAsync<int>("JSON.parse(localStorage['recsys.events'] ?? '[]').length");

    private async Task UntilAsync(Func<JsonElement[], bool> holds) =>
        await Calls.EventuallyAsync(EventsAsync, holds);

    // What is stored of the visitor, in the order of arrival.
    private async Task<JsonElement[]> EventsAsync()
    {
        var export = await admin.CallAsync("GET", "/users/v-1/export");
        return
        [
            .. export.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)
                .Where(line => line.GetProperty("kind").GetString() == "event"),
        ];
    }

    private static string[] Items(JsonElement[] events, string type) =>
        [.. events.Where(e => e.GetProperty("type").GetString() == type).Select(e => e.GetProperty("item_id").GetString()!)];
}
