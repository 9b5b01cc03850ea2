using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using RecSys.Api.Hosting;
using RecSys.Api.Hosting.Telemetry;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Models;
using RecSys.Core.Monitoring.Drift;
using RecSys.Core.Monitoring.Windows;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;

namespace RecSys.Api.Commands.Bench;

/// <summary>
/// <c>bench monitoring</c>: what measuring costs a request. Answers the same requests in turns, one turn measured as a server does (every
/// instrument exported, every request timed), the next with nobody listening, on one thread of one process; tells processor time of the
/// process and bytes that the thread allocated, of both, and beside them what it costs to collect all instruments once; last what business
/// figures and drift cost a list. One JSON object.
/// </summary>
internal static class MonitoringBench
{
    public static Command Create()
    {
        var requests = CommonOptions.InRange(
            new Option<int>("--requests") { Description = "Requests per turn", DefaultValueFactory = _ => 100 }, 50, 100_000);
        var turns = CommonOptions.InRange(
            new Option<int>("--turns") { Description = "Turns of each kind", DefaultValueFactory = _ => 100 }, 3, 1000);
        var command = new Command("monitoring", "What measuring costs a recommendation") { CommonOptions.Data, requests, turns };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var settings = ServerSettings.Within(arguments.GetValue(CommonOptions.Data)!);
            await using var state = await ServingState.LoadAsync(settings, progress: null, cancellationToken);
            await using var app = ApiServer.Build(settings, state);
            await ApiServer.StartAsync(app, settings, cancellationToken);
            // The turns have listeners of their own.
            app.Services.GetRequiredService<MeterProvider>().Dispose();
            var users = (await BenchWorld.ReadAsync(settings.DataFolder, cancellationToken)).Users;
            var bench = new Turns(app.Services.GetRequiredService<Recommender>(),
                new RequestClock(app.Services.GetRequiredService<LatencyWindows>(), TimeProvider.System), users);
            await bench.RunAsync(arguments.GetValue(requests), measured: false, cancellationToken);
            List<(double Cpu, double Bytes)> with = [], without = [];
            for (var turn = 0; turn < arguments.GetValue(turns); turn++)
            {
                // Whoever is first in one pair is second in the next.
                foreach (var measured in (bool[])[turn % 2 == 0, turn % 2 != 0])
                    (measured ? with : without).Add(await bench.RunAsync(arguments.GetValue(requests), measured, cancellationToken));
            }
            await arguments.InvocationConfiguration.Output.WriteLineAsync(JsonSerializer.Serialize(new
            {
                bench = "monitoring",
                requests = arguments.GetValue(requests),
                turns = arguments.GetValue(turns),
                cpu_ms_with = Median(with.Select(turn => turn.Cpu)),
                cpu_ms_without = Median(without.Select(turn => turn.Cpu)),
                cpu_more_percent = Math.Round(100 * Percentiles.Of(with.Zip(without, (a, b) => a.Cpu / b.Cpu - 1), 0.5, 5) ?? 0, 2),
                bytes_with = Median(with.Select(turn => turn.Bytes)),
                bytes_without = Median(without.Select(turn => turn.Bytes)),
                collect_ms = Median(bench.Collections.Select(each => each.Ms)),
                collect_bytes = Median(bench.Collections.Select(each => each.Bytes)),
                figures = Figures(app.Services),
            }));
            await app.StopAsync(CancellationToken.None);
        });
        return command;
    }

    private static object Figures(IServiceProvider services)
    {
        var champion = services.GetRequiredService<ModelPool<ServingModel>>().Champion
            ?? throw new RecSysException("Nothing serves here. Train a model first.");
        return FiguresCost.Measure(
            services.GetRequiredService<LiveState>(), champion, services.GetRequiredService<DriftFigures>().ReferenceOf(champion));
    }

    private static double? Median(IEnumerable<double> values) => Percentiles.Of(values, 0.5, 4);

    private sealed class Turns(Recommender recommender, RequestClock clock, string[] users)
    {
        private readonly HttpContext http = new DefaultHttpContext();
        private readonly RecommendationRequest[] requests = [.. users.Select(user => new RecommendationRequest(user, 20))];

        public List<(double Ms, double Bytes)> Collections { get; } = [];

        public async Task<(double Cpu, double Bytes)> RunAsync(int count, bool measured, CancellationToken cancellationToken)
        {
            var reader = measured ? new BaseExportingMetricReader(new NoExporter()) : null;
            using var exporting = reader is null
                ? null : TelemetrySetup.Measure(Sdk.CreateMeterProviderBuilder()).AddReader(reader).Build();
            await AskAsync(Math.Min(100, count), measured, cancellationToken);
            var (cpu, bytes) = (Environment.CpuUsage.TotalTime, GC.GetAllocatedBytesForCurrentThread());
            await AskAsync(count, measured, cancellationToken);
            // The pipeline waits for nothing, so this is the thread that began.
            var turn = ((Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / count,
                (double)(GC.GetAllocatedBytesForCurrentThread() - bytes) / count);
            if (reader is not null) Collect(reader);
            return turn;
        }

        private void Collect(MetricReader reader)
        {
            var (start, bytes) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
            reader.Collect();
            Collections.Add((Stopwatch.GetElapsedTime(start).TotalMilliseconds, GC.GetAllocatedBytesForCurrentThread() - bytes));
        }

        private async Task AskAsync(int count, bool measured, CancellationToken cancellationToken)
        {
            for (var i = 0; i < count; i++)
            {
                var request = requests[(int)((uint)(i * 2_654_435_761u) % (uint)requests.Length)];
                if (!measured)
                {
                    recommender.Complete(await recommender.RecommendAsync(request, cancellationToken));
                    continue;
                }
                clock.Begin(http.Response);
                clock.EnterPipeline();
                clock.LeavePipeline(recommender, await recommender.RecommendAsync(request, cancellationToken));
                clock.Complete();
                clock.Record();
            }
        }
    }

    private sealed class NoExporter : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch) => ExportResult.Success;
    }
}
