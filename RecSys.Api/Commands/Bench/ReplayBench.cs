using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Simulation;
using RecSys.Core.Storage;
using RecSys.Core.Training.Rows;

namespace RecSys.Api.Commands.Bench;

/// <summary>
/// <c>bench replay</c>: the replay that makes training rows from impressions, on one thread, and its parts: the fold of the log, the user
/// tower and the features. The towers have the real size and random weights, which cost the same as trained ones. One JSON object.
/// </summary>
internal static class ReplayBench
{
    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description =
            "Data folder with a log that has impressions; a synthetic week when left out", HelpName = "folder" };
        var items = CommonOptions.InRange(
            new Option<int>("--items") { Description = "Items of the synthetic world", DefaultValueFactory = _ => 20_000 }, 200, 1_000_000);
        var users = CommonOptions.InRange(
            new Option<int>("--users") { Description = "Users of the synthetic world", DefaultValueFactory = _ => 5_000 }, 100, 1_000_000);
        var most = CommonOptions.InRange(
            new Option<int>("--max-impressions") { Description = "Rows, the latest ones", DefaultValueFactory = _ => 500_000 }, 1000,
            10_000_000);
        var repeats = CommonOptions.InRange(
            new Option<int>("--repeats") { Description = "Runs; the fastest of each part counts", DefaultValueFactory = _ => 5 }, 1, 100);
        var command =
            new Command("replay", "Replay and features: impressions per second of one core") { data, items, users, most, repeats };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var log = arguments.GetValue(data) is { } folder
                ? await ReadAsync(folder, cancellationToken)
                : Simulate(new WorldOptions { Items = arguments.GetValue(items), Users = arguments.GetValue(users) });
            var result = Measure(log, arguments.GetValue(most), arguments.GetValue(repeats));
            await arguments.InvocationConfiguration.Output.WriteLineAsync(JsonSerializer.Serialize(result));
        });
        return command;
    }

    private static object Measure(InteractionLog log, int mostRows, int repeats)
    {
        var lists = ReplayLists.Of(log, mostRows);
        if (lists.Rows == 0)
            throw new RecSysException("The log has no impressions to replay; use another data folder, or none for a synthetic log.");
        var options = new TwoTowerOptions();
        using var towers = RandomTowers.Create(log, options);
        var extractor = new FeatureExtractor(FeatureCatalogue.Default);
        var labels = new float[log.Events.Length];

        FeatureState state = null!;
        var fold = Best(repeats, () => state = Fold(log));
        var wanted = new ImpressionReplay(long.MinValue, labels) { MaxRows = mostRows };
        var replay = Best(repeats, () => ImpressionRows.Build(log, wanted, towers, extractor, progress: null));
        var embedding = Best(repeats, () => lists.Embed(towers, state));
        lists.Fill(extractor, towers, state);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var features = Best(repeats, () => lists.Fill(extractor, towers, state));
        var allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)repeats;
        return new
        {
            bench = "replay",
            items = log.Items.Count,
            users = log.Users.Count,
            events = log.Events.Length,
            impressions = lists.Rows,
            rows_per_list = Math.Round(lists.Rows / (double)lists.Count, 2),
            features = extractor.Catalogue.Count,
            dimension = towers.Dimension,
            impressions_per_second = Math.Round(lists.Rows / replay.TotalSeconds),
            replay_us_per_impression = Math.Round(replay.TotalMicroseconds / lists.Rows, 3),
            fold_events_per_second = Math.Round(log.Events.Length / fold.TotalSeconds),
            tower_us_per_list = Math.Round(embedding.TotalMicroseconds / lists.Count, 2),
            feature_us_per_row = Math.Round(features.TotalMicroseconds / lists.Rows, 3),
            feature_rows_per_second = Math.Round(lists.Rows / features.TotalSeconds),
            allocated_bytes_per_row = Math.Round(allocated / lists.Rows, 2),
        };
    }

    internal static FeatureState Fold(InteractionLog log)
    {
        var state = new FeatureState(log.Items);
        foreach (ref readonly var e in log.Events) state.Apply(in e);
        return state;
    }

    private static TimeSpan Best(int repeats, Action work)
    {
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < repeats; i++)
        {
            var start = Stopwatch.GetTimestamp();
            work();
            var elapsed = Stopwatch.GetElapsedTime(start);
            if (elapsed < best) best = elapsed;
        }
        return best;
    }

    private static async Task<InteractionLog> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        await using var database = await Databases.OpenExistingAsync(folder, cancellationToken);
        return await database.Log.ReadAsync(null, null, cancellationToken);
    }

    internal static InteractionLog Simulate(WorldOptions options)
    {
        var world = SyntheticWorld.Create(options);
        var items = ItemCatalog.Create(world.Items);
        var users = new UserDirectory(world.Users);
        return new InteractionLog(items, users, [.. world.GenerateHistory().Select(e =>
        {
            items.TryGetNumber(e.ItemId, out var item);
            users.TryGetOrdinal(e.UserId, out var user);
            return LogEvents.Of(e, user, item, e.Time.ToUnixTimeMilliseconds());
        })]);
    }
}
