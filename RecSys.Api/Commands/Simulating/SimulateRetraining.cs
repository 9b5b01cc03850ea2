using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.ExceptionServices;
using RecSys.Core.Domain;
using RecSys.Core.Retrieval.TwoTower;

namespace RecSys.Api.Commands.Simulating;

/// <summary>
/// <c>simulate days --seeds N</c>: the whole system day by day, retrained every night against the model of the first night, in worlds of
/// many seeds.
/// </summary>
internal static class SimulateRetraining
{
    /// <param name="arguments">Say which world.</param>
    /// <param name="seeds">Worlds.</param>
    /// <param name="night">How the retrained system learns.</param>
    /// <param name="refitting">How one learns that refits; null: there is none.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task RunAsync(
        ParseResult arguments, int seeds, NightlyTraining night, NightlyTraining? refitting, CancellationToken cancellationToken)
    {
        TorchLibrary.Require();
        var options = SimulateArguments.Options(arguments);
        if (options.Days < 3) throw new RecSysException("Retraining shows from the third day on; use --days 3 or more.");
        var start = Stopwatch.GetTimestamp();
        var runs = new List<RetrainedRun>();
        OperationCanceledException? stopped = null;
        var home = Directory.CreateTempSubdirectory("recsys-simulate-");
        try
        {
            using var progress = new ProgressDisplay();
            var (done, all) = (0, seeds * (options.Days - 1) * (refitting is null ? 2 : 3));
            for (var seed = options.Seed; seed < options.Seed + seeds; seed++)
            {
                var folder = Path.Combine(home.FullName, seed.ToString(CultureInfo.InvariantCulture));
                var world = new RetrainedWorld(options with { Seed = seed }, folder, night, Report, refitting);
                runs.Add(await world.RunAsync(cancellationToken));
                Directory.Delete(folder, recursive: true);
            }

            void Report(string system, int day) => progress.Report(new WorkProgress(
                "simulate", Interlocked.Increment(ref done), all, "days",
                string.Create(CultureInfo.InvariantCulture, $"seed {options.Seed + runs.Count}, day {day} {system}")));
        }
        catch (OperationCanceledException cancelled) when (runs.Count > 0)
        {
            // Worlds take minutes each: those that are through are told of.
            stopped = cancelled;
        }
        finally
        {
            home.Delete(recursive: true);
        }
        var output = arguments.InvocationConfiguration.Output;
        await output.WriteLineAsync(RetrainingReport.Text(runs));
        if (arguments.GetValue(SimulateArguments.Json) is { } file)
        {
            var json = RetrainingReport.Json(runs);
            json["world"] = arguments.GetValue(SimulateArguments.World);
            (json["items"], json["users"], json["days"]) = (options.Items, options.Users, options.Days);
            json["seconds"] = Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 1);
            await File.WriteAllTextAsync(file, json.ToJsonString(), CancellationToken.None);
        }
        if (stopped is not null) ExceptionDispatchInfo.Throw(stopped);
    }
}
