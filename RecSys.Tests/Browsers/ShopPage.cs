using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RecSys.Tests.Browsers;

/// <summary>
/// A page of a shop on an origin of its own, with a content security policy that allows the snippet and nothing else: two cards, the second
/// one far below the first.
/// </summary>
internal sealed class ShopPage : IAsyncDisposable
{
    private readonly WebApplication app;

    private ShopPage(WebApplication app) => this.app = app;

    /// <summary>Its origin, as a browser writes it.</summary>
    public string Origin => app.Urls.First();

    /// <summary>The recommendation server; known once that has started, which has to know this origin.</summary>
    public string Api { get; set; } = "";

    public static async Task<ShopPage> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var page = new ShopPage(app);
        app.MapGet("/", (HttpContext http) =>
        {
            http.Response.Headers.ContentSecurityPolicy =
                $"default-src 'none'; script-src 'self' {page.Api}; connect-src {page.Api}; require-trusted-types-for 'script'";
            return Results.Text(
                """
                <!doctype html><title>Shop</title>
                <div id="near">A card</div><div id="gap"></div><div id="far">Another card</div>
                <script type="module" src="/page.js"></script>
                """, "text/html");
        });
        app.MapGet("/page.js", () => Results.Text(
            $$"""
            import { RecSys } from "{{page.Api}}/sdk/recsys.js";
            document.getElementById("near").style.height = document.getElementById("far").style.height = "200px";
            document.getElementById("gap").style.height = "3000px";
            window.RecSys = RecSys;
            window.ready = true;
            """, "text/javascript"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
