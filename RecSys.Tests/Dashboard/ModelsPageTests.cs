using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using RecSys.Core.Models;
using RecSys.Core.Training.Nightly;
using RecSys.Tests.EndToEnd;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.Dashboard;

/// <summary>The registry in a browser: looked at, compared, and changed by clicking.</summary>
[Collection(ServedCollection.Name)]
public sealed class ModelsPageTests(ServerFixture server, BrowserFixture browser) : IAsyncLifetime
{
    private HttpClient admin = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ModelRegistry Registry => server.Services.GetRequiredService<ModelRegistry>();

    public async ValueTask InitializeAsync() => admin = await server.ClientAsync("root", "admin");

    public async ValueTask DisposeAsync()
    {
        await server.Services.ServeFirstAsync();
        admin.Dispose();
    }

    [Fact]
    public async Task PromoteAndRollBack_ByClicking_ChangeWhatServes()
    {
        var version = await Registry.StageCopyAsync();
        var before = await ServingAsync();
        await using var visit = await browser.VisitAsync(server.Address);
        await visit.SignInAsync();
        await visit.GoToAsync("models");

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = $"Promote {version}" }).ClickAsync();
        var question = visit.Page.GetByRole(AriaRole.Dialog);
        Assert.Contains($"Make {version} the champion?", await question.InnerTextAsync(), StringComparison.Ordinal);
        await question.GetByLabel("Reason").FillAsync("clicked");
        await question.GetByRole(AriaRole.Button, new() { Name = "Promote" }).ClickAsync();
        await visit.Page.GetByText($"{version} is the champion and serves.").WaitForAsync();
        Assert.Equal(version, await ServingAsync());
        var history = (await admin.CallAsync("GET", $"/models/{version}")).Body.GetProperty("history")[0];
        Assert.Equal(("champion", "clicked"), (history.GetProperty("to").GetString(), history.GetProperty("reason").GetString()));

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Roll back" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Roll back" }).ClickAsync();
        await visit.Page.GetByText($"{before} is the champion and serves.").WaitForAsync();
        Assert.Equal(before, await ServingAsync());
    }

    [Fact]
    public async Task Promote_CalledOff_ChangesNothing()
    {
        var version = await Registry.StageCopyAsync();
        var before = await ServingAsync();
        await using var visit = await browser.VisitAsync(server.Address);
        await visit.SignInAsync();
        await visit.GoToAsync("models");

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = $"Promote {version}" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = $"Promote {version}" }).ClickAsync();
        await visit.Page.Keyboard.PressAsync("Escape");
        await visit.Page.GetByRole(AriaRole.Dialog).WaitForAsync(new() { State = WaitForSelectorState.Detached });

        Assert.Equal(before, await ServingAsync());
        Assert.Equal("staging", (await Registry.DescribeAsync(version, Token)).StateName);
    }

    [Fact]
    public async Task Page_ShowsTheRegistryAFewVersionsComparedAndOneInDetail()
    {
        var version = await Registry.StageCopyAsync();
        await using var visit = await browser.VisitAsync(server.Address);
        await visit.SignInAsync();
        await visit.GoToAsync("models");

        var models = (await admin.CallAsync("GET", "/models?limit=100")).Body.GetProperty("models").EnumerateArray().ToArray();
        var rows = await visit.TableAsync("Model versions");
        Assert.Equal(models.Select(model => (model.GetProperty("version").GetString()!, model.GetProperty("state").GetString()!)),
            rows.Select(row => (row[0].Split(' ')[0], row[1])));
        // The two latest are compared at first.
        var metrics = models[0].GetProperty("metrics");
        var figures = await visit.TableAsync("Figures from training");
        Assert.Equal(metrics.EnumerateObject().Count(), figures.Count);
        Assert.Equal(metrics.GetProperty("ranker.valid_auc").GetDouble(),
            double.Parse(figures.Single(row => row[0] == "ranker.valid auc")[1], CultureInfo.InvariantCulture), 0.00006);

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = $"Details of {version}" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Region, new() { Name = "History of the version" }).WaitForAsync();
        var history = (await admin.CallAsync("GET", $"/models/{version}")).Body.GetProperty("history").EnumerateArray();
        Assert.Equal(history.Select(line => line.GetProperty("reason").GetString()),
            (await visit.TableAsync("History of the version")).Select(row => row[4]));
    }

    [Fact]
    public async Task Night_WithAReport_IsShownWithItsStepsAndOpensWhereNothingRuns()
    {
        var night = Path.Combine(server.DataFolder, "nights", "2026-03-04");
        Directory.CreateDirectory(Path.Combine(night, "steps"));
        await File.WriteAllTextAsync(Path.Combine(night, "steps", "01-collect.json"),
            """
            {"step":"collect","verdict":"12 events were collected","started_at":"2026-03-05T00:00:00Z","ended_at":"2026-03-05T00:00:02Z",
             "seconds":2.5,"peak_memory_bytes":1,"inputs":[],"outputs":[],"counts":{}}
            """, Token);
        await File.WriteAllTextAsync(Path.Combine(night, "report.html"),
            "<!doctype html><title>Night</title><style>p{color:red}</style><p>The report.</p><script>document.title='broken'</script>",
            Token);
        try
        {
            await using var visit = await browser.VisitAsync(server.Address);
            await visit.SignInAsync();
            await visit.GoToAsync("models");

            var row = Assert.Single(await visit.TableAsync("Nights"));
            Assert.Equal(("2026-03-04", "collect", "12 events were collected"), (row[0], row[2], row[3]));
            Assert.StartsWith($"1 of {NightlyPipeline.Steps.Count}", row[1], StringComparison.Ordinal);
            var report = await visit.Context.RunAndWaitForPageAsync(
                () => visit.Page.GetByRole(AriaRole.Link, new() { Name = "Report of 2026-03-04" }).ClickAsync());
            await report.GetByText("The report.").WaitForAsync();
            Assert.Equal("Night", await report.TitleAsync());
            // It cannot even read the cookie's site.
            Assert.Equal("null", await report.EvaluateAsync<string>("self.origin"));
            using var reply = await admin.GetAsync("/dashboard/nights/2026-03-04/report", Token);
            Assert.StartsWith("sandbox; default-src 'none'", reply.Headers.GetValues("Content-Security-Policy").Single(),
                StringComparison.Ordinal);
            foreach (var day in (string[])["2026-03-05", "..%2F..%2Faudit", "x"])
                Assert.Equal(System.Net.HttpStatusCode.NotFound, (await admin.CallAsync("GET", $"/dashboard/nights/{day}/report")).Status);
        }
        finally
        {
            Directory.Delete(night, recursive: true);
        }
    }

    private async Task<string> ServingAsync() => (await admin.CallAsync("GET", "/models")).String("serving")!;
}
