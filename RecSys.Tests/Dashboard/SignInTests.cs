using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using RecSys.Api.Dashboard.Sessions;
using RecSys.Tests.EndToEnd;

namespace RecSys.Tests.Dashboard;

/// <summary>Coming in and going out with a browser.</summary>
[Collection(ServedCollection.Name)]
public sealed class SignInTests(ServerFixture server, BrowserFixture browser) : IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await server.StartAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task SignIn_WithAToken_LeavesACookieThatNoScriptReadsAndNothingElse()
    {
        await using var visit = await browser.VisitAsync(server.Address);
        await visit.SignInAsync();

        var cookie = Assert.Single(await visit.Context.CookiesAsync());
        Assert.Equal((true, SameSiteAttribute.Strict, "/"), (cookie.HttpOnly, cookie.SameSite, cookie.Path));
        // The token of the test lives for an hour, and the session no longer.
        var ends = DateTimeOffset.FromUnixTimeSeconds((long)cookie.Expires);
        Assert.InRange(ends, TimeProvider.System.GetUtcNow().AddMinutes(50), TimeProvider.System.GetUtcNow().AddMinutes(61));
        Assert.Equal("", await visit.Page.EvaluateAsync<string>("document.cookie"));
        Assert.Equal(0, await visit.Page.EvaluateAsync<int>("localStorage.length + sessionStorage.length"));
        Assert.Equal("root", await visit.Page.Locator("#who").InnerTextAsync());

        // Another window of the same browser is signed in, too.
        await visit.Page.ReloadAsync();
        await visit.ReadyAsync("overview");
    }

    [Fact]
    public async Task SignOut_EndsTheSessionForWhoeverKeptTheCookie()
    {
        await using var visit = await browser.VisitAsync(server.Address);
        await visit.SignInAsync();
        var cookie = Assert.Single(await visit.Context.CookiesAsync());

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await visit.ReadyAsync("signin");

        Assert.Empty(await visit.Context.CookiesAsync());
        using var thief = await server.ClientAsync(null);
        thief.DefaultRequestHeaders.Add("Cookie", $"{cookie.Name}={cookie.Value}");
        using var refused = await thief.GetAsync("/models", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task SignIn_OutsideDevelopmentWithoutTls_SaysSoAndTakesNoToken()
    {
        await using var visit = await browser.VisitAsync(server.Address);
        await visit.Page.AddInitScriptAsync("Object.defineProperty(window, 'isSecureContext', { value: false })");
        await visit.Page.RouteAsync("**/dashboard/session", route => route.FulfillAsync(
            new() { ContentType = "application/json", Body = """{"signed_in":false,"development":false}""" }));
        await visit.OpenAsync();
        await visit.ReadyAsync("signin");

        Assert.Contains("Open it by https", await visit.Page.GetByRole(AriaRole.Alert).First.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await visit.Page.Locator("input").CountAsync());
    }

    [Fact]
    public async Task SignIn_WithAWrongOrWeakToken_SaysWhatIsWrong()
    {
        await using var visit = await browser.VisitAsync(server.Address);
        await visit.OpenAsync();
        await visit.ReadyAsync("signin");

        await visit.SendTokenAsync("nonsense");
        await visit.Page.GetByText("This token is not valid here").WaitForAsync();
        await visit.SendTokenAsync(ServerFixture.Token("shop", "service"));
        await visit.Page.GetByText("has not the scope admin").WaitForAsync();

        Assert.Empty(await visit.Context.CookiesAsync());
        // The browser tells of the two refused requests by itself.
        Assert.Equal(2, visit.TakeFaults().Count(fault => fault.Contains("401", StringComparison.Ordinal)
            || fault.Contains("403", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Link_Opened_SignsInOnceAndLeavesNoCodeInTheAddress()
    {
        var link = server.Services.GetRequiredService<SignInCodes>().Link(server.Address.ToString());

        await using (var first = await browser.VisitAsync(server.Address))
        {
            await first.OpenAsync(link);
            await first.ReadyAsync("overview");
            Assert.Equal("/dashboard#/overview",
                await first.Page.EvaluateAsync<string>("location.pathname + location.search + location.hash"));
            Assert.Equal(SignInCodes.Subject, await first.Page.Locator("#who").InnerTextAsync());
        }

        await using var second = await browser.VisitAsync(server.Address);
        await second.OpenAsync(link);
        await second.Page.GetByText("This link was used already").WaitForAsync();
        Assert.Contains("401", Assert.Single(second.TakeFaults()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Change_WithoutTheValueOfThePage_IsRefusedAndAudited()
    {
        await using var visit = await browser.VisitAsync(server.Address);
        await visit.SignInAsync();
        // As another site would, if its request carried the cookie at all: with all that the browser adds by itself.
        var request = visit.Context.APIRequest;

        var bare = await request.PostAsync("/models/v9.9.9:promote");
        var wrong = await request.PostAsync("/models/v9.9.9:promote", new() { Headers = Csrf("guess") });
        var session = JsonDocument.Parse(await (await request.GetAsync("/dashboard/session")).TextAsync()).RootElement;
        var right = await request.PostAsync("/models/v9.9.9:promote", new() { Headers = Csrf(session.GetProperty("csrf").GetString()!) });

        Assert.Equal((403, 403, 404), (bare.Status, wrong.Status, right.Status));
        Assert.Contains("X-CSRF-Token", await bare.TextAsync(), StringComparison.Ordinal);
        var audit = await File.ReadAllLinesAsync(Path.Combine(server.DataFolder, "audit.jsonl"), TestContext.Current.CancellationToken);
        Assert.Contains(audit, line => line.Contains("v9.9.9", StringComparison.Ordinal)
            && line.Contains("\"status\":403", StringComparison.Ordinal));
        Assert.Contains(audit, line => line.Contains("/dashboard/session/\"", StringComparison.Ordinal)
            && line.Contains("\"status\":200", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("POST", "/events")]
    [InlineData("PUT", "/items/x")]
    [InlineData("DELETE", "/users/x")]
    [InlineData("GET", "/users/x/export")]
    [InlineData("POST", "/models/v1.0.0:quarantine")]
    public async Task Session_OnARouteThatNoPageNeeds_IsNoSession(string method, string path)
    {
        using var client = await server.ClientAsync("root", "admin");
        using var begun = await client.PostAsync("/dashboard/session", null, TestContext.Current.CancellationToken);
        var body = JsonDocument.Parse(await begun.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
        using var browserLike = await server.ClientAsync(null);
        browserLike.DefaultRequestHeaders.Add("Cookie", begun.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        browserLike.DefaultRequestHeaders.Add("X-CSRF-Token", body.GetProperty("csrf").GetString());

        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path);
        using var refused = await browserLike.SendAsync(request, TestContext.Current.CancellationToken);
        using var allowed = await browserLike.GetAsync("/models", TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (refused.StatusCode, allowed.StatusCode));
    }

    private static Dictionary<string, string> Csrf(string value) => new() { ["X-CSRF-Token"] = value };
}
