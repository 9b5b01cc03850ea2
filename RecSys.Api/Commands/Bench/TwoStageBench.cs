using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using RecSys.Api.Hosting;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Simulation;

namespace RecSys.Api.Commands.Bench;

/// <summary>
/// <c>bench two-stage</c>: what is lost because the ranker sees some hundred candidates and not the whole catalogue. For users of a
/// simulated world it compares the value of the best 20 by the ranker, the sum of their calibrated click probabilities: among the
/// candidates of a request, and among everything that the user may get; and the time of both. The ranker judges both, so the ratio says
/// what retrieval withholds from it, and nothing about the truth. Towers are trained up to 100,000 items; above, they are those of
/// <c>bench world</c>, and only the times mean something. One JSON object.
/// </summary>
internal static class TwoStageBench
{
    private const int Places = 20;
    private const int MostTrained = 100_000;

    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Folder; made anew by each run", Required = true, HelpName = "folder" };
        var items = CommonOptions.InRange(
            new Option<int>("--items") { Description = "Items", DefaultValueFactory = _ => 20_000 }, 1000, 15_000_000);
        var users = CommonOptions.InRange(
            new Option<int>("--users") { Description = "Users whose lists are compared", DefaultValueFactory = _ => 200 }, 10, 100_000);
        var reuse = new Option<bool>("--reuse") { Description = "Take the world and the model that an earlier run left in the folder" };
        var command = new Command("two-stage", "What retrieval costs against ranking the whole catalogue") { data, items, users, reuse };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var settings = ServerSettings.Within(arguments.GetValue(data)!);
            if (!arguments.GetValue(reuse)) await MakeAsync(settings.DataFolder, arguments.GetValue(items), cancellationToken);
            await using var state = await ServingState.LoadAsync(settings, progress: null, cancellationToken);
            await using var app = ApiServer.Build(settings, state);
            await ApiServer.StartAsync(app, settings, cancellationToken);
            var world = await BenchWorld.ReadAsync(settings.DataFolder, cancellationToken);
            var result = await CompareAsync(
                app.Services.GetRequiredService<Recommender>(), world.Users, arguments.GetValue(users), cancellationToken);
            await arguments.InvocationConfiguration.Output.WriteLineAsync(JsonSerializer.Serialize(result));
            await app.StopAsync(CancellationToken.None);
        });
        return command;
    }

    private static async Task MakeAsync(string folder, int items, CancellationToken cancellationToken)
    {
        const int days = 7;
        var trained = items <= MostTrained;
        if (trained) TorchLibrary.Require();
        var world = new WorldOptions
        {
            Items = items, Days = days, SessionsPerUserPerDay = 1, Start = TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(days),
        };
        await WorldStore.CreateAsync(SyntheticWorld.Create(world), folder, cancellationToken);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
        var options = Settings.Training();
        if (trained) options.Towers = options.Towers.AsForDenseLogs();
        else options.MaxImpressions = 200_000;
        await WorldBench.PublishAsync(folder, options, trained, cancellationToken);
    }

    private static async Task<object> CompareAsync(
        Recommender recommender, string[] users, int most, CancellationToken cancellationToken)
    {
        var (random, whole) = (new Random(1), new WholeCatalogue(new FeatureExtractor(FeatureCatalogue.Default)));
        var (values, ratios, times, kept, candidates) =
            (new List<(double Two, double Whole)>(), new List<double>(), new List<(double Two, double Whole)>(), 0, 0L);
        random.Shuffle(users);
        var (items, towers) = (0, "");
        foreach (var user in users)
        {
            if (values.Count == most) break;
            var context = (await recommender.PreviewAsync(new RecommendationRequest(user, Places), null, cancellationToken))!;
            try
            {
                // Where the list is not personal, popularity decides and not the ranker.
                if (context.NotPersonal is not null || context.FallbackLevel > 0) continue;
                items = context.Catalog.Count;
                towers = context.Model.Bundle.Manifest.Options.GetValueOrDefault("towers", "trained");
                var two = Best(context);
                var begun = Stopwatch.GetTimestamp();
                var chosen = whole.Best(context, Places, out var probabilities);
                times.Add((context.Elapsed.TotalMilliseconds, Stopwatch.GetElapsedTime(begun).TotalMilliseconds));
                values.Add((two.Sum(), probabilities.Sum()));
                ratios.Add(two.Sum() / probabilities.Sum());
                var proposed = context.Candidates.Considered.ToArray().Select(candidate => candidate.Item).ToHashSet();
                kept += chosen.Count(proposed.Contains);
                candidates += proposed.Count;
            }
            finally
            {
                recommender.Complete(context);
            }
        }
        if (values.Count == 0)
            throw new RecSysException("No user of this world has a list of its own; make the world anew, without --reuse.");
        return new
        {
            bench = "two_stage",
            items,
            towers,
            users = values.Count,
            candidates = candidates / values.Count,
            value_p50 = Percentiles.Of(values.Select(value => value.Two), 0.5, 4),
            whole_value_p50 = Percentiles.Of(values.Select(value => value.Whole), 0.5, 4),
            ratio_p10 = Percentiles.Of(ratios, 0.1, 4),
            ratio_p50 = Percentiles.Of(ratios, 0.5, 4),
            ratio_of_sums = Math.Round(values.Sum(value => value.Two) / values.Sum(value => value.Whole), 4),
            best_among_candidates = Math.Round((double)kept / (Places * values.Count), 4),
            ms_p50 = Percentiles.Of(times.Select(time => time.Two), 0.5, 3),
            whole_ms_p50 = Percentiles.Of(times.Select(time => time.Whole), 0.5, 3),
        };
    }

    // Before the rules: by the ranker alone, as of the whole catalogue.
    private static double[] Best(RecommendationContext context) =>
    [
        .. context.Candidates.Considered.ToArray().Select(candidate => candidate.Probability).Where(double.IsFinite).OrderDescending()
            .Take(Places),
    ];
}
