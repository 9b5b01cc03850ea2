using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using RecSys.Core.Monitoring.Alerts;
using RecSys.Tests.EndToEnd;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.Dashboard;

/// <summary>Pages of business figures, drift and alerts: what they show is what the API says.</summary>
[Collection(ServedCollection.Name)]
public sealed class MonitoringPagesTests(ServerFixture server, BrowserFixture browser)
{
    [Fact]
    public async Task Business_ShowsTheFiguresOfTheHourAndTheSources()
    {
        using var admin = await server.ClientAsync("root", "admin");
        await using var visit = await OpenAsync("business");

        var report = (await admin.CallAsync("GET", "/monitoring/business?hours=24")).Body;
        var now = report.GetProperty("now");
        Assert.Equal(now.GetProperty("requests").GetInt64().ToString("N0", CultureInfo.InvariantCulture),
            await visit.FigureAsync("Requests"));
        var ctr = now.GetProperty("ctr");
        Assert.Equal(ctr.ValueKind == JsonValueKind.Null ? "–" : Percent(ctr.GetDouble()), await visit.FigureAsync("Click-through rate"));
        var sources = report.GetProperty("revenue_by_source").EnumerateArray()
            .Select(row => row.GetProperty("source").GetString()).ToArray();
        Assert.Equal(sources, (await visit.TableAsync("Revenue by source")).Select(row => row[0].Replace(' ', '_')));
        Assert.Equal($"{report.GetProperty("hours").GetArrayLength()}",
            await visit.Page.Locator("figure[data-points]").First.GetAttributeAsync("data-points"));
    }

    [Fact]
    public async Task Drift_ShowsFeaturesTheLargestShiftFirstAndTheHistogramsOfOne()
    {
        using var admin = await server.ClientAsync("root", "admin");
        await using var visit = await OpenAsync("drift");

        var report = (await admin.CallAsync("GET", "/monitoring/drift?window=24h")).Body;
        Assert.Equal(report.GetProperty("status").GetString()!.Replace('_', ' '), await visit.FigureAsync("Verdict"));
        var features = report.GetProperty("features").EnumerateArray().ToArray();
        Assert.True(features.Length > 100, $"Only {features.Length} features are compared.");
        var rows = await visit.TableAsync("Features by their index");
        Assert.Equal(
            features.OrderByDescending(Index).Select(feature => feature.GetProperty("name").GetString()), rows.Select(row => row[0]));
        // The one that was chosen is drawn: a bar for each bin of both.
        var chosen = features.OrderByDescending(Index).Last();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = chosen.GetProperty("name").GetString()!, Exact = true }).ClickAsync();
        await visit.Page.GetByText($"{chosen.GetProperty("name").GetString()!.Replace('_', ' ')}: PSI").WaitForAsync();
        Assert.Equal(2 * chosen.GetProperty("current").GetArrayLength(), await visit.Page.Locator(".histogram rect").CountAsync());
    }

    [Fact]
    public async Task Alerts_ShowTheLightAndASilenceIsMadeAndEndedByClicking()
    {
        using var admin = await server.ClientAsync("root", "admin");
        await using var visit = await OpenAsync("alerts");

        var report = (await admin.CallAsync("GET", "/monitoring/alerts")).Body;
        await visit.Page.GetByText($"The light is {report.GetProperty("light").GetString()}.").WaitForAsync();
        // As messages write them: an age in hours, a latency in milliseconds.
        Assert.Equal(
            AlertRules.All.Select(each =>
                (each.Name.Replace('_', ' '), each.Format(each.Yellow), each.Red is { } red ? each.Format(red) : "–")),
            (await visit.TableAsync("Rules")).Select(row => (row[0], row[3], row[4])));

        var rule = report.GetProperty("rules")[0].GetProperty("name").GetString()!;
        await visit.Page.Locator("select[name=rule]").SelectOptionAsync(rule);
        await visit.Page.GetByLabel("Minutes").FillAsync("30");
        await visit.Page.GetByLabel("Reason").FillAsync("<b>a test</b>");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Silence", Exact = true }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Region, new() { Name = "Silences" }).WaitForAsync();
        var silence = (await admin.CallAsync("GET", "/monitoring/alerts")).Body.GetProperty("silences")[0];
        Assert.Equal((rule, "<b>a test</b>"), (silence.GetProperty("rule").GetString(), silence.GetProperty("reason").GetString()));
        Assert.Equal("<b>a test</b>", (await visit.TableAsync("Silences"))[0][3]);

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = $"End the silence of {rule.Replace('_', ' ')}" }).ClickAsync();
        await visit.Page.GetByText("is heard again.").WaitForAsync();
        Assert.Equal(0, (await admin.CallAsync("GET", "/monitoring/alerts")).Body.GetProperty("silences").GetArrayLength());
    }

    [Fact]
    public async Task Overview_ShowsTheLightAndWhyAndTheFiguresOfTheBusiness()
    {
        using var admin = await server.ClientAsync("root", "admin");
        await using var visit = await OpenAsync("overview");

        var alerts = (await admin.CallAsync("GET", "/monitoring/alerts")).Body;
        var light = await visit.Page.Locator(".light").InnerTextAsync();
        Assert.Contains($"The light is {alerts.GetProperty("light").GetString()}.", light, StringComparison.Ordinal);
        Assert.All(alerts.GetProperty("reasons").EnumerateArray(),
            reason => Assert.Contains(reason.GetString()!, light, StringComparison.Ordinal));
        var ctr = (await admin.CallAsync("GET", "/monitoring/business?hours=24")).Body.GetProperty("now").GetProperty("ctr");
        Assert.Equal(ctr.ValueKind == JsonValueKind.Null ? "–" : Percent(ctr.GetDouble()), await visit.FigureAsync("Click-through rate"));
        // Decided anew every 15 s, so the number may be another one by now.
        Assert.Matches("^(–|[0-9]+)$", await visit.FigureAsync("Wanted"));
    }

    private static double Index(JsonElement feature) =>
        feature.GetProperty("psi") is { ValueKind: JsonValueKind.Number } psi ? psi.GetDouble() : 0;

    private static string Percent(double share) => (share * 100).ToString("0.##", CultureInfo.InvariantCulture) + " %";

    private async Task<DashboardVisit> OpenAsync(string page)
    {
        var visit = await browser.VisitAsync(server.Address);
        await visit.SignInAsync();
        if (page != "overview") await visit.GoToAsync(page);
        return visit;
    }
}
