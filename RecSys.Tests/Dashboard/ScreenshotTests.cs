using RecSys.Tests.EndToEnd;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.Dashboard;

/// <summary>
/// The pictures of the README: small, and of pages as they are. With <c>RECSYS_SCREENSHOTS</c> in the environment, a folder of the
/// checkout, they are made anew, of the server in Development that <c>RECSYS_SCREENSHOTS_OF</c> names (such as the demo after an hour),
/// else of that of the tests; without it they are only looked at.
/// </summary>
[Collection(ServedCollection.Name)]
public sealed class ScreenshotTests(ServerFixture server, BrowserFixture browser)
{
    private const int MostBytes = 150 * 1024;
    private static readonly string[] Pages = ["overview", "latency", "playground", "models"];

    [Fact]
    public async Task Pictures_AreThoseOfTheReadme()
    {
        if (Environment.GetEnvironmentVariable("RECSYS_SCREENSHOTS") is { Length: > 0 } folder)
            await TakeAsync(Repository.File(folder));

        var readme = await File.ReadAllTextAsync(Repository.File("README.md"), TestContext.Current.CancellationToken);
        foreach (var page in Pages)
        {
            var picture = new FileInfo(Repository.File($"docs/images/{page}.png"));
            Assert.True(picture.Exists, $"{picture.Name} is missing.");
            Assert.InRange(picture.Length, 5_000, MostBytes);
            Assert.Contains($"](docs/images/{page}.png)", readme, StringComparison.Ordinal);
        }
    }

    private async Task TakeAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        Uri address;
        if (Environment.GetEnvironmentVariable("RECSYS_SCREENSHOTS_OF") is { Length: > 0 } running)
        {
            address = new Uri(running);
        }
        else
        {
            using var visitor = await server.ClientAsync("shop", "recommend:read", "service");
            address = server.Address;
            foreach (var user in server.World.Users.Take(150)) await visitor.CallAsync("GET", $"/recommend?user_id={user.Id}");
        }
        foreach (var (page, at) in Pages.Select((page, at) => (page, at)))
        {
            await using var visit = await browser.VisitAsync(address, 1180, dark: at % 2 == 1);
            await visit.SignInAsync();
            await visit.GoToAsync(page);
            // A window of it, not all: small enough for a page.
            await visit.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{page}.png") });
        }
    }
}
