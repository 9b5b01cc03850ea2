using System.Text.Json;
using Microsoft.Playwright;
using RecSys.Tests.EndToEnd;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Dashboard;

/// <summary>
/// A person at the dashboard. Whatever the browser complains about and whatever it asks of another host is noted, and must be nothing when
/// the visit ends.
/// </summary>
internal sealed class DashboardVisit(IBrowserContext context, IPage page, Uri server) : IAsyncDisposable
{
    private static readonly Lazy<string> Rules =
        new(() => File.ReadAllText(Repository.File("artifacts/tools/axe/node_modules/axe-core/axe.min.js")));

    private readonly List<string> faults = [];

    public IPage Page => page;

    public IBrowserContext Context => context;

    /// <summary>Opens the first page without a session.</summary>
    /// <param name="address">Below the server.</param>
    public async Task OpenAsync(string address = "/dashboard")
    {
        page.Console += (_, line) =>
        {
            if (line.Type is "error" or "warning") Note($"console: {line.Text}");
        };
        page.PageError += (_, error) => Note($"error: {error}");
        context.Request += (_, request) =>
        {
            var asked = new Uri(request.Url);
            if (asked.Scheme != "data" && asked.Authority != server.Authority) Note($"foreign request: {request.Url}");
        };
        await page.GotoAsync(address);
    }

    /// <summary>Signs in by the form, with a token that has the scope admin.</summary>
    public async Task SignInAsync(string subject = "root")
    {
        await OpenAsync();
        await ReadyAsync("signin");
        await SendTokenAsync(ServerFixture.Token(subject, "admin"));
        await ReadyAsync("overview");
    }

    public async Task SendTokenAsync(string token)
    {
        await page.GetByLabel("Token with the scope admin").FillAsync(token);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    /// <summary>Chooses a page as a person does, and waits until it is there.</summary>
    public async Task GoToAsync(string name)
    {
        await page.Locator($"nav a[data-page={name}]").ClickAsync();
        await ReadyAsync(name);
    }

    /// <summary>Waits until a page has shown all that it asked for.</summary>
    public Task ReadyAsync(string name) => page.Locator($"main[data-ready={name}]").WaitForAsync();

    /// <summary>The figure of a tile.</summary>
    public Task<string> FigureAsync(string name) => page.Locator(".tile")
        .Filter(new() { Has = page.GetByText(name, new() { Exact = true }) }).Locator(".figure").First.InnerTextAsync();

    /// <summary>Cells of a table's rows.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<string>>> TableAsync(string caption)
    {
        var json = await page.GetByRole(AriaRole.Region, new() { Name = caption, Exact = true }).EvaluateAsync<string>(
            "region => JSON.stringify([...region.querySelectorAll('tbody tr')]"
                + ".map(row => [...row.cells].map(cell => cell.innerText.trim())))");
        return JsonSerializer.Deserialize<string[][]>(json)!;
    }

    /// <summary>What axe-core finds wrong on the page as it is, one line each.</summary>
    public async Task<IReadOnlyList<string>> ViolationsAsync()
    {
        await page.EvaluateAsync(Rules.Value);
        var json = await page.EvaluateAsync<string>(
            """
            async () => JSON.stringify((await axe.run(document, { resultTypes: ['violations'] })).violations
                .map(each => `${each.id}: ${each.nodes.map(node => node.html.slice(0, 120)).join(' | ')}`))
            """);
        return JsonSerializer.Deserialize<string[]>(json)!;
    }

    /// <summary>Takes what was noted so far: the test has provoked it.</summary>
    public IReadOnlyList<string> TakeFaults()
    {
        lock (faults)
        {
            string[] taken = [.. faults];
            faults.Clear();
            return taken;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await context.DisposeAsync();
        Assert.Equal([], TakeFaults());
    }

    private void Note(string fault)
    {
        lock (faults) faults.Add(fault);
    }
}
