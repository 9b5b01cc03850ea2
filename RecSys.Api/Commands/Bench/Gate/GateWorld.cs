using System.Diagnostics;
using RecSys.Api.Commands.Simulating;
using RecSys.Api.Hosting;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Simulation;
using RecSys.Core.Storage;
using RecSys.Core.Training;
using RecSys.Core.Training.Nightly;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Nightly.Runs;
using RecSys.Core.Training.Nightly.Sources;
using RecSys.Core.Training.Nightly.Steps;

namespace RecSys.Api.Commands.Bench.Gate;

/// <summary>
/// A world of one seed whose champion learnt from the first day and served the last, and the night behind that day up to its towers. Each
/// challenger begins there.
/// </summary>
internal sealed class GateWorld : IAsyncDisposable
{
    // Of the steps, those whose files all challengers share.
    private static readonly string[] fitted =
        [CollectStep.StepName, ValidateStep.StepName, SplitStep.StepName, FeaturesStep.StepName, TowersStep.StepName];

    // A list in five is kept with its features, and a place in ten is drawn by chance.
    private static readonly Dictionary<string, string?> serving = new()
    {
        ["ServedRecords:FeatureShare"] = "0.2", ["Exploration:Share"] = "0.1",
    };

    private readonly string home;
    private readonly int seed;
    private readonly IDatabase database;
    private readonly NightContext night;

    private GateWorld(string home, int seed, IDatabase database, NightContext night) =>
        (this.home, this.seed, this.database, this.night) = (home, seed, database, night);

