using System.Net;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.Browsers;

/// <summary>What pages of other sites may do: by default nothing, with the public key next to nothing.</summary>
public sealed class PublicKeyTests : IAsyncLifetime
{
    private const string Key = "pk_0123456789abcdef0123";
    private const string Shop = "https://shop.example";
    private const string View = """{"events":[{"anonymous_id":"v-1","item_id":"i","type":"view"}]}""";

    private BareServer server = null!;
    private HttpClient page = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await BareServer.StartAsync(null,
            ("Browsers:Origins:0", Shop), ("Browsers:PublicKey", Key), ("Browsers:PublicKeyBurst", "20"),
            ("Browsers:PublicKeyPerSecond", "0.01"));
        page = server.ClientWith(Key);
        page.DefaultRequestHeaders.Add("Origin", Shop);
    }

    public async ValueTask DisposeAsync()
    {
        page.Dispose();
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData("impression")]
    [InlineData("click")]
    [InlineData("view")]
    public async Task Key_OnAnAllowedPage_ReportsWhatVisitorsSaw(string type)
    {
        using var admin = server.Client("root", "admin");

        var posted = await page.CallAsync("POST", "/events",
            $$"""{"events":[{"id":"e-{{type}}","anonymous_id":"v-1","session_id":"s","item_id":"i","type":"{{type}}","position":3}]}""");

        Assert.Equal((HttpStatusCode.Accepted, 1L), (posted.Status, posted.Number("accepted")));
        Assert.Contains($"e-{type}", (await admin.CallAsync("GET", "/events/recent")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"anonymous_id":"v","item_id":"i","type":"purchase"}""")]
    [InlineData("""{"anonymous_id":"v","item_id":"i","type":"like"}""")]
    [InlineData("""{"anonymous_id":"v","item_id":"i","type":"hide"}""")]
    [InlineData("""{"anonymous_id":"v","item_id":"i","type":7}""")]
    [InlineData("""{"user_id":"alice","item_id":"i","type":"view"}""")]
    [InlineData("""{"anonymous_id":"v","item_id":"i","type":"click","amount":5,"currency":"EUR","revenue_source":"ad_click"}""")]
    [InlineData("""{"anonymous_id":"v","item_id":"i","type":"view","value":900}""")]
    [InlineData("""{"anonymous_id":"v","item_id":"i","type":"view","meaning":"positive"}""")]
    public async Task Key_WithAnythingElse_IsRefusedAsAWhole(string e)
    {
        using var admin = server.Client("root", "admin");

        var refused = await page.CallAsync("POST", "/events",
            $$"""{"events":[{"anonymous_id":"v","item_id":"innocent","type":"view"},{{e}}]}""");

        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Contains("click, impression, view", refused.String("detail"), StringComparison.Ordinal);
        Assert.DoesNotContain("innocent", (await admin.CallAsync("GET", "/events/recent")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://other.example")]
    [InlineData("https://shop.example.evil.example")]
    [InlineData("http://shop.example")]
    [InlineData(null)]
    public async Task Key_FromElsewhere_IsRefused(string? origin)
    {
        using var elsewhere = server.ClientWith(Key);
        if (origin is not null) elsewhere.DefaultRequestHeaders.Add("Origin", origin);

        var refused = await elsewhere.CallAsync("POST", "/events", View);

        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Contains("Browsers:Origins", refused.String("detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/recommend?user_id=v-1")]
    [InlineData("GET", "/popular")]
    [InlineData("GET", "/events/recent")]
    [InlineData("PUT", "/items/x")]
    [InlineData("POST", "/bulk/events")]
    [InlineData("POST", "/tokens")]
    public async Task Key_OnAnotherRoute_IsNoKey(string method, string path) =>
        Assert.Equal(HttpStatusCode.Unauthorized, (await page.CallAsync(method, path)).Status);

    [Fact]
    public async Task Key_OfSomebodyElse_IsRefused()
    {
        using var wrong = server.ClientWith(Key + "4");
        wrong.DefaultRequestHeaders.Add("Origin", Shop);

        Assert.Equal(HttpStatusCode.Unauthorized, (await wrong.CallAsync("POST", "/events", View)).Status);
    }

    [Fact]
    public async Task Key_BeyondItsRate_IsAskedToWait()
    {
        var replies = new List<Reply>();
        for (var i = 0; i < 25; i++) replies.Add(await page.CallAsync("POST", "/events", View));

        Assert.Equal(20, replies.Count(reply => reply.Status == HttpStatusCode.Accepted));
        Assert.All(replies.Skip(20), reply => Assert.Equal(HttpStatusCode.TooManyRequests, reply.Status));
        Assert.True(replies[^1].RetryAfter > TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData(Shop, true)]
    [InlineData("https://other.example", false)]
    public async Task Browser_ThatAsksWhetherItMay_IsToldOfAllowedOriginsAlone(string origin, bool allowed)
    {
        using var client = server.Client();
        using var asked = new HttpRequestMessage(HttpMethod.Options, "/events");
        asked.Headers.Add("Origin", origin);
        asked.Headers.Add("Access-Control-Request-Method", "POST");
        asked.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");

        using var answer = await client.SendAsync(asked, Token);

        Assert.Equal(allowed, answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var origins) && origins.Single() == origin);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task Server_WithoutSettings_TakesNoKeyAndTellsNoOrigin()
    {
        await using var plain = await BareServer.StartAsync();
        using var client = plain.ClientWith(Key);
        client.DefaultRequestHeaders.Add("Origin", Shop);

        using var post = new HttpRequestMessage(HttpMethod.Post, "/events") { Content = new StringContent(View, null, "application/json") };
        using var refused = await client.SendAsync(post, Token);
        using var read = await client.GetAsync("/livez", Token);

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.False(read.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("Browsers:PublicKey", "secret", "pk_")]
    [InlineData("Browsers:PublicKey", "pk_short", "20 to 128")]
    [InlineData("Browsers:PublicKey", Key, "Browsers:Origins")]
    [InlineData("Browsers:Origins:0", "https://shop.example/", "without a path")]
    [InlineData("Browsers:Origins:0", "http://shop.example", "http is for the loopback")]
    [InlineData("Browsers:Origins:0", "*", "must be origins")]
    public async Task Settings_ThatCannotBe_StopTheStart(string option, string value, string told)
    {
        var failure = await Assert.ThrowsAsync<Core.Domain.RecSysException>(() => BareServer.StartAsync(null, (option, value)));

        Assert.Contains(told, failure.Message, StringComparison.Ordinal);
    }
}
