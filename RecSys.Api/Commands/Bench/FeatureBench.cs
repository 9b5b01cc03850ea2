using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Simulation;

namespace RecSys.Api.Commands.Bench;

/// <summary>
/// <c>bench features</c>: the feature matrix of one request, filled by the extractor that the <c>features</c> stage calls, on the state of
/// a synthetic week, for users with history and candidates drawn at random. One JSON object.
/// </summary>
internal static class FeatureBench
{
    private const int WarmUp = 200;

    public static Command Create()
    {
        var candidates = CommonOptions.InRange(
            new Option<int>("--candidates") { Description = "Candidates of one request", DefaultValueFactory = _ => 500 }, 1, 100_000);
        var items = CommonOptions.InRange(
            new Option<int>("--items") { Description = "Items of the synthetic world", DefaultValueFactory = _ => 20_000 }, 200, 1_000_000);
        var users = CommonOptions.InRange(
            new Option<int>("--users") { Description = "Users of the synthetic world", DefaultValueFactory = _ => 5_000 }, 100, 1_000_000);
        var runs = CommonOptions.InRange(new Option<int>("--runs") { Description = "Measured requests", DefaultValueFactory = _ => 2000 },
            1, 1_000_000);
        var command = new Command("features", "Fill of one request's feature matrix") { candidates, items, users, runs };
        command.SetAction(arguments =>
        {
            var log = ReplayBench.Simulate(new WorldOptions { Items = arguments.GetValue(items), Users = arguments.GetValue(users) });
            arguments.InvocationConfiguration.Output.WriteLine(
                JsonSerializer.Serialize(Measure(log, arguments.GetValue(candidates), arguments.GetValue(runs))));
        });
        return command;
    }

    private static object Measure(InteractionLog log, int candidates, int runs)
    {
        using var towers = RandomTowers.Create(log, new TwoTowerOptions());
        var extractor = new FeatureExtractor(FeatureCatalogue.Default);
        var state = ReplayBench.Fold(log);
        var known = Enumerable.Range(0, log.Users.Count).Where(user => state.FindUser(user) is { RecentItems.IsEmpty: false }).ToArray();
        var random = new Random(1);
        var embedding = new float[towers.Dimension];
        var inputs = new CandidateInput[candidates];
        var matrix = new float[candidates * extractor.Catalogue.Count];
        // The codes of a profile are computed at the user's first request and kept.
        foreach (var user in known)
            extractor.Fill(FeatureRequest.Of(log.Users[user], state.FindUser(user), nowMs: 0), state, [new CandidateInput(0)], matrix);
        var times = new double[runs];
        long allocated = 0;
        for (var run = -WarmUp; run < runs; run++)
        {
            var user = known[random.Next(known.Length)];
            for (var i = 0; i < inputs.Length; i++) inputs[i] = new CandidateInput(random.Next(log.Items.Count), 0.5f, i);
            var request = FeatureRequest.Of(log.Users[user], state.FindUser(user), log.Events[^1].TimeMs + 1000, device: 1, location: 1,
                towers, embedding);
            towers.Embed(user, request.State, request.Device, request.Location, embedding);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            extractor.Fill(request, state, inputs, matrix);
            if (run < 0) continue;
            times[run] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Array.Sort(times);
        return new
        {
            bench = "features",
            candidates,
            features = extractor.Catalogue.Count,
            per_request = extractor.Catalogue.Features.Count(feature => !feature.PerCandidate),
            per_candidate = extractor.Catalogue.Features.Count(feature => feature.PerCandidate),
            dimension = towers.Dimension,
            fill_ms_p50 = Math.Round(times[runs / 2], 4),
            fill_ms_p99 = Math.Round(times[(int)(runs * 0.99)], 4),
            us_per_candidate = Math.Round(times[runs / 2] * 1000 / candidates, 3),
            alloc_bytes = Math.Round(allocated / (double)runs, 1),
        };
    }
}
