using System.Globalization;
using System.Text;
using RecSys.Api.Hosting;

namespace RecSys.Api.Dashboard.Feeds;

/// <summary>
/// Server-sent events (WHATWG HTML, section 9.2) to browsers that watch, at most <see cref="DashboardOptions.MaxStreams"/> at a time. A
/// stream ends with its session, with its token, and when the server begins to stop.
/// </summary>
internal sealed class LiveStreams(
    DashboardOptions options, IEnumerable<IDashboardFeed> feeds, Readiness readiness, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private readonly IDashboardFeed[] feeds = [.. feeds];
    private int open;

    /// <summary>Streams that are open.</summary>
    public int Open => Volatile.Read(ref open);

    /// <summary>Names of what can be watched.</summary>
    public IReadOnlyList<string> Topics => [.. feeds.Select(feed => feed.Name)];

    /// <summary>Writes until something ends the stream.</summary>
    /// <param name="http">The request.</param>
    /// <param name="topics">What it is to hear of.</param>
    /// <param name="expires">When its token or session ends.</param>
    /// <param name="ended">Cancelled when its session ends before that.</param>
    /// <returns>False when there are as many as may be; then nothing is written.</returns>
    public async Task<bool> RunAsync(HttpContext http, IReadOnlyList<string> topics, DateTimeOffset expires, CancellationToken ended)
    {
        if (Interlocked.Increment(ref open) > options.MaxStreams)
        {
            Interlocked.Decrement(ref open);
            return false;
        }
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, ended, lifetime.ApplicationStopping);
            await WriteAsync(http, [.. feeds.Where(feed => topics.Contains(feed.Name))], expires, stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The page was left, somebody signed out, or the server stops: the reply just ends.
        }
        finally
        {
            Interlocked.Decrement(ref open);
        }
        return true;
    }

    private async Task WriteAsync(HttpContext http, IDashboardFeed[] wanted, DateTimeOffset expires, CancellationToken cancellationToken)
    {
        http.Response.ContentType = "text/event-stream";
        var cursors = new long[wanted.Length];
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            for (var at = 0; at < wanted.Length; at++)
            {
                if (wanted[at].Read(ref cursors[at]) is not { } data) continue;
                await http.Response.Body.WriteAsync(Encoding.ASCII.GetBytes($"event: {wanted[at].Name}\ndata: "), cancellationToken);
                await http.Response.Body.WriteAsync(data, cancellationToken);
                await http.Response.Body.WriteAsync("\n\n"u8.ToArray(), cancellationToken);
            }
            // Said every time, so that a page sees that it is alive although nothing happens.
            await http.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"event: time\ndata: \"{time.GetUtcNow():O}\"\n\n"),
                cancellationToken);
            await http.Response.Body.FlushAsync(cancellationToken);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken) && !readiness.IsStopping && time.GetUtcNow() < expires);
    }
}
