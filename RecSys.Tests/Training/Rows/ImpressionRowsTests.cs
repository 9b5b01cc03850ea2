using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Training.Rows;
using RecSys.Core.Training.Towers;
using RecSys.Tests.Features;
using RecSys.Tests.Models;

namespace RecSys.Tests.Training.Rows;

public sealed class ImpressionRowsTests
{
    [Fact]
    public void Build_AnyLog_GivesEachImpressionItsLabelAndTheFeaturesOfTheMomentBeforeIt() => FeatureLogs.Any.Sample(events =>
    {
        var log = FeatureLogs.Log(events);
        using var towers = Towers(log);
        var extractor = new FeatureExtractor(FeatureCatalogue.Default);
        var from = events[events.Length / 3].TimeMs;

        var rows = ImpressionRows.Build(log, new ImpressionReplay(from, ImpressionLabels.Of(log)), towers, extractor, progress: null);

        var expected = Enumerable.Range(0, events.Length).Where(i => events[i].Type == EventType.Impression).ToArray();
        Assert.Equal(expected, rows.Events.ToArray().Order());
        var labels = ImpressionLabels.Of(log);
        for (var row = 0; row < rows.Count; row++)
        {
            var index = rows.Events[row];
            var e = events[index];
            Assert.Equal(labels[index], rows.Labels[row]);
            var fresh = FeatureLogs.Fold(events.Where(earlier => earlier.TimeMs < e.TimeMs));
            Assert.Equal(Row(extractor, fresh, log, e.TimeMs >= from ? towers : null, e),
                rows.Values.Slice(row * extractor.Catalogue.Count, extractor.Catalogue.Count).ToArray());
        }
    }, iter: 60);

    [Fact]
    public void Build_MaxRows_TakesTheLatest()
    {
        LogEvent[] events =
            [.. Enumerable.Range(0, 10).Select(i => new LogEvent(FeatureLogs.Start + i * 1000, 0, i % 3, EventType.Impression))];
        var log = FeatureLogs.Log(events);
        using var towers = Towers(log);

        var rows = ImpressionRows.Build(log, new ImpressionReplay(0, [.. Enumerable.Range(0, 10).Select(i => (float)i)]) { MaxRows = 4 },
            towers, new FeatureExtractor(FeatureCatalogue.Default), null, TestContext.Current.CancellationToken);

        Assert.Equal([6f, 7f, 8f, 9f], rows.Labels.ToArray());
    }

    [Fact]
    public void Build_ImpressionsReportedOneByOne_AreOneListAsOfItsFirst()
    {
        // Two users' lists, reported in turns, with a click between; the same items without request ids are a list each.
        LogEvent Shown(int at, int user, int item, int list) =>
            new(FeatureLogs.Start + at, user, item, EventType.Impression, Position: (short)item) { List = list };
        LogEvent[] events =
        [
            Shown(0, 0, 0, 1), Shown(1, 1, 0, 2), Shown(2, 0, 1, 1), new(FeatureLogs.Start + 3, 0, 1, EventType.Click), Shown(4, 1, 1, 2),
            Shown(5, 0, 2, 1),
        ];
        var extractor = new FeatureExtractor(FeatureCatalogue.Default);

        var rows = Build(events, extractor);

        Assert.Equal([0, 2, 5, 1, 4], rows.Events.ToArray());
        Assert.Equal([3, 2], rows.Between(0, long.MaxValue).GroupSizes!);
        Assert.Equal([0f, 1, 0, 0, 0], rows.Labels.ToArray());
        // The second way: a state that has met nothing, asked at the first moment for an item that was reported later.
        var expected = Row(extractor, FeatureLogs.Fold([]), FeatureLogs.Log(events), null, events[5] with { TimeMs = FeatureLogs.Start });
        Assert.Equal(expected, rows.Values.Slice(2 * extractor.Catalogue.Count, extractor.Catalogue.Count).ToArray());
        Assert.Equal(5, Build([.. events.Select(e => e with { List = 0 })], extractor).ListCount);

        static RankerRows Build(LogEvent[] events, FeatureExtractor extractor)
        {
            var log = FeatureLogs.Log(events);
            using var towers = Towers(log);
            return ImpressionRows.Build(log, new ImpressionReplay(long.MaxValue, ImpressionLabels.Of(log)), towers, extractor, null);
        }
    }

    private static TowerView Towers(InteractionLog log) => new(
        new TwoTowerModel
        {
            ItemEmbeddings = TestBundles.Embeddings(log.Items.Count, TestModels.Dimension).ToArray(),
            UserTower = TestModels.Tower(1),
            BestEpoch = new TowerEpoch(1, 1, 0, 0, 0, 0, 0, TimeSpan.Zero),
            Epochs = [],
        },
        log);

    // The second way: one fold of the prefix, one row.
    private static float[] Row(FeatureExtractor extractor, FeatureState state, InteractionLog log, TowerView? towers, LogEvent e)
    {
        var embedding = new float[TestModels.Dimension];
        towers?.Embed(e.User, state.FindUser(e.User), e.Device, e.Location, embedding);
        var score = float.NaN;
        if (towers is not null && towers.TryGet(e.Item, out var item))
            score = System.Numerics.Tensors.TensorPrimitives.Dot(embedding, item);
        var matrix = new float[extractor.Catalogue.Count];
        extractor.Fill(
            FeatureRequest.Of(log.Users[e.User], state.FindUser(e.User), e.TimeMs, e.Device, e.Location, towers, towers is not null
                ? embedding : ReadOnlyMemory<float>.Empty),
            state,
            [new CandidateInput(e.Item, score, -1, e.Position)],
            matrix);
        return matrix;
    }
}
