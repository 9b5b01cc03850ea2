using System.CommandLine;
using System.Globalization;
using RecSys.Api.Hosting;
using RecSys.Core.Domain;
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
        command.SetAction((arguments, cancellationToken) =>
            RunAsync(arguments.GetValue(CommonOptions.Data)!, arguments.GetValue(days), arguments.GetValue(CommonOptions.Tune),
                cancellationToken));
        return command;
    }

    /// <summary>Trains and prints what came out.</summary>
    public static async Task RunAsync(string dataFolder, int days, TimeSpan? tune, CancellationToken cancellationToken)
    {
        var options = Settings.Training();
        // Found out before minutes of work.
        TorchLibrary.Require();
        options.TuneBudget = tune ?? options.TuneBudget;
        await using var database = await Databases.OpenExistingAsync(dataFolder, cancellationToken);
        var last = (await database.Contents.CountAsync(cancellationToken)).LastEvent
            ?? throw new RecSysException($"The event log in {dataFolder} is empty; import something first.");
        DateTimeOffset? from = days == 0 ? null : last - TimeSpan.FromDays(days);
        var registry = new ModelRegistry(new ServerSettings(dataFolder).ModelsFolder);
        var pipeline = new TrainingPipeline(database.Log, registry, FeatureCatalogue.Default, TimeProvider.System);
        TrainingResult result;
        using (var progress = new ProgressDisplay()) result = await pipeline.RunAsync(options, from, progress, cancellationToken);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Published {result.Manifest.Version}: {result.Manifest.ItemCount} items, {result.Events} events, {result.RankerRows} ranker "
                + $"rows, {result.Elapsed.TotalSeconds:F1} s"));
        foreach (var (name, value) in result.Manifest.Metrics)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-24} {value:F4}"));
        if (result.Manifest.Options.TryGetValue(BuiltIndex.ShortfallKey, out var shortfall))
            await Console.Error.WriteLineAsync($"warning: {shortfall}");
    }
}
