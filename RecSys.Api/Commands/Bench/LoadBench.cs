using System.CommandLine;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using RecSys.Api.Hosting.Authentication;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Api.Commands.Bench;

/// <summary>
/// <c>bench load</c>: starts a server of its own process on the given data and asks it for recommendations at a fixed rate. Latency counts
/// from the moment a request was due, so a server that falls behind shows it (no coordinated omission).
/// </summary>
internal static class LoadBench
{
    // Every so many requests ask for the times of the stages, too few to be felt.
    private const int TimingEvery = 10;

    public static Command Create()
    {
        var rate = CommonOptions.InRange(new Option<int>("--rate") { Description = "Requests per second", DefaultValueFactory = _ => 100 },
            1, 100_000);
        var seconds = CommonOptions.InRange(
            new Option<int>("--seconds") { Description = "Length of the measured part", DefaultValueFactory = _ => 20 }, 1, 3600);
        var import = CommonOptions.InRange(
            new Option<int>("--import") { Description = "Events that the import verb loads meanwhile; they stay in the data",
                DefaultValueFactory = _ => 0 }, 0, 10_000_000);
        var command = new Command("load", "Latency and CPU of GET /recommend over HTTP at a fixed rate") { CommonOptions.Data, rate,
            seconds, import };
        command.SetAction((arguments, cancellationToken) => RunAsync(
            arguments.GetValue(CommonOptions.Data)!, arguments.GetValue(rate), arguments.GetValue(seconds), arguments.GetValue(import),
            cancellationToken));
        return command;
    }

    private static async Task RunAsync(string dataFolder, int rate, int seconds, int import, CancellationToken cancellationToken)
    {
        var users = await ReadUsersAsync(dataFolder, cancellationToken);
        await using var server = await ServerProcess.StartAsync(dataFolder, cancellationToken);
        using var client = new HttpClient { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Authorization = BenchToken.Of(TimeSpan.FromHours(1), Scopes.RecommendRead, Scopes.Service);

        var random = new Random(1);
        await SendAsync(client, users, random, rate, TimeSpan.FromSeconds(Math.Min(10, seconds)), cancellationToken);
        var (cpuBefore, gcBefore) = (server.CpuTime, Stopwatch.GetTimestamp());
        await using var importing = import > 0 ? await ImportProcess.StartAsync(dataFolder, import, cancellationToken) : null;
        var samples = await SendAsync(client, users, random, rate, TimeSpan.FromSeconds(seconds), cancellationToken);
        var cpu = server.CpuTime - cpuBefore;
        var wall = Stopwatch.GetElapsedTime(gcBefore);
        var answered = samples.Where(sample => sample.Ok).ToArray();
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            bench = "load",
            rate,
            requests = samples.Length,
            failed = samples.Count(sample => !sample.Ok && !sample.Refused),
            refused = samples.Count(sample => sample.Refused),
            refused_p50_ms = Percentile(samples.Where(sample => sample.Refused).Select(sample => sample.OwnMilliseconds), 0.50),
            refused_p99_ms = Percentile(samples.Where(sample => sample.Refused).Select(sample => sample.OwnMilliseconds), 0.99),
            goodput = Math.Round(answered.Length / wall.TotalSeconds, 1),
            p50_ms = Percentile(answered.Select(sample => sample.Milliseconds), 0.50),
            p90_ms = Percentile(answered.Select(sample => sample.Milliseconds), 0.90),
            p99_ms = Percentile(answered.Select(sample => sample.Milliseconds), 0.99),
            server_p50_ms = Percentile(answered.Select(sample => sample.ServerMilliseconds), 0.50),
            server_p99_ms = Percentile(answered.Select(sample => sample.ServerMilliseconds), 0.99),
            cpu_ms_per_request = Math.Round(cpu.TotalMilliseconds / samples.Length, 3),
            rps = Math.Round(samples.Length / wall.TotalSeconds, 1),
            rss_mb = server.ResidentMegabytes,
            start_s = Math.Round(server.StartTime.TotalSeconds, 1),
            degraded = answered.Count(sample => sample.Degraded),
            stages = Stages(answered),
            import_events = import > 0 ? import : (int?)null,
            import_ended_first = importing?.HasEnded,
        }));
    }

    /// <summary>Median and 99th percentile of every stage before the response, milliseconds.</summary>
    private static Dictionary<string, double?[]> Stages(Sample[] answered) => answered
        .SelectMany(sample => sample.Timing)
        .GroupBy(stage => stage.Name, stage => stage.Milliseconds)
        .ToDictionary(stage => stage.Key, stage => (double?[])[Percentile(stage, 0.50), Percentile(stage, 0.99)]);

    private static async Task<Sample[]> SendAsync(
        HttpClient client, string[] users, Random random, int rate, TimeSpan length, CancellationToken cancellationToken)
    {
        var count = (int)(rate * length.TotalSeconds);
        var running = new Task<Sample>[count];
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            var due = TimeSpan.FromSeconds(i / (double)rate);
            var early = due - Stopwatch.GetElapsedTime(start);
            if (early > TimeSpan.FromMilliseconds(1)) await Task.Delay(early, cancellationToken);
            running[i] = AskAsync(client, users[random.Next(users.Length)], i % TimingEvery == 0, start, due, cancellationToken);
        }
        return await Task.WhenAll(running);
    }

    private static async Task<Sample> AskAsync(
        HttpClient client, string user, bool timing, long start, TimeSpan due, CancellationToken cancellationToken)
    {
        var sent = Stopwatch.GetTimestamp();
        try
        {
            using var response = await client.GetAsync(
                $"/recommend?user_id={Uri.EscapeDataString(user)}&num_items=20&device=mobile{(timing ? "&include=timing" : "")}",
                cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            var elapsed = Stopwatch.GetElapsedTime(start) - due;
            if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
                return new Sample(false, elapsed.TotalMilliseconds, 0, false, [], Refused: true,
                    Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            using var json = JsonDocument.Parse(body);
            var reply = json.RootElement;
            return new Sample(
                response.IsSuccessStatusCode, elapsed.TotalMilliseconds, reply.GetProperty("latency_ms").GetDouble(),
                reply.GetProperty("degraded").GetArrayLength() > 0,
                reply.TryGetProperty("timing", out var stages)
                    ? [.. stages.EnumerateArray()
                    .Select(stage => (stage.GetProperty("stage").GetString()!, stage.GetProperty("ms").GetDouble()))] : []);
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or KeyNotFoundException)
        {
            return new Sample(false, 0, 0, false, []);
        }
    }

    private static async Task<string[]> ReadUsersAsync(string dataFolder, CancellationToken cancellationToken)
    {
        await using var database = await Databases.OpenExistingAsync(dataFolder, cancellationToken);
        var users = await database.Contents.ReadUsersAsync(cancellationToken).Select(stored => stored.User.Id)
            .ToArrayAsync(cancellationToken);
        return users.Length > 0 ? users : throw new RecSysException($"The data in {dataFolder} have no users to ask for.");
    }

    private static double? Percentile(IEnumerable<double> values, double share) => Percentiles.Of(values, share, 3);

    private readonly record struct Sample(bool Ok, double Milliseconds, double ServerMilliseconds, bool Degraded,
        (string Name, double Milliseconds)[] Timing,
        bool Refused = false, double OwnMilliseconds = 0);
}
