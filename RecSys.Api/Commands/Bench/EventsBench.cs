using System.CommandLine;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using RecSys.Api.Hosting.Authentication;

namespace RecSys.Api.Commands.Bench;

/// <summary>
/// <c>bench events</c>: starts a server of its own process on the given data and posts events to it from many clients, each of which sends
/// its next batch when the last one is acknowledged, beside the rate at which the same disk flushes by itself.
/// </summary>
internal static class EventsBench
{
    private static readonly TimeSpan FlushProbe = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    public static Command Create()
    {
        var batch = CommonOptions.InRange(new Option<int>("--batch") { Description = "Events per post", DefaultValueFactory = _ => 100 }, 1,
            1000);
        var clients = CommonOptions.InRange(
            new Option<int>("--clients") { Description = "Clients that post at the same time", DefaultValueFactory = _ => 100 }, 1, 10_000);
        var seconds = CommonOptions.InRange(
            new Option<int>("--seconds") { Description = "Length of the measured part", DefaultValueFactory = _ => 10 }, 1, 3600);
        var command = new Command("events", "Durable events per second over HTTP") { CommonOptions.Data, batch, clients, seconds };
        command.SetAction((arguments, cancellationToken) => RunAsync(
            arguments.GetValue(CommonOptions.Data)!, arguments.GetValue(batch), arguments.GetValue(clients), arguments.GetValue(seconds),
            cancellationToken));
        return command;
    }

    private static async Task RunAsync(string dataFolder, int batch, int clients, int seconds, CancellationToken cancellationToken)
    {
        var world = await BenchWorld.ReadAsync(dataFolder, cancellationToken);
        var flushes = FlushesPerSecond(dataFolder, cancellationToken);
        await using var server = await ServerProcess.StartAsync(dataFolder, cancellationToken);
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = clients }) { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Authorization = BenchToken.Of(TimeSpan.FromHours(1), Scopes.EventsWrite, Scopes.Service);
        await PostAsync(client, world, batch, clients, WarmUp, cancellationToken);
        var (cpu, started) = (server.CpuTime, Stopwatch.GetTimestamp());
        var posts = await PostAsync(client, world, batch, clients, TimeSpan.FromSeconds(seconds), cancellationToken);
        cpu = server.CpuTime - cpu;
        var wall = Stopwatch.GetElapsedTime(started);
        var stored = posts.Where(post => post.Stored).Select(post => post.Milliseconds).ToArray();
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            bench = "events",
            batch,
            clients,
            events_per_s = Math.Round(stored.Length * (double)batch / wall.TotalSeconds),
            ack_ms_p50 = Percentiles.Of(stored, 0.50, 2),
            ack_ms_p99 = Percentiles.Of(stored, 0.99, 2),
            refused = posts.Length - stored.Length,
            cpu_us_per_post = Math.Round(cpu.TotalMicroseconds / Math.Max(1, posts.Length), 1),
            rss_mb = server.ResidentMegabytes,
            fsync_per_s = Math.Round(flushes),
        }));
    }

    private static async Task<Post[]> PostAsync(
        HttpClient client, BenchWorld world, int batch, int clients, TimeSpan length, CancellationToken cancellationToken)
    {
        var until = Stopwatch.GetTimestamp() + (long)(length.TotalSeconds * Stopwatch.Frequency);
        var run = Guid.NewGuid().ToString("N")[..8];
        var posts = await Task.WhenAll(Enumerable.Range(0, clients).Select(async number =>
        {
            var random = new Random(number);
            var mine = new List<Post>();
            for (var post = 0; Stopwatch.GetTimestamp() < until; post++)
            {
                using var content = new ByteArrayContent(world.Batch(random, batch, $"{run}-{number}-{post}"));
                content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                var sent = Stopwatch.GetTimestamp();
                using var response = await client.PostAsync("/events", content, cancellationToken);
                mine.Add(new Post(response.StatusCode == System.Net.HttpStatusCode.Accepted,
                    Stopwatch.GetElapsedTime(sent).TotalMilliseconds));
            }
            return mine;
        }));
        return [.. posts.SelectMany(each => each)];
    }

    // What the disk does without us: append a page, flush, again.
    private static double FlushesPerSecond(string dataFolder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(dataFolder, "flush.probe");
        try
        {
            using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            var page = new byte[4096];
            var (count, started) = (0, Stopwatch.GetTimestamp());
            while (Stopwatch.GetElapsedTime(started) < FlushProbe)
            {
                cancellationToken.ThrowIfCancellationRequested();
                file.Write(page);
                file.Flush(flushToDisk: true);
                count++;
            }
            return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
        }
        finally
        {
            File.Delete(path);
        }
    }

    private readonly record struct Post(bool Stored, double Milliseconds);
}
