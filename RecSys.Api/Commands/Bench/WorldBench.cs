using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using RecSys.Api.Hosting;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Retrieval.VectorSearch;
using RecSys.Core.Simulation;
using RecSys.Core.Storage;
using RecSys.Core.Training;
using RecSys.Core.Training.Towers;

namespace RecSys.Api.Commands.Bench;

/// <summary>
/// <c>bench world</c>: a data folder of any size for <c>bench load</c>. Items, users, events, ranker and index are real: simulated, stored,
/// replayed, boosted and built by the code that does it for everyone. Only the towers are not trained: item vectors are the clustered ones
/// of <c>bench retrieval</c>, the item tower for later items has random weights, and the user tower has the real size and leaves a user
/// near the latest item. So speed and memory mean something, and the quality of the lists does not.
/// </summary>
internal static class WorldBench
{
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Folder; made anew by each run", Required = true, HelpName = "folder" };
        var items = CommonOptions.InRange(new Option<int>("--items") { Description = "Items", DefaultValueFactory = _ => 1_000_000 }, 1000,
            15_000_000);
        var users = CommonOptions.InRange(new Option<int>("--users") { Description = "Users", DefaultValueFactory = _ => 5_000 }, 500,
            10_000_000);
        var days = CommonOptions.InRange(
            new Option<int>("--days") { Description = "Days of history; about 20 impressions per user and day",
            DefaultValueFactory = _ => 7 }, 1, 365);
        var rows = CommonOptions.InRange(
            new Option<int>("--max-impressions") { Description = "Impressions that the ranker learns from",
            DefaultValueFactory = _ => 200_000 }, 10_000, 10_000_000);
        var reuse = new Option<bool>("--reuse")
        {
            Description = "Make only the bundle anew, for the store that an earlier run left in the folder",
        };
        var command = new Command("world", "Make a store and a bundle of any size, for bench load") { data, items, users, days, rows,
            reuse };
        command.SetAction((arguments, cancellationToken) =>
        {
            var options = new WorldOptions
            {
                Items = arguments.GetValue(items),
                Users = arguments.GetValue(users),
                Days = arguments.GetValue(days),
                // Nearly every user shall have a history: one without is answered from the popular items, which is quicker.
                SessionsPerUserPerDay = 1,
                Start = TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(arguments.GetValue(days)),
            };
            return RunAsync(arguments.GetValue(data)!, options, arguments.GetValue(reuse), arguments.GetValue(rows),
                arguments.InvocationConfiguration.Output, cancellationToken);
        });
        return command;
    }

    private static async Task RunAsync(string folder, WorldOptions world, bool reuse, int maxImpressions, TextWriter output,
        CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        if (!reuse)
        {
            await WorldStore.CreateAsync(SyntheticWorld.Create(world), folder, cancellationToken);
            // Ten million items of a world take as much memory as those of the training, which come next.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
        }
        var stored = Stopwatch.GetElapsedTime(start);
        var options = Settings.Training();
        options.MaxImpressions = maxImpressions;
        var manifest = await PublishAsync(folder, options, trained: false, cancellationToken);
        await output.WriteLineAsync(JsonSerializer.Serialize(new
        {
            bench = "world",
            items = manifest.ItemCount,
            users = world.Users,
            events = manifest.TrainingWindow.Events,
            version = manifest.Version,
            index = string.Create(CultureInfo.InvariantCulture,
                $"{manifest.Options["index.kind"]} {manifest.Options.GetValueOrDefault("index.parameter")}").TrimEnd(),
            index_recall = manifest.Metrics.TryGetValue("index.recall_500", out var recall) ? Math.Round(recall, 4) : 1,
            trees = manifest.Options["ranker.best_iteration"],
            store_s = Math.Round(stored.TotalSeconds, 1),
            total_s = Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 1),
        }));
    }

    /// <summary>Makes the bundle of a stored world the champion.</summary>
    /// <param name="folder">Holds the world.</param>
    /// <param name="options">How to train.</param>
    /// <param name="trained">True: the towers are trained, too; false: they are made up.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static async Task<BundleManifest> PublishAsync(
        string folder, TrainingOptions options, bool trained, CancellationToken cancellationToken)
    {
        await using var database = await Databases.OpenExistingAsync(folder, cancellationToken);
        var settings = new ServerSettings(folder, Environment: Environments.Development);
        var registry = Settings.Registry(settings, database.Models);
        var pipeline = new TrainingPipeline(database.Log, registry, FeatureCatalogue.Default, TimeProvider.System)
        {
            Given = trained ? null : new GivenTowers("synthetic", log => Towers(log.Items.Count, options.Towers)),
        };
        TrainingResult result;
        using (var progress = new ProgressDisplay()) result = await pipeline.RunAsync(options, from: null, progress, cancellationToken);
        if (result.Manifest.Options.TryGetValue(BuiltIndex.ShortfallKey, out var shortfall))
            await Console.Error.WriteLineAsync($"warning: {shortfall}");
        return result.Manifest;
    }

    private static TwoTowerModel Towers(int items, TwoTowerOptions options)
    {
        var source = new SyntheticItems(items, options.Dimension);
        var embeddings = GC.AllocateUninitializedArray<float>(checked(items * options.Dimension));
        const int part = 10_000;
        Parallel.For(0, (items + part - 1) / part, at =>
        {
            var first = at * part;
            source.Read(first, embeddings.AsSpan(first * options.Dimension, Math.Min(part, items - first) * options.Dimension));
        });
        return new TwoTowerModel
        {
            ItemEmbeddings = embeddings,
            UserTower = RandomUserTower.CreateNearLatest(1, options.Dimension, options.Heads, options.Blocks, options.HistoryLength,
                options.Hidden),
            ItemTower = RandomItemTower.Create(1, options.Dimension, options.Hidden),
            BestEpoch = new TowerEpoch(1, 1, 0, 0, 0, 0, 0, TimeSpan.Zero),
            Epochs = [],
        };
    }
}
