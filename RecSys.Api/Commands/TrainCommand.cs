using System.CommandLine;
using System.Globalization;
using RecSys.Api.Hosting;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Retrieval.VectorSearch;
using RecSys.Core.Storage;
using RecSys.Core.Training;

namespace RecSys.Api.Commands;

/// <summary><c>train</c>: fits both models on the event log, publishes a bundle and makes it the champion.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var days = CommonOptions.InRange(
            new Option<int>("--days") { Description = "Train on the last so many days of the log; 0 for all of it",
                DefaultValueFactory = _ => 0 }, 0, 36_500);
        var command =
            new Command("train", "Train both models on the event log and publish them") { CommonOptions.Data, days, CommonOptions.Tune };
        command.Subcommands.Add(NightlyCommand.Create());
        command.SetAction((arguments, cancellationToken) =>
            RunAsync(arguments.GetValue(CommonOptions.Data)!, arguments.GetValue(days), arguments.GetValue(CommonOptions.Tune),
                cancellationToken));
        return command;
    }

    /// <summary>Trains and prints what came out.</summary>
    /// <param name="dataFolder">Where the log lies.</param>
    /// <param name="days">The last so many days of it; 0 for all.</param>
    /// <param name="tune">Time to look for better settings of the ranker; null: what the settings say.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <param name="quick">Few epochs in large batches also where the log is sparse, unless the settings say otherwise.</param>
    public static async Task RunAsync(
        string dataFolder, int days, TimeSpan? tune, CancellationToken cancellationToken, bool quick = false)
    {
        var options = Settings.Training();
        // Found out before minutes of work.
        TorchLibrary.Require();
        options.TuneBudget = tune ?? options.TuneBudget;
        if (quick) options.Towers = options.Towers.AsForDenseLogs();
        await using var database = await Databases.OpenExistingAsync(dataFolder, cancellationToken);
        var (counts, _) = await DataWarnings.WriteAsync(database, cancellationToken);
        var from = await WindowAsync(database, days, counts, cancellationToken);
        var settings = new ServerSettings(dataFolder);
        var registry = Settings.Registry(settings, database.Models);
        var pipeline = new TrainingPipeline(database.Log, registry, FeatureCatalogue.Default, TimeProvider.System);
        TrainingResult result;
        using (var progress = new ProgressDisplay()) result = await pipeline.RunAsync(options, from, progress, cancellationToken);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Published {result.Manifest.Version}: {result.Manifest.ItemCount} items, {result.Events} events, {result.RankerRows} ranker "
                + $"rows, {result.Elapsed.TotalSeconds:F1} s"));
        foreach (var (name, value) in result.Manifest.Metrics)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-24} {value:F4}"));
        if (result.Manifest.Options.TryGetValue(BundleManifest.TowersOption, out var towers)) Console.WriteLine($"  towers {towers}");
        if (result.Manifest.Options.TryGetValue(BundleManifest.PositionOption, out var position))
            Console.WriteLine($"  position {position}");
        if (result.Manifest.Options.TryGetValue(BuiltIndex.ShortfallKey, out var shortfall))
            await Console.Error.WriteLineAsync($"warning: {shortfall}");
    }

    // Hangs on the bulk of the log: one event with a wild time would leave next to nothing in the window before it.
    private static async Task<DateTimeOffset?> WindowAsync(IDatabase database, int days, LogCounts counts, CancellationToken ct)
    {
        if (days == 0 || await database.Survey.FindEndAsync(TimeSpan.FromDays(days), ct) is not { } end) return null;
        if (end < counts.LastEvent)
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"note: the last {days} days are counted from {end:u}, where the bulk of the log ends; single events are as late as "
                    + $"{counts.LastEvent:u}."));
        return end - TimeSpan.FromDays(days);
    }
}
