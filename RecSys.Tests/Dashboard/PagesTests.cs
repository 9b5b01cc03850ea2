using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Playwright;
using RecSys.Tests.EndToEnd;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.Dashboard;

/// <summary>What the pages show is what the API says.</summary>
[Collection(ServedCollection.Name)]
public sealed class PagesTests(ServerFixture server, BrowserFixture browser) : IAsyncLifetime
{
    private HttpClient admin = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => admin = await server.ClientAsync("root", "admin");

    public ValueTask DisposeAsync()
    {
        admin.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Overview_ShowsWhatServesAndGoesOnByItself()
    {
        await using var visit = await browser.VisitAsync(server.Address);
        await visit.SignInAsync();

        var models = (await admin.CallAsync("GET", "/models")).Body;
        Assert.Contains(models.GetProperty("serving").GetString()!, await visit.Page.Locator("main").InnerTextAsync(),
            StringComparison.Ordinal);
        // More requests come, and the stream tells of them without a reload.
        await AskAsync(30);
        var requests = (await admin.CallAsync("GET", "/monitoring/latency?window=1m")).Body.GetProperty("requests").GetInt64();
        await visit.Page.WaitForFunctionAsync(
            "least => Number([...document.querySelectorAll('.tile')].find(tile => tile.innerText.startsWith('Requests per second'))"
            + ".querySelector('.figure').innerText) * 66 >= least", requests);
        Assert.Equal("on", await visit.Page.EvaluateAsync<string>("document.documentElement.dataset.live"));
        Assert.Matches("^[\\d.,]+ (MB|GB)$", await visit.FigureAsync("Memory"));
    }

    [Fact]
    public async Task Latency_ShowsTheFiguresOfTheReportAndPointsOfTheSeries()
    {
        await AskAsync(20);
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.BadRequest, (await admin.CallAsync("GET", "/recommend?num_items=0")).Status);
        await using var visit = await browser.VisitAsync(server.Address);
        await visit.SignInAsync();
        await visit.GoToAsync("latency");

        var report = (await admin.CallAsync("GET", "/monitoring/latency?window=1h")).Body;
        var series = (await admin.CallAsync("GET", "/monitoring/latency/series?window=1h")).Body;
        Assert.Equal(Whole(report.GetProperty("requests")), await visit.FigureAsync("Requests"));
        Assert.True(report.GetProperty("refused").GetInt64() >= 3);
        Assert.Equal((Whole(report.GetProperty("refused")), Whole(report.GetProperty("shed"))),
            (await visit.FigureAsync("Refused"), await visit.FigureAsync("Shed")));
        var rows = await visit.TableAsync("Parts of a request");
        JsonElement[] told =
            [report.GetProperty("total"), .. report.GetProperty("parts").EnumerateArray(), report.GetProperty("unattributed")];
        Assert.Equal(told.Select(row => row.GetProperty("part").GetString()!.Replace('_', ' ')), rows.Select(row => row[0]));
        foreach (var (row, shown) in told.Zip(rows))
        {
            string[] figures = ["mean_ms", "p50_ms", "p75_ms", "p90_ms", "p95_ms", "p99_ms", "p999_ms"];
            foreach (var (name, text) in figures.Zip(shown.Skip(1))) IsAbout(row.GetProperty(name).GetDouble(), text);
        }
        var points = series.GetProperty("points").GetArrayLength();
        Assert.Equal($"{points}", await visit.Page.Locator("figure[data-points]").First.GetAttributeAsync("data-points"));
        Assert.StartsWith($"Percentiles over time. {points} points",
            await visit.Page.Locator(".plot").First.GetAttributeAsync("aria-label"), StringComparison.Ordinal);

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "last 5 minutes" }).ClickAsync();
        await visit.Page.Locator("button[aria-pressed=true]", new() { HasText = "last 5 minutes" }).WaitForAsync();
    }

    [Fact]
    public async Task Data_ShowsReadinessEventsAsTheyComeAndOneUsersHistory()
    {
        await using var visit = await browser.VisitAsync(server.Address);
        await visit.SignInAsync();
        await visit.GoToAsync("data");

        var ready = (await admin.CallAsync("GET", "/data/readiness")).Body;
        Assert.Equal(Whole(ready.GetProperty("items")), await visit.FigureAsync("Items"));
        Assert.Equal(
            ready.GetProperty("events_by_type").EnumerateObject().Select(type => $"{type.Name.Replace('_', ' ')} {Whole(type.Value)}"),
            (await visit.TableAsync("Events by type")).Select(row => string.Join(' ', row)));

        var (user, item) = ($"visitor-{Guid.NewGuid():N}", server.World.Items[3]);
        var posted = await admin.CallAsync("POST", "/events",
            $$"""{"events":[{"user_id":"{{user}}","item_id":"{{item.Id}}","type":"click"}]}""");
        Assert.Equal(HttpStatusCode.Accepted, posted.Status);
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = user }).ClickAsync();

        await visit.Page.GetByText($"What {user} did").WaitForAsync();
        var row = Assert.Single(await visit.TableAsync($"Events of {user}"));
        Assert.Equal(["click", item.Id, item.Title], row.Skip(1).Take(3));
        Assert.Equal(posted.Number("position").ToString("N0", CultureInfo.InvariantCulture), row[4]);
    }

    [Fact]
    public async Task Data_TextsOfItems_AreTextWhateverStandsInThem()
    {
        const string id = "<b>bold</b>";
        const string title = "Zebra <img src=x onerror=\"window.broken=1\"> <script>window.broken=2</script>";
        var path = $"/items/{Uri.EscapeDataString(id)}";
        var put = await admin.CallAsync("PUT", path,
            JsonSerializer.Serialize(new { title, category = "<i>x</i>", creator = "'\"><svg onload=alert(1)>" }));
        Assert.Equal(HttpStatusCode.Created, put.Status);
        try
        {
            await using var visit = await browser.VisitAsync(server.Address);
            await visit.SignInAsync();
            await visit.GoToAsync("data");
            await visit.Page.GetByLabel("Find an item").FillAsync("zeb");
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Find item" }).ClickAsync();

            await visit.Page.GetByRole(AriaRole.Region, new() { Name = "Items found" }).WaitForAsync();
            var row = Assert.Single(await visit.TableAsync("Items found"));
            Assert.Equal([id, title, "<i>x</i>", "yes"], row);
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = id, Exact = true }).ClickAsync();
            await visit.Page.GetByText("'\"><svg onload=alert(1)>").WaitForAsync();
            Assert.Equal(0, await visit.Page.Locator("main img, main b:not(.legend b), main i, main script").CountAsync());
            Assert.False(await visit.Page.EvaluateAsync<bool>("'broken' in window"));
        }
        finally
        {
            await admin.CallAsync("DELETE", path);
        }
    }

    [Fact]
    public async Task Settings_ShowThePolicyInForce()
    {
        await using var visit = await browser.VisitAsync(server.Address);
        await visit.SignInAsync();
        await visit.GoToAsync("settings");

        var settings = (await admin.CallAsync("GET", "/dashboard/settings")).Body;
        var shown = (await visit.TableAsync("Settings of the policy")).ToDictionary(row => row[0], row => row[1]);
        foreach (var setting in settings.GetProperty("policy").EnumerateObject())
        {
            var expected = setting.Value.ValueKind switch
            {
                JsonValueKind.Null => "–",
                JsonValueKind.Array => string.Join(", ", setting.Value.EnumerateArray()),
                _ => setting.Value.ToString(),
            };
            Assert.Equal(expected, shown[setting.Name.Replace('_', ' ')]);
        }
        Assert.Contains(settings.GetProperty("policy_hash").GetString(), shown.Values);
        Assert.Equal("500", shown["candidates"]);
    }

    [Fact]
    public async Task Navigation_ShowsThePagesThatTheServerHasSomethingFor()
    {
        await using var visit = await browser.VisitAsync(server.Address);
        await visit.SignInAsync();

        var session = await visit.Page.EvaluateAsync<string>("fetch('/dashboard/session').then(reply => reply.text())");
        var routes = JsonDocument.Parse(session).RootElement.GetProperty("routes").EnumerateArray()
            .Select(route => route.GetString()).ToList();
        var pages = await visit.Page.Locator("nav a").EvaluateAllAsync<string[]>("links => links.map(link => link.dataset.page)");

        string[] always = ["overview", "latency", "models", "data", "playground", "settings"];
        Assert.Equal([], always.Except(pages));
        Assert.Equal(routes.Contains("GET /monitoring/alerts"), pages.Contains("alerts"));
        Assert.Equal(routes.Contains("GET /monitoring/business"), pages.Contains("business"));
        Assert.Equal(routes.Contains("GET /monitoring/drift"), pages.Contains("drift"));
        Assert.DoesNotContain("PUT /items/{id}", routes);
    }

    [Fact]
    public async Task Keyboard_ReachesTheContentAndEveryPage()
    {
        await using var visit = await browser.VisitAsync(server.Address);
        await visit.SignInAsync();
        await visit.Page.ReloadAsync();
        await visit.ReadyAsync("overview");

        await visit.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("To the content", await visit.Page.EvaluateAsync<string>("document.activeElement.textContent"));
        await visit.Page.Keyboard.PressAsync("Enter");
        Assert.Equal("main", await visit.Page.EvaluateAsync<string>("document.activeElement.id"));
        await visit.Page.Locator("nav a[data-page=latency]").FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.ReadyAsync("latency");
        Assert.Equal("latency", await visit.Page.Locator("nav a[aria-current=page]").GetAttributeAsync("data-page"));
    }

    private async Task AskAsync(int times)
    {
        for (var at = 0; at < times; at++)
        {
            var reply = await admin.CallAsync("GET", $"/recommend?user_id={server.World.Users[at].Id}&num_items=5");
            Assert.Equal(HttpStatusCode.OK, reply.Status);
        }
    }

    private static string Whole(JsonElement number) => number.GetInt64().ToString("N0", CultureInfo.InvariantCulture);

    // Three figures behind the comma below one, two below a hundred, then none.
    private static void IsAbout(double milliseconds, string text)
    {
        var shown = double.Parse(text.Replace(" ms", "", StringComparison.Ordinal), NumberStyles.Any, CultureInfo.InvariantCulture);
        Assert.Equal(milliseconds, shown, milliseconds < 1 ? 0.00051 : milliseconds < 100 ? 0.0051 : 0.51);
    }
}
