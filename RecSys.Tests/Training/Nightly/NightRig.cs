using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using RecSys.Api.Commands.Bench.Gate;
using RecSys.Api.Commands.Simulating;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Storage.Lake;
using RecSys.Core.Storage;
using RecSys.Core.Training.Nightly;
using RecSys.Core.Training;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Training.Nightly;

/// <summary>A data folder with quick settings for nights over it.</summary>
internal sealed class NightRig : IAsyncDisposable
{
    private readonly TemporaryFolder? own;
    private readonly FolderLakeStore lake;

    private NightRig(TemporaryFolder? own, string data, IDatabase database)
    {
        (this.own, Data, Database) = (own, data, database);
        lake = new FolderLakeStore(Path.Combine(data, "lake"));
    }

    internal string Data { get; }
    internal IDatabase Database { get; }
    internal ModelRegistry Registry => new(Path.Combine(Data, "models"), Database.Models);
    internal TrainingOptions Options { get; } = Quick();
    internal RolloutMode Rollout { get; set; }
    internal TimeProvider Time { get; set; } = TimeProvider.System;
    internal FeatureCatalogue Catalogue { get; set; } = FeatureCatalogue.Default;

    /// <summary>What the runs have told.</summary>
    internal List<string> Lines { get; } = [];

    /// <summary>Told the name of each finished step.</summary>
    internal Action<string>? Finished { get; set; }

    /// <summary>The folder of the night that the fixture ran.</summary>
    internal string Folder => Path.Combine(Data, "nights", $"{NightFixture.Day:yyyy-MM-dd}");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Over a folder as it is.</summary>
    internal static async Task<NightRig> OverAsync(string data) => new(null, data, await Databases.OpenExistingAsync(data));

    /// <summary>Over a copy of the fixture's folder.</summary>
    /// <param name="fixture">Has the folder.</param>
    /// <param name="night">True: with the night that was run and what it published.</param>
    internal static async Task<NightRig> CopyAsync(NightFixture fixture, bool night)
    {
        await fixture.StartAsync();
        var folder = new TemporaryFolder();
        FolderCopy.Make(night ? fixture.Data : fixture.Bare, folder["data"]);
        return new NightRig(folder, folder["data"], await Databases.OpenExistingAsync(folder["data"]));
    }

    /// <summary>Over a copy of the fixture's folder before its night, within a folder of the caller.</summary>
    internal static async Task<NightRig> CopyAsync(NightFixture fixture, string into)
    {
        await fixture.StartAsync();
        FolderCopy.Make(fixture.Bare, into);
        return await OverAsync(into);
    }

    /// <summary>Runs a night up to a step.</summary>
    internal async Task StopBehindAsync(string last, NightlyRequest? request = null)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        Finished = step =>
        {
            if (step == last) stop.Cancel();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(request, stop.Token));
        Finished = null;
    }

    /// <summary>Runs a night up to its rows, and writes other labels into them, which the step then vouches for.</summary>
    /// <param name="request">The night.</param>
    /// <param name="test">True for the rows that test, too; otherwise those that are learnt from.</param>
    /// <param name="relabel">Gets user, moment and labels of each list.</param>
    internal async Task AlterLabelsAsync(NightlyRequest request, bool test, Action<int, long, Span<float>> relabel)
    {
        await StopBehindAsync("features", request);
        var folder = Path.Combine(Data, "nights", $"{request.Day:yyyy-MM-dd}");
        var path = Path.Combine(folder, "rows.parquet");
        RowLabels.Change(path, lists =>
        {
            foreach (var (user, timeMs, labels) in lists) relabel(user, timeMs, labels);
        }, test);
        var result = Path.Combine(folder, "steps", "04-features.json");
        var step = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(result, Ct), NightJson.Default.StepResult)!;
        var digest = await FileDigest.OfAsync(path, Ct);
        step = step with
        {
            Outputs =
            [
                .. step.Outputs.Select(file =>
                    file.Path == "rows.parquet" ? new StepFile(file.Path, digest.Sha256, digest.Bytes) : file),
            ],
        };
        await File.WriteAllBytesAsync(result, JsonSerializer.SerializeToUtf8Bytes(step, NightJson.Default.StepResult), Ct);
    }

    /// <summary>Over a new folder of these changes, all of them received on the fixture's day.</summary>
    internal static async Task<NightRig> OfAsync(IReadOnlyList<LogChange> changes)
    {
        var folder = new TemporaryFolder();
        var clock = new FakeTimeProvider(new DateTimeOffset(NightFixture.Day.ToDateTime(new TimeOnly(23, 59)), TimeSpan.Zero));
        await using (var database = Databases.Open(folder["data"], clock))
        {
            foreach (var chunk in changes.Chunk(2000)) await database.Import.ImportAsync(chunk, Ct);
        }
        return new NightRig(folder, folder["data"], await Databases.OpenExistingAsync(folder["data"]));
    }

    internal NightlyPipeline Pipeline() =>
        new(Database, lake, new LakeOptions(), Registry, Options, Rollout, Time)
        {
            Catalogue = Catalogue, Finished = Finished,
        };

    /// <summary>The night of the fixture's day, as of an hour behind it.</summary>
    internal static NightlyRequest Request(DateOnly? day = null) => new()
    {
        Day = day ?? NightFixture.Day,
        Now = new DateTimeOffset((day ?? NightFixture.Day).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).AddDays(1).AddHours(1),
    };

    internal Task<NightResult> RunAsync(NightlyRequest? request = null, CancellationToken? ct = null) =>
        Pipeline().RunAsync(request ?? Request(), null, Lines.Add, ct ?? Ct);

    internal Task<IReadOnlyList<StepPlan>> PlanAsync(NightlyRequest? request = null) =>
        Pipeline().PlanAsync(request ?? Request(), Lines.Add, Ct);

    /// <summary>Names of the steps that the runs since the last call have run, not kept.</summary>
    internal string[] Ran()
    {
        string[] ran = [.. Lines.Where(line => line.Contains(" runs  ", StringComparison.Ordinal)).Select(line => line.Split(' ')[0])];
        Lines.Clear();
        return ran;
    }

    /// <summary>Name and content of every file under a folder of the data, for comparison.</summary>
    internal Dictionary<string, string> Snapshot(string sub = "") =>
        Directory.EnumerateFiles(Path.Combine(Data, sub), "*", SearchOption.AllDirectories)
            .Where(path => !Path.GetFileName(path).StartsWith("recsys.db", StringComparison.Ordinal))
            .ToDictionary(path => Path.GetRelativePath(Data, path),
                path => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path))));

    public async ValueTask DisposeAsync()
    {
        lake.Dispose();
        await Database.DisposeAsync();
        own?.Dispose();
    }

    internal static TrainingOptions Quick() => new()
    {
        Towers = new TwoTowerOptions
        {
            MaxEpochs = 1, Dimension = 16, Hidden = 32, HistoryLength = 20, Blocks = 1, BatchSize = 256, Threads = 1,
        },
        Ranker = new TrainingOptions().Ranker with { NumTrees = 40, MinDataInLeaf = 20, Threads = 1 },
        // As many as there are items: of so few, popularity finds everything among 500.
        Candidates = 300,
        // How fast this machine is right now is no matter of these tests.
        Gate = new() { LatencyLoss = 10 },
    };
}
