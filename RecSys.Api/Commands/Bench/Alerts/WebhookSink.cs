using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace RecSys.Api.Commands.Bench.Alerts;

/// <summary>Receives what a server sends to chat and pager, on a loopback port, with the moment at which it came.</summary>
internal sealed class WebhookSink : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<Told> messages = new();

    private WebhookSink(WebApplication app) => this.app = app;

    /// <summary>What came, in the order in which it came.</summary>
    public IReadOnlyCollection<Told> Messages => messages;

    public string ChatUrl => new Uri(new Uri(app.Urls.First()), "chat").ToString();

    public string PagerUrl => new Uri(new Uri(app.Urls.First()), "pager").ToString();

    public static async Task<WebhookSink> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var sink = new WebhookSink(builder.Build());
        sink.app.Run(async http =>
        {
            using var body = await JsonDocument.ParseAsync(http.Request.Body, default, http.RequestAborted);
            var isPager = http.Request.Path.StartsWithSegments("/pager", StringComparison.Ordinal);
            sink.messages.Enqueue(new Told(Stopwatch.GetTimestamp(), isPager, isPager
                ? $"{body.RootElement.GetProperty("event_action").GetString()}"
                : $"{body.RootElement.GetProperty("text").GetString()}"));
        });
        await sink.app.StartAsync(cancellationToken);
        return sink;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    /// <summary>A message.</summary>
    /// <param name="At">Time stamp of <see cref="Stopwatch"/>.</param>
    /// <param name="IsPager">True: a PagerDuty event, else a chat message.</param>
    /// <param name="Text">Action of the event, or heading of the message.</param>
    internal readonly record struct Told(long At, bool IsPager, string Text);
}
