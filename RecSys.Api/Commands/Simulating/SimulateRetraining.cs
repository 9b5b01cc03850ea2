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
        var file = arguments.GetValue(SimulateArguments.Json) is { } path
            ? new RetrainingFile(path, arguments.GetValue(SimulateArguments.World)!, options, seeds) : null;
        var home = Directory.CreateTempSubdirectory("recsys-simulate-");
        try
        {
            IReadOnlyList<RetrainedRun> runs;
            ExceptionDispatchInfo? stopped;
            using (var progress = new ProgressDisplay())
            {
                var (done, all) = (0, seeds * (options.Days - 1) * (refitting is null ? 2 : 3));
                (runs, stopped) = await GoThroughAsync(options.Seed, seeds, async (seed, ct) =>
                {
                    var folder = Path.Combine(home.FullName, seed.ToString(CultureInfo.InvariantCulture));
                    var run = await new RetrainedWorld(options with { Seed = seed }, folder, night, Report, refitting).RunAsync(ct);
                    Directory.Delete(folder, recursive: true);
                    return run;

                    void Report(string system, int day) => progress.Report(new WorkProgress(
                        "simulate", Interlocked.Increment(ref done), all, "days",
                        string.Create(CultureInfo.InvariantCulture, $"seed {seed}, day {day} {system}")));
                }, file, cancellationToken);
            }
            await arguments.InvocationConfiguration.Output.WriteLineAsync(RetrainingReport.Text(runs));
            stopped?.Throw();
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    /// <summary>Runs worlds one after another and writes after each what all that are through have shown.</summary>
    /// <param name="first">Seed of the first; each further one has the next.</param>
    /// <param name="seeds">Worlds.</param>
    /// <param name="world">Runs the world of a seed.</param>
    /// <param name="file">Gets them; null: none.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The worlds that are through, at least one, and what kept the others from it, where something did.</returns>
    internal static async Task<(IReadOnlyList<RetrainedRun> Runs, ExceptionDispatchInfo? Stopped)> GoThroughAsync(
        int first, int seeds, Func<int, CancellationToken, Task<RetrainedRun>> world, RetrainingFile? file,
        CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var runs = new List<RetrainedRun>();
        try
        {
            for (var seed = first; seed < first + seeds; seed++)
            {
                runs.Add(await world(seed, cancellationToken));
                if (file is not null) await file.WriteAsync(runs, Stopwatch.GetElapsedTime(start));
            }
        }
        catch (Exception stop) when (runs.Count > 0 && stop is (OperationCanceledException or RecSysException))
        {
            // Worlds take minutes each: those that are through are told of.
            return (runs, ExceptionDispatchInfo.Capture(stop));
        }
        return (runs, null);
    }
}
