using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RecSys.Tests.Monitoring.Alerts;

/// <summary>A receiver of webhooks on a loopback port: keeps what is posted to it, and answers as the test wants.</summary>
internal sealed class AlertReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<(string Path, JsonElement Body)> posts = new();

    private AlertReceiver(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.First());

    /// <summary>How a post to a path is answered; 200 unless the test sets another.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = _ => Task.CompletedTask;

    /// <summary>Bodies posted to a path, in the order in which they came.</summary>
    public IReadOnlyList<JsonElement> PostsTo(string path) => [.. posts.Where(post => post.Path == path).Select(post => post.Body)];

    public static async Task<AlertReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new AlertReceiver(builder.Build());
        receiver.app.Run(async http =>
        {
            using var body = await JsonDocument.ParseAsync(http.Request.Body, default, http.RequestAborted);
            receiver.posts.Enqueue((http.Request.Path.Value!, body.RootElement.Clone()));
            await receiver.Answer(http);
        });
        await receiver.app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
