using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace RecSys.Api.Commands.Bench.Alerts;

/// <summary>
/// A receiver of webhooks on a loopback port: keeps what is posted to it, with the moment at which it came, and answers as it is told to.
/// </summary>
internal sealed class WebhookSink : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<Post> posts = new();

    private WebhookSink(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.First());

    /// <summary>How a post is answered once it is kept; 200 unless another is set.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = _ => Task.CompletedTask;

    /// <summary>Posts to a path, in the order in which they came.</summary>
    public IReadOnlyList<Post> PostsTo(string path) => [.. posts.Where(post => post.Path == path)];

    /// <summary>Bodies of <see cref="PostsTo"/>.</summary>
    public IReadOnlyList<JsonElement> BodiesTo(string path) => [.. PostsTo(path).Select(post => post.Body)];

    public static async Task<WebhookSink> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var sink = new WebhookSink(builder.Build());
        sink.app.Run(async http =>
        {
            using var body = await JsonDocument.ParseAsync(http.Request.Body, default, http.RequestAborted);
            sink.posts.Enqueue(new Post(Stopwatch.GetTimestamp(), http.Request.Path.Value!, body.RootElement.Clone()));
            await sink.Answer(http);
        });
        await sink.app.StartAsync(cancellationToken);
        return sink;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    /// <summary>What was posted.</summary>
    /// <param name="At">Time stamp of <see cref="Stopwatch"/>.</param>
    /// <param name="Path">Where to.</param>
    /// <param name="Body">JSON.</param>
    internal readonly record struct Post(long At, string Path, JsonElement Body);
}
