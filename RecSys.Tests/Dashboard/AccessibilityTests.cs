using RecSys.Tests.EndToEnd;

namespace RecSys.Tests.Dashboard;

/// <summary>Every page, on a phone and on a desk, by day and by night: nothing that axe-core finds wrong, and nothing wider than the
/// window.</summary>
[Collection(ServedCollection.Name)]
public sealed class AccessibilityTests(ServerFixture server, BrowserFixture browser)
{
    [Theory]
    [InlineData(390, false)]
    [InlineData(390, true)]
    [InlineData(1280, false)]
    [InlineData(1280, true)]
    public async Task EveryPage_IsFitForEverybody(int width, bool dark)
    {
        await server.StartAsync();
        await using var visit = await browser.VisitAsync(server.Address, width, dark);
        await visit.OpenAsync();
        await visit.ReadyAsync("signin");
        Assert.Equal([], await visit.ViolationsAsync());
        await visit.SendTokenAsync(ServerFixture.Token("root", "admin"));
        await visit.ReadyAsync("overview");

        foreach (var page in await visit.Page.Locator("nav a").EvaluateAllAsync<string[]>("links => links.map(link => link.dataset.page)"))
        {
            await visit.GoToAsync(page);
            Assert.Equal([], (await visit.ViolationsAsync()).Select(violation => $"{page}: {violation}"));
            Assert.True(await visit.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"),
                $"{page} is wider than {width} pixels.");
        }
    }
}
