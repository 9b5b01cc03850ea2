using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Features;
using RecSys.Core.Simulation;
using RecSys.Core.Training;
using RecSys.Core.Training.Protocols;
using RecSys.Tests.EndToEnd;
using RecSys.Tests.Retrieval;

namespace RecSys.Tests.Training.Protocols;

/// <summary>The protocols with real models on a small world whose users have tastes.</summary>
[Collection(TorchCollection.Name)]
public sealed class EvaluationTests
{
    private static readonly string[] Models = ["random", "popular", "popular-lately", "item-knn", "item-knn-gap", "transitions",
        "last-item", "retrieval", "two-stage"];

    private static InteractionLog World { get; } = Build();

    [Fact]
    public void LeaveOneOut_SmallWorld_GivesEveryRowAndBeatsRandom()
    {
        // Without impressions, as in data sets of ratings.
        var log = World.Where(e => e.Type != EventType.Impression);

        var report = new LeaveOneOutEvaluation(FeatureCatalogue.Default, ServerFixture.QuickTraining)
            .Run(log, null, TestContext.Current.CancellationToken);

        Assert.Equal("leave-one-out", report.Protocol);
        Assert.Equal(Models, report.Rows.Select(row => row.Model));
        Assert.All(report.Rows, row => Assert.Null(row.Auc));
        AssertListsBeatRandom(report);
        // A ranker cannot find what retrieval misses; it gets less where the held-out item is one that the user had met long before.
        Assert.InRange(report.Rows[^1].RecallAt500!.Value, report.Rows[^2].RecallAt500!.Value - 0.1,
            report.Rows[^2].RecallAt500!.Value + 0.02);
    }

    [Fact]
    public void TimeSplit_WithImpressions_JudgesPredictionsToo()
    {
        var report = new TimeSplitEvaluation(FeatureCatalogue.Default, ServerFixture.QuickTraining)
            .Run(World, TimeSplit.CreateByFractions(World, 0.7, 0.15), false, null, TestContext.Current.CancellationToken);

        Assert.Equal("time-split", report.Protocol);
        Assert.Equal([.. Models[..7], "list-length", "clicks/length", .. Models[7..]], report.Rows.Select(row => row.Model));
        var (random, ranker) = (report.Rows[0], report.Rows[^1]);
        Assert.InRange(random.Auc!.Value, 0.45, 0.55);
        Assert.True(ranker.Auc > 0.58, $"AUC {ranker.Auc}");
        Assert.True(ranker.Ece < 0.05, $"ECE {ranker.Ece}");
        Assert.NotNull(ranker.LogLoss);
        Assert.Null(random.LogLoss);
        Assert.True(ranker.ListAuc > random.ListAuc, $"{ranker.ListAuc} against {random.ListAuc}");
        Assert.Equal(1, report.Rows.Count(row => row.AboveBestBaseline is not null && row.Model == "two-stage"));
        Assert.InRange(ranker.AboveBestBaseline!["auc"].Difference, -0.2, 0.5);
        Assert.InRange(ranker.Auc!.Value, ranker.Intervals!["auc"].Low, ranker.Intervals["auc"].High);
        Assert.Equal(World.Events.Length, report.Data!.Train + report.Data.Validation + report.Data.Test);
        Assert.Equal(report.Outcomes!.Impressions!.Count, report.Data.Impressions);
    }

    [Fact]
    public void GlobalTime_SmallWorld_GivesEveryRowForEachChoiceOfTargets()
    {
        // Small batches: with the usual ones so small a log gives a handful of steps, and whether retrieval beats random would be luck.
        var options = new TrainingOptions { Towers = ServerFixture.QuickTraining.Towers with { BatchSize = 128, MaxEpochs = 4 },
            Ranker = ServerFixture.QuickTraining.Ranker };

        var reports = new GlobalTimeEvaluation(FeatureCatalogue.Default, options)
            .Run(World, TargetChoices.All, null, TestContext.Current.CancellationToken);

        Assert.Equal(TargetChoices.All.Select(TargetChoices.NameOf), reports.Select(report => report.Target));
        Assert.All(reports, report =>
        {
            Assert.Equal("global-time", report.Protocol);
            Assert.Equal(Models, report.Rows.Select(row => row.Model));
            AssertListsBeatRandom(report);
        });
    }

    [Fact]
    public void LeaveOneOut_NobodyWithThreeItems_SaysWhatToDo()
    {
        var log = new InteractionLog(World.Items, World.Users, [new LogEvent(0, 0, 0, EventType.Click)]);

        var failure = Assert.Throws<RecSysException>(() =>
            new LeaveOneOutEvaluation(FeatureCatalogue.Default, ServerFixture.QuickTraining)
                .Run(log, null, TestContext.Current.CancellationToken));

        Assert.Contains("time-split", failure.Message, StringComparison.Ordinal);
    }

    private static void AssertListsBeatRandom(EvaluationReport report)
    {
        Assert.All(report.Rows.Skip(1),
            row => Assert.True(row.Mrr > report.Rows[0].Mrr, $"{row.Model}: MRR {row.Mrr} against {report.Rows[0].Mrr}"));
        Assert.All(report.Rows, row => Assert.InRange(row.Coverage!.Value, 0.001, 1));
    }

    private static InteractionLog Build()
    {
        var world = SyntheticWorld.Create(new WorldOptions { Items = 600, Users = 300, Days = 4, SessionsPerUserPerDay = 3 });
        var items = ItemCatalog.Create(world.Items);
        var users = new UserDirectory(world.Users);
        return new InteractionLog(items, users, [.. world.GenerateHistory().Select(e =>
        {
            items.TryGetNumber(e.ItemId, out var item);
            users.TryGetOrdinal(e.UserId, out var user);
            return new LogEvent(e.Time.ToUnixTimeMilliseconds(), user, item, e.Type, (float)(e.Value ?? double.NaN),
                (short)(e.Position ?? -1), ContextCodes.Device(e.Device), ContextCodes.Location(e.Location));
        })]);
    }
}
