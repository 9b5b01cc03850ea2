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
        AssertTellsItsCuts(report);
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
    public void GlobalTime_SmallWorld_AnswersEveryChoiceOfTargetsFromOneFit()
    {
        // Small batches: with the usual ones so small a log gives a handful of steps, and whether retrieval beats random would be luck.
        var options = new TrainingOptions { Towers = ServerFixture.QuickTraining.Towers with { BatchSize = 128, MaxEpochs = 4 },
            Ranker = ServerFixture.QuickTraining.Ranker };
        var epochs = new Phases();

        var reports = new GlobalTimeEvaluation(FeatureCatalogue.Default, options)
            .Run(World, TargetChoices.All, epochs, TestContext.Current.CancellationToken);

        Assert.Equal(["successive", "last", "first"], reports.Select(report => report.Target));
        Assert.InRange(epochs.Count("train two-tower"), 1, 4);
        var split = GlobalTimeSplit.Create(World);
        foreach (var report in reports)
        {
            Assert.Equal("global-time", report.Protocol);
            Assert.Equal(Models, report.Rows.Select(row => row.Model));
            Assert.Equal(split.Test[TargetChoices.Parse(report.Target!)].Count, report.Data!.Choices);
            AssertListsBeatRandom(report);
        }
        Assert.True(reports[0].Data!.Choices > reports[1].Data!.Choices);
        Assert.Equal(reports[1].Data!.Choices, reports[2].Data!.Choices);
    }

    [Fact]
    public void LeaveOneOut_TwoSeeds_TellHowFarTheModelsDiffer()
    {
        var log = World.Where(e => e.Type != EventType.Impression);

        var report = new LeaveOneOutEvaluation(FeatureCatalogue.Default, ServerFixture.QuickTraining)
            .Run(log, null, TestContext.Current.CancellationToken, seeds: 2);

        Assert.Equal([42, 43], report.Seeds!.Seeds);
        var retrieval = report.Seeds.Models.Single(row => row is { Model: "retrieval", Figure: Figures.NdcgAt10 });
        Assert.True(retrieval.Deviation > 0, "two seeds gave the same model");
        // The row is the first seed's, which lies as far from the mean of two as the deviation says.
        Assert.Equal(retrieval.Deviation / Math.Sqrt(2), Math.Abs(report.Rows[^2].NdcgAt10!.Value - retrieval.Mean), 9);
        Assert.Contains(report.Seeds.Differences, row => row is { Model: "two-stage", Against: "retrieval" });
        Assert.Equal(6, report.Seeds.Differences.Count);
    }

    [Fact]
    public void TimeSplit_FrozenStates_StandBesideTheLiveOne()
    {
        var report = new TimeSplitEvaluation(FeatureCatalogue.Default, ServerFixture.QuickTraining)
            .Run(World, TimeSplit.CreateByFractions(World, 0.7, 0.15), false, null, TestContext.Current.CancellationToken);

        var states = report.States!.ToDictionary(row => (row.Model, row.State));
        foreach (var row in report.Rows) Assert.Equal(row.Gauc!.Value, states[(row.Model, StateRow.Live)].Gauc!.Value, 9);
        foreach (var model in Models) Assert.InRange(states[(model, StateRow.Frozen)].Auc!.Value, 0.4, 1);
        // What happens in the test part tells the ranker something, so that without it the figures are others.
        Assert.NotEqual(states[("two-stage", StateRow.Live)].Auc, states[("two-stage", StateRow.UsersFrozen)].Auc);
        Assert.NotEqual(states[("two-stage", StateRow.UsersFrozen)].Auc, states[("two-stage", StateRow.Frozen)].Auc);
        Assert.Equal(states[("popular", StateRow.Live)].Auc, states[("popular", StateRow.Frozen)].Auc);
        Assert.NotNull(states[("two-stage", StateRow.Frozen)].LogLoss);
        Assert.Contains("users-frozen", report.ToTable(), StringComparison.Ordinal);
    }

    [Fact]
    public void KuaiRandChallenge_SmallWorld_OrdersImpressionsByAFrozenState()
    {
        // The last day of the world becomes the first of the test.
        var start = new DateTimeOffset(2022, 4, 29, 0, 0, 0, TimeSpan.FromHours(8)).ToUnixTimeMilliseconds();
        var shift = start - World.Events[World.Events.Length * 3 / 4].TimeMs;
        var log = new InteractionLog(World.Items, World.Users,
            [.. World.Events.ToArray().Select(e => e with { TimeMs = e.TimeMs + shift })]);
        var labels = ImpressionLabels.Of(log, counts: e => e.Type == EventType.Click);
        LabelledImpression[] test = [.. Enumerable.Range(0, log.Events.Length)
            .Where(i => log.Events[i].TimeMs >= start && log.Events[i].IsImpression)
            .Select(i => new LabelledImpression(log.Users[log.Events[i].User].Id, log.Items[log.Events[i].Item].Id, log.Events[i].TimeMs,
                null, labels[i] > 0))];

        var report = new KuaiRandChallengeEvaluation(FeatureCatalogue.Default, ServerFixture.QuickTraining)
            .Run(log, test, null, TestContext.Current.CancellationToken);

        Assert.Equal(test.Length, report.Impressions);
        var rows = report.Rows.ToDictionary(row => row.Model);
        Assert.InRange(rows["random"].Gauc, 0.45, 0.55);
        Assert.True(rows["ranker"].Gauc > rows["random"].Gauc + 0.03, $"{rows["ranker"].Gauc} against {rows["random"].Gauc}");
        // The truth orders perfectly; users without an answered impression count 0 all the same.
        Assert.Equal(1, rows["truth"].Gauc);
        var answered = test.GroupBy(row => row.UserId).Count(user => user.Any(row => row.IsPositive));
        Assert.Equal(answered / (double)report.Users, rows["truth"].NdcgAt5, 9);
        // Nothing of the test is known: with the log cut at its start, everything is the same.
        var cut = new KuaiRandChallengeEvaluation(FeatureCatalogue.Default, ServerFixture.QuickTraining)
            .Run(log.Where(e => e.TimeMs < start), test, null, TestContext.Current.CancellationToken);
        Assert.Equal(rows["popular"], cut.Rows.Single(row => row.Model == "popular"));
        Assert.Equal(rows["ranker"].Gauc, cut.Rows.Single(row => row.Model == "ranker").Gauc, 3);
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

    // The parts are all of the log, cut at the moments that are told.
    private static void AssertTellsItsCuts(EvaluationReport report)
    {
        var split = TimeSplit.CreateByFractions(World, 0.7, 0.15);
        string Moment(long timeMs) => DateTimeOffset.FromUnixTimeMilliseconds(timeMs).UtcDateTime
            .ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture);
        var table = report.ToTable();
        foreach (var (cut, part) in new[] { (split.TrainUntilMs, split.Train), (split.ValidateUntilMs, split.Validation) })
            Assert.Contains(FormattableString.Invariant($"before {Moment(cut)} ({part.Events.Length:#,0}"),
                table.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains(FormattableString.Invariant($"test from there on ({split.Test.Events.Length:#,0})"), table,
            StringComparison.Ordinal);
        Assert.Equal(World.Events.Length, split.Train.Events.Length + split.Validation.Events.Length + split.Test.Events.Length);
    }

    private static void AssertListsBeatRandom(EvaluationReport report)
    {
        Assert.All(report.Rows.Skip(1),
            row => Assert.True(row.Mrr > report.Rows[0].Mrr, $"{row.Model}: MRR {row.Mrr} against {report.Rows[0].Mrr}"));
        Assert.All(report.Rows, row => Assert.InRange(row.Coverage!.Value, 0.001, 1));
    }

    private sealed class Phases : IProgress<WorkProgress>
    {
        private readonly List<string> told = [];

        public void Report(WorkProgress value) => told.Add(value.Phase);

        public int Count(string phase) => told.Count(name => name == phase);
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
