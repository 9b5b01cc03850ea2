using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using RecSys.Api.Hosting;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;

namespace RecSys.Api.Commands.Bench;

/// <summary>
/// <c>bench recommend</c>: the stages of one request without HTTP, one request after the other on one thread of a server that has started
/// as <c>serve</c> does. Tells processor time and allocated bytes per request, which other work on the machine changes little. What the
/// writer of served records does beside it counts in <c>cpu_ms_per_request</c>. One JSON object.
/// </summary>
internal static class RecommendBench
{
    public static Command Create()
    {
        var requests = CommonOptions.InRange(
            new Option<int>("--requests") { Description = "Measured requests", DefaultValueFactory = _ => 4000 }, 100, 1_000_000);
        var command =
            new Command("recommend", "Processor time and memory of one recommendation, without HTTP") { CommonOptions.Data, requests };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var settings = ServerSettings.Within(arguments.GetValue(CommonOptions.Data)!);
            var start = Stopwatch.GetTimestamp();
            await using var state = await ServingState.LoadAsync(settings, progress: null, cancellationToken);
            await using var app = ApiServer.Build(settings, state);
            await ApiServer.StartAsync(app, settings, cancellationToken);
            var started = Stopwatch.GetElapsedTime(start);
            var result = await MeasureAsync(
                app.Services.GetRequiredService<Recommender>(), (await BenchWorld.ReadAsync(settings.DataFolder, cancellationToken)).Users,
                arguments.GetValue(requests), started, cancellationToken);
            await arguments.InvocationConfiguration.Output.WriteLineAsync(JsonSerializer.Serialize(result));
            await app.StopAsync(CancellationToken.None);
        });
        return command;
    }

    private static async Task<object> MeasureAsync(Recommender recommender, string[] users, int requests, TimeSpan started,
        CancellationToken cancellationToken)
    {
        var random = new Random(1);
        var (times, stages, order) = (new double[requests], new Dictionary<string, double[]>(), new List<string>());
        var (before, allocated, degraded, from, rows) = (TimeSpan.Zero, 0L, 0, 0L, 0L);
        using var process = Process.GetCurrentProcess();
        for (var request = -Math.Min(1000, requests); request < requests; request++)
        {
            if (request == 0)
            {
                process.Refresh();
                (before, allocated, from, degraded) =
                    (process.TotalProcessorTime, GC.GetTotalAllocatedBytes(), Stopwatch.GetTimestamp(), 0);
            }
            var context =
                await recommender.RecommendAsync(new RecommendationRequest(users[random.Next(users.Length)], 20), cancellationToken);
            if (request >= 0)
            {
                Note(context, request);
                rows += context.MatrixRows;
            }
            if (context.Degraded.Count > 0) degraded++;
            recommender.Complete(context);
        }
        process.Refresh();
        var cpu = process.TotalProcessorTime - before;
        return new
        {
            bench = "recommend",
            requests,
            users = users.Length,
            stages_ms_p50 = Percentile(times, 0.50),
            stages_ms_p99 = Percentile(times, 0.99),
            cpu_ms_per_request = Math.Round(cpu.TotalMilliseconds / requests, 3),
            wall_ms_per_request = Math.Round(Stopwatch.GetElapsedTime(from).TotalMilliseconds / requests, 3),
            alloc_bytes_per_request = (GC.GetTotalAllocatedBytes() - allocated) / requests,
            candidates = rows / requests,
            degraded,
            start_s = Math.Round(started.TotalSeconds, 1),
            heap_mb = GC.GetGCMemoryInfo(GCKind.Any).HeapSizeBytes >> 20,
            rss_mb = process.WorkingSet64 >> 20,
            stages = order.ToDictionary(name => name, name => Percentile(stages[name], 0.50)),
        };

        void Note(RecommendationContext context, int request)
        {
            times[request] = context.Elapsed.TotalMilliseconds;
            foreach (var timing in context.Timings)
            {
                if (!stages.TryGetValue(timing.Stage, out var values))
                {
                    stages[timing.Stage] = values = new double[requests];
                    order.Add(timing.Stage);
                }
                values[request] = timing.Elapsed.TotalMilliseconds;
            }
        }
    }

    private static double Percentile(double[] values, double share) => Percentiles.Of(values, share, 4) ?? double.NaN;
}