    /// <param name="options">The world, of two days at least.</param>
    /// <param name="training">How champion and challengers learn.</param>
    /// <param name="home">Empty.</param>
    /// <param name="report">Told of what is done.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<GateWorld> CreateAsync(
        WorldOptions options, TrainingOptions training, string home, Action<string> report, CancellationToken cancellationToken)
    {
        var data = Path.Combine(home, "data");
        var days = new WorldDays(options);
        await ServeAsync(options, training, days, data, report, cancellationToken);
        report("rows and towers");
        var database = await Databases.OpenExistingAsync(data, cancellationToken);
        try
        {
            var night = await NightAsync(training, days, data, database, cancellationToken);
            // With the same features the comparison with what was served is that of all.
            await RunAsync(night, [.. fitted, SkewStep.StepName], cancellationToken);
            return new GateWorld(home, options.Seed, database, night);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes the challenger of a kind and asks the gate.</summary>
    public async Task<GateTrial> TryAsync(ChallengerKind kind, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var folder = new NightFolder(Path.Combine(home, kind.Name), night.Run.Day);
        FolderCopy.Make(night.Folder.Root, folder.Root);
        var own = In(folder, FeatureCatalogue.Default);
        if (kind.Features is { } features) own = In(folder, features(await own.DataAsync(cancellationToken)));
        if (kind.Features is not null) await new FeaturesStep().RunAsync(own, cancellationToken);
        kind.Rows?.Invoke(await own.DataAsync(cancellationToken), folder[NightFiles.RowsIndex]);
        await new RankerStep().RunAsync(own, cancellationToken);
        if (kind.Forest is { } forest) await ReplaceForestAsync(folder, forest, cancellationToken);
        await new EvaluateStep().RunAsync(own, cancellationToken);
        if (kind.Features is not null) await new SkewStep().RunAsync(own, cancellationToken);
        await new GateStep().RunAsync(own, cancellationToken);
        var gate = await NightJson.ReadAsync<GateFile>(folder[NightFiles.Gate], cancellationToken);
        Directory.Delete(Path.GetDirectoryName(folder.Root)!, recursive: true);
        return new GateTrial(seed, kind, gate, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private static async Task ServeAsync(
        WorldOptions options, TrainingOptions training, WorldDays days, string data, Action<string> report,
        CancellationToken cancellationToken)
    {
        var comers = new Newcomers(options);
        var warm = new WarmDays(days, data, list => comers.Has(list.User, list.Time));
        report("first day and champion");
        await warm.RunAsync(cancellationToken);
        await CrownAsync(training, days, data, cancellationToken);
        report("the days between");
        while (days.World.Day < options.Days - 1) await warm.RunAsync(cancellationToken);
        report("the day of the champion");
        var clock = new WorldClock(days.LastMoment);
        await using var server = await WorldServer.StartAsync(data, clock, cancellationToken, serving);
        var policy = new ServerPolicy(days.World, days.Catalogue, server, clock);
        await days.RunAsync(new ShopPolicy(policy, warm.Policy, comers), onList: null, cancellationToken);
        await policy.TellUntilAsync(days.LastMoment, cancellationToken);
    }

    // A model of one day need not beat popularity to be a champion here.
    private static async Task CrownAsync(TrainingOptions training, WorldDays days, string data, CancellationToken cancellationToken)
    {
        await using var database = await Databases.OpenExistingAsync(data, cancellationToken);
        var night = await NightAsync(training, days, data, database, cancellationToken);
        await RunAsync(night, [.. fitted, RankerStep.StepName], cancellationToken);
        await new NightPublication(night).PublishAsync([night.Challengers[0]], judged: null, rule: null, cancellationToken);
    }

    private static async Task RunAsync(NightContext night, string[] steps, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(night.Folder.Root);
        var runner =
            new NightRunner(night, [.. NightSteps.InOrder.Where(step => steps.Contains(step.Name))], TimeProvider.System, _ => { });
        // A night that ends before its last step has said why, and what comes next would only miss its files.
        if ((await runner.RunAsync(fromStep: null, cancellationToken))[^1] is { Stopped: true } last)
            throw new RecSysException($"The night of {night.Run.Day:yyyy-MM-dd} ended with the step {last.Step}: {last.Verdict}");
    }

    private static async Task<NightContext> NightAsync(
        TrainingOptions training, WorldDays days, string data, IDatabase database, CancellationToken cancellationToken)
    {
        var day = DateOnly.FromDateTime(days.LastMoment.UtcDateTime);
        var source =
            await DatabaseNightSource.OpenAsync(database.EventLog, database.Contents, day, training.Nightly.Days, cancellationToken);
        return new NightContext
        {
            Folder = new NightFolder(Path.Combine(data, NightFolder.Nights), day),
            Run = new NightRun
            {
                Day = day, Now = days.Now.AddHours(1), Source = source.Name, Seed = training.Seed,
                Settings = NightSettings.HashOf(training, RolloutMode.Immediate),
                Values = NightSettings.ValuesOf(training, RolloutMode.Immediate),
                Code = CodeVersion.Commit,
            },
            Options = training, Rollout = RolloutMode.Immediate, Source = source, Database = database,
            Registry = Settings.Registry(new ServerSettings(data, Environment: Environments.Development), database.Models),
            Catalogue = FeatureCatalogue.Default,
        };
    }

    private NightContext In(NightFolder folder, FeatureCatalogue catalogue) => new()
    {
        Folder = folder, Run = night.Run, Options = night.Options, Rollout = night.Rollout, Source = night.Source,
        Database = night.Database, Registry = night.Registry, Catalogue = catalogue,
    };

    // The same bundle with another forest, sealed anew.
    private static async Task ReplaceForestAsync(NightFolder folder, Func<string, string> forest, CancellationToken cancellationToken)
    {
        var (challenger, former) = (folder[NightFiles.Challenger], folder["former"]);
        Directory.Move(challenger, former);
        var manifest = await BundleManifest.ReadAsync(former, cancellationToken);
        await BundlePublisher.PublishAsync(folder.Root, NightFiles.Challenger, async written =>
        {
            foreach (var name in manifest.Files.Keys) File.Copy(Path.Combine(former, name), Path.Combine(written, name));
            var ranker = Path.Combine(written, BundleFiles.Ranker);
            await File.WriteAllTextAsync(ranker, forest(await File.ReadAllTextAsync(ranker, cancellationToken)), cancellationToken);
        }, manifest, cancellationToken);
    }
}
