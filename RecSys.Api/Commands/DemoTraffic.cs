using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using RecSys.Api.Contracts;
using RecSys.Api.Hosting.Authentication;
using RecSys.Core.Domain;
using RecSys.Core.Simulation;

namespace RecSys.Api.Commands;

/// <summary>Simulated visitors: they ask over HTTP like any app, look at what they get, and what they do becomes events.</summary>
internal sealed class DemoTraffic(SyntheticWorld world, string address)
{
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(30);
    private static readonly string[] Devices = ["mobile", "desktop", "tablet"];

    private readonly Random random = new(7);
    private readonly List<double> latencies = [];
    private int impressions;
    private int clicks;
    private int failures;

    /// <summary>Runs until cancelled; a failed request is counted and the next visitor comes.</summary>
    public async Task RunAsync(int requestsPerSecond, CancellationToken cancellationToken)
    {
        if (requestsPerSecond == 0) return;
        using var client = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(5) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", DevelopmentKey.Issue(
            "demo-visitors", [Scopes.RecommendRead, Scopes.EventsWrite, Scopes.Service], TimeSpan.FromDays(30)));
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / requestsPerSecond));
        var since = Stopwatch.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await VisitAsync(client, cancellationToken);
                if (Stopwatch.GetElapsedTime(since) < ReportEvery) continue;
                Report();
                since = Stopwatch.GetTimestamp();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The server stops, and so do the visitors.
        }
    }

    private async Task VisitAsync(HttpClient client, CancellationToken cancellationToken)
    {
        var user = world.Users[random.Next(world.Users.Count)];
        var device = Devices[random.Next(Devices.Length)];
        try
        {
            var reply = await client.GetFromJsonAsync(
                $"/recommend?user_id={Uri.EscapeDataString(user.Id)}&num_items=20&device={device}", ApiJson.Default.RecommendResponse,
                cancellationToken);
            var events = world.Respond(
                user, [.. reply!.Items.Select(item => item.ItemId)], TimeProvider.System.GetUtcNow(), reply.RequestId, device, random);
            await ReportAsync(client, events, cancellationToken);
            latencies.Add(reply.LatencyMs);
            impressions += events.Count(e => e.Type == EventType.Impression);
            clicks += events.Count(e => e.Type == EventType.Click);
        }
        catch (Exception exception)
            when (exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            failures++;
        }
    }

    private static async Task ReportAsync(HttpClient client, IReadOnlyList<Event> events, CancellationToken cancellationToken)
    {
        using var body = new ByteArrayContent(EventBody.Post(events));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await client.PostAsync("/events", body, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private void Report()
    {
        latencies.Sort();
        var (p50, p99) = latencies.Count == 0 ? (0, 0) : (latencies[latencies.Count / 2], latencies[(int)(latencies.Count * 0.99)]);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"visitors: {latencies.Count} lists, click-through rate {100.0 * clicks / Math.Max(1, impressions):F1} %, p50 {p50:F2} ms, "
                + $"p99 {p99:F2} ms, {failures} failed"));
        latencies.Clear();
        (impressions, clicks, failures) = (0, 0, 0);
    }
}
