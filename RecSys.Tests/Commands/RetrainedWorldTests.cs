using System.Text.Json;
using Microsoft.Data.Sqlite;
using RecSys.Api.Commands.Simulating;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Simulation;
using RecSys.Core.Storage;
using RecSys.Core.Storage.Lake;
using RecSys.Core.Training;
using RecSys.Core.Training.Nightly;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Retrieval;

namespace RecSys.Tests.Commands;

/// <summary>The server itself in a living world of three days, with real training between them.</summary>
[Collection(TorchCollection.Name)]
public sealed class RetrainedWorldTests : IClassFixture<RetrainedWorldTests.ThreeDays>
{
    private readonly ThreeDays days;

    public RetrainedWorldTests(ThreeDays days) => this.days = days;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void RunAsync_SameModelAndSameLuck_TheSecondDayIsNearlyTheSame()
    {
        var (retrained, frozen) = (days.Run.Retrained[0], days.Run.Frozen[0]);

        Assert.Equal(1, retrained.Day);
        Assert.True(retrained.Clicks > 0);
        // Stages that run out of time on a busy machine make lists differ here and there.
        Assert.InRange(frozen.Clicks, 0.9 * retrained.Clicks, 1.1 * retrained.Clicks);
    }

    [Fact]
    public async Task RunAsync_RetrainedSystem_ServesANewModelOnTheThirdDay()
    {
        var reasons = string.Join('\n', days.Run.Decisions.SelectMany(decision => decision.Reasons));
        Assert.True(days.Run.Decisions.Select(decision => decision.Version).SequenceEqual(["v1.0.0", "v1.0.1"]), reasons);
        Assert.Equal([0, 1], days.Run.Decisions.Select(decision => decision.Day));
        Assert.Equal(["v1.0.0", "v1.0.1"], await VersionsAsync(RetrainedWorld.Retrained));
        Assert.Equal(["v1.0.0"], await VersionsAsync(RetrainedWorld.Frozen));
    }

