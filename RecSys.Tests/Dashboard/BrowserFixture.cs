using Microsoft.Playwright;
using RecSys.Tests.Dashboard;

[assembly: AssemblyFixture(typeof(BrowserFixture))]

namespace RecSys.Tests.Dashboard;

/// <summary>Debian's Chromium, started once for all tests that look at pages; each has a profile of its own in it.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium";

    private readonly SemaphoreSlim starting = new(1, 1);
    private IPlaywright? driver;
    private IBrowser? browser;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A window of its own on a server, with nothing of another test in it.</summary>
    /// <param name="server">Whose pages.</param>
    /// <param name="width">Of the window, in CSS pixels.</param>
    /// <param name="dark">Which colours the system asks for.</param>
    internal async Task<DashboardVisit> VisitAsync(Uri server, int width = 1280, bool dark = false)
    {
        var context = await (await StartedAsync()).NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = server.ToString(),
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            // A colour on its way to another is neither.
            ReducedMotion = ReducedMotion.Reduce,
            // Times on a page are those of the place.
            TimezoneId = "UTC",
        });
        context.SetDefaultTimeout(20_000);
        return new DashboardVisit(context, await context.NewPageAsync(), server);
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        driver?.Dispose();
        starting.Dispose();
    }

    private async Task<IBrowser> StartedAsync()
    {
        await starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (browser is not null) return browser;
            Assert.True(File.Exists(Program), $"{Program} is missing: run eng/setup.sh, which installs what tests need.");
            driver = await Playwright.CreateAsync();
            return browser = await driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = Program,
                // Tests may run as root, and in a container whose shared memory is small.
                Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
            });
        }
        finally
        {
            starting.Release();
        }
    }
}
