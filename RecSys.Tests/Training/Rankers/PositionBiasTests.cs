using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Ranking.LightGbm;
using RecSys.Core.Simulation;
using RecSys.Core.Training;
using RecSys.Core.Training.Rankers;
using RecSys.Core.Training.Rows;

namespace RecSys.Tests.Training.Rankers;

/// <summary>
/// A world whose click model is known: users look at position p with probability 1 / (1 + 0.12 p), whatever stands there.
/// </summary>
public sealed class PositionBiasTests
{
    private const int ListLength = 20;

    // What tells users, items and tastes apart; few enough to fit in seconds.
    private static readonly string[] Relevance =
    [
        "user_ctr_all", "user_click_lift", "item_click_lift", "item_ctr_all", "item_category_ctr", "item_age_days",
            "item_popularity_percentile",
        "hour", "user_category_ctr", "user_category_impressions", "user_category_share", "user_creator_ctr", "expected_log_odds",
    ];

    [Fact]
    public void Fit_PositionAsFeatureFixedWhenServing_LearnsExaminationApartFromRelevance()
    {
        var world = SyntheticWorld.Create(
            new WorldOptions { Items = 300, Users = 400, Days = 8, SessionsPerUserPerDay = 0.6, ListLength = ListLength });
        var log = Log(world);
        var (aware, awareRows) = Fit(log, [.. Relevance, "position"]);
        var (blind, blindRows) = Fit(log, Relevance);

        // The later rows, as if each item had been shown at the top.
        var from = log.Events[^1].TimeMs - 86_400_000L;
        var shown = log.Events.ToArray().Where(e => e.Type == EventType.Impression && e.TimeMs >= from).ToArray();
        var truth = shown.Average(e =>
            world.ClickProbability(log.Users[e.User], log.Items[e.Item].Id, DateTimeOffset.FromUnixTimeMilliseconds(e.TimeMs)));
        var top = Mean(aware, awareRows, from, position: 0);
        Assert.InRange(top / truth, 0.88, 1.12);
        Assert.InRange(Mean(blind, blindRows, from, position: null) / truth, 0, 0.75);
        foreach (var position in (int[])[1, 3, 6, 10, 15, 19])
            Assert.InRange(Mean(aware, awareRows, from, position) / top - SyntheticWorld.ExaminationProbability(position), -0.05, 0.05);
    }

    private static (RankerModel Ranker, RankerRows Rows) Fit(InteractionLog log, string[] names)
    {
        var catalogue =
            new FeatureCatalogue(names.Select(name => FeatureCatalogue.Default.Features.Single(feature => feature.Name == name)));
        var extractor = new FeatureExtractor(catalogue);
        var labels = TwoStageTraining.Labels(log, "click");
        var rows = new RankerRows(catalogue.Count, log.Events.Length);
        Replay.Run(log, new FeatureState(log.Items), e => e.Type == EventType.Impression, (index, state) =>
        {
            var e = log.Events[index];
            var request = FeatureRequest.Of(log.Users[e.User], state.FindUser(e.User), e.TimeMs, e.Device, e.Location);
            extractor.Fill(request, state, [new CandidateInput(e.Item, Position: e.Position)], rows.AddGroup(e.TimeMs, [labels[index]]));
        });
        // Without early stopping: validation on so small a world can end it after a few trees, before the forest has found its level.
        var options = new TrainingOptions { Ranker =
            new LightGbmOptions { NumTrees = 120, NumLeaves = 15, LearningRate = 0.1, MinDataInLeaf = 100, Threads = 1,
            EarlyStoppingRounds = 0 } };
        return (RankerFitting.Fit(rows, options, catalogue, null, TestContext.Current.CancellationToken), rows);
    }

    // Mean calibrated click probability of the rows from a moment on, with the position feature (the last column) set.
    private static double Mean(RankerModel ranker, RankerRows rows, long from, int? position)
    {
        var part = rows.Between(from, long.MaxValue);
        var values = part.Values.ToArray();
        for (var row = 0; position is { } fixedAt && row < part.Rows; row++) values[row * part.Features + part.Features - 1] = fixedAt;
        var raw = new double[part.Rows];
        ranker.Forest.Score(values, part.Rows, raw);
        return raw.Average(ranker.Calibrator.Calibrate);
    }

    /// <summary>The history of a world as training reads it.</summary>
    internal static InteractionLog Log(SyntheticWorld world)
    {
        var items = ItemCatalog.Create(world.Items);
        var users = new UserDirectory(world.Users);
        var ordinals = world.Users.Select((user, at) => (user.Id, at))
            .ToDictionary(entry => entry.Id, entry => entry.at, StringComparer.Ordinal);
        return new InteractionLog(items, users, [.. world.GenerateHistory().Select(e => new LogEvent(
            e.Time.ToUnixTimeMilliseconds(), ordinals[e.UserId], items.TryGetNumber(e.ItemId, out var item) ? item : -1, e.Type,
            (float)(e.Value ?? double.NaN),
            (short)(e.Position ?? -1), ContextCodes.Device(e.Device), ContextCodes.Location(e.Location)))]);
    }
}