    [Fact]
    public async Task RunAsync_RefittingSystem_BeginsAlikeAndItsNightSaysWhichModelItPublished()
    {
        var (retrained, refitted) = (days.Run.Retrained, days.Run.Refitted!);

        Assert.Equal(retrained.Select(day => day.Day), refitted.Select(day => day.Day));
        Assert.InRange(refitted[0].Clicks, 0.9 * retrained[0].Clicks, 1.1 * retrained[0].Clicks);
        Assert.Equal(days.Run.Decisions[0], days.Run.RefittedDecisions[0]);
        Assert.Equal(["judged", "judged"], days.Run.Decisions.Select(decision => decision.Model));
        var file = Path.Combine(days.Folder[RetrainedWorld.Refitted], "nights", $"{Night:yyyy-MM-dd}", "refit.json");
        var refit = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(file, Ct), NightJson.Default.RefitFile)!;
        Assert.True(refit.Outcome is RefitOutcome.Judged or RefitOutcome.Refitted, refit.Outcome.ToString());
        Assert.Equal(refit.Outcome == RefitOutcome.Refitted ? "refitted" : "judged", days.Run.RefittedDecisions[1].Model);
        // Its serving is that of what it published.
        Assert.Equal(["v1.0.0", "v1.0.1"], await VersionsAsync(RetrainedWorld.Refitted));
    }

    [Fact]
    public async Task RunAsync_Log_IsWrittenByTheClockOfTheWorld()
    {
        var file = Path.Combine(days.Folder[RetrainedWorld.Retrained], "recsys.db");
        await using var log = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        await log.OpenAsync(Ct);

        Assert.Equal(0, await CountAsync("SELECT count(*) FROM log WHERE kind = 0 AND happened_ms > received_ms"));
        Assert.Equal(3, await CountAsync("SELECT count(DISTINCT received_ms / 86400000) FROM log WHERE kind = 0"));
        Assert.Equal(ThreeDays.Options.Start.ToUnixTimeMilliseconds() / 86_400_000,
            await CountAsync("SELECT min(received_ms) / 86400000 FROM log"));

        async Task<long> CountAsync(string sql)
        {
            await using var command = log.CreateCommand();
            command.CommandText = sql;
            return (long)(await command.ExecuteScalarAsync(Ct))!;
        }
    }

    [Fact]
    public async Task RunAsync_EveryEvent_IsOfAnItemOfTheListThatItAnswers()
    {
        await using var database = await Databases.OpenExistingAsync(days.Folder[RetrainedWorld.Retrained], Ct);
        var lists = new Dictionary<string, HashSet<int>>();
        await foreach (var record in database.ServedRecords.ReadAsync(since: null, Ct))
            lists[record.RequestId] = [.. record.Items.Select(item => item.Item)];
        var answered = 0;
        await foreach (var entry in database.EventLog.ReadAfterAsync(0, Ct))
        {
            if (entry.Change is not EventChange { Event.RequestId: { } request } || !request.StartsWith("req_", StringComparison.Ordinal))
                continue;
            Assert.Contains(entry.Item, lists[request]);
            answered++;
        }

        Assert.True(answered > days.Run.Retrained.Sum(day => day.Impressions));
    }

    [Fact]
    public async Task RunAsync_NightBehindAServedDay_FindsFeaturesAsTheyWereServed()
    {
        var skew = await SkewOfAsync(days.Folder[RetrainedWorld.Retrained]);

        Assert.True(skew.Requests > 5, $"{skew.Requests} requests");
        Assert.Empty(skew.Skewed);
    }

    [Fact]
    public async Task Night_AFeatureThatServingComputedOtherwise_IsRefusedByItsName()
    {
        using var folder = new TemporaryFolder();
        FolderCopy.Make(days.Folder[RetrainedWorld.Retrained], folder["data"]);
        await using var database = await Databases.OpenExistingAsync(folder["data"], Ct);
        var (feature, altered) = (FeatureCatalogue.Default.Names.ToList().IndexOf("item_age_days"), new List<ServedRecord>());
        await foreach (var record in database.ServedRecords.ReadBetweenAsync(Night, Night.AddDays(1), Ct))
        {
            if (record.CatalogueHash is not null) altered.Add(Altered(record, feature));
        }
        await database.ServedRecords.AppendAsync(altered, Ct);
        using var lake = new FolderLakeStore(folder["lake"]);
        var registry = new ModelRegistry(Path.Combine(folder["data"], "models"), database.Models);
        var pipeline = new NightlyPipeline(
            database, lake, new LakeOptions(), registry, ThreeDays.Training, RolloutMode.Immediate, TimeProvider.System);

        var result = await pipeline.RunAsync(
            new NightlyRequest { Day = DateOnly.FromDateTime(Night.UtcDateTime), FromStep = "skew" }, null, _ => { }, Ct);

        Assert.Equal(NightOutcome.Refused, result.Outcome);
        Assert.Equal(["item_age_days"], (await SkewOfAsync(folder["data"])).Skewed);
        Assert.Contains(result.Steps, step => step is { Step: "gate" } && step.Verdict.Contains("item_age_days", StringComparison.Ordinal));
    }

    // The second day, the first that the server answered in.
    private static DateTimeOffset Night => ThreeDays.Options.Start.AddDays(1);

    private static ServedRecord Altered(ServedRecord record, int feature) => record with
    {
        RequestId = record.RequestId + "x",
        Items =
        [
            .. record.Items.Select(item => item with
            {
                Features = [.. item.Features!.Select((value, at) => at == feature ? value + 1 : value)],
            }),
        ],
    };

    private static async Task<SkewFile> SkewOfAsync(string data) => JsonSerializer.Deserialize(
        await File.ReadAllBytesAsync(Path.Combine(data, "nights", $"{Night:yyyy-MM-dd}", "skew.json"), Ct), NightJson.Default.SkewFile)!;

    private async Task<IReadOnlyList<string>> VersionsAsync(string system)
    {
        await using var database = await Databases.OpenExistingAsync(days.Folder[system], Ct);
        var versions = new SortedSet<string>(StringComparer.Ordinal);
        await foreach (var record in database.ServedRecords.ReadAsync(since: null, Ct))
            versions.Add(record.Assignment.ModelVersion);
        return [.. versions];
    }

    /// <summary>Run once for all tests: it trains two models.</summary>
    public sealed class ThreeDays : IAsyncLifetime
    {
        internal static readonly WorldOptions Options =
            WorldOptions.Small with { Items = 400, Users = 250, Days = 3, SessionsPerUserPerDay = 4, Seed = 3 };

        internal TemporaryFolder Folder { get; } = new();
        internal RetrainedRun Run { get; private set; } = null!;

        internal static TrainingOptions Training => new()
        {
            Towers = new() { Dimension = 16, Hidden = 32, MaxEpochs = 1, HistoryLength = 10 },
            Ranker = new() { NumTrees = 20, MinDataInLeaf = 50 },
            // Whatever a night of so few visits finds, and however busy the machine is, the other system shows only its first model.
            Gate = new()
            {
                LatencyLoss = 10, MaxAucGain = 1, PredictionMargin = 1, ListMargin = 1, SegmentLoss = 1, StaleAfterDays = 0,
            },
        };

        private static TrainingOptions Refitting
        {
            get
            {
                var options = Training;
                options.Nightly.Refit = true;
                return options;
            }
        }

        public async ValueTask InitializeAsync() =>
            Run = await new RetrainedWorld(
                Options, Folder.Path, new NightlyTraining(Training), (_, _) => { }, new NightlyTraining(Refitting))
                .RunAsync(TestContext.Current.CancellationToken);

        public ValueTask DisposeAsync()
        {
            Folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
