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

        var rows = ImpressionRows.Build(log, from, ImpressionLabels.Of(log), towers, extractor, int.MaxValue, progress: null);

        var expected = Enumerable.Range(0, events.Length).Where(i => events[i].Type == EventType.Impression).ToArray();
        Assert.Equal(expected.Length, rows.Count);
        var labels = ImpressionLabels.Of(log);
        for (var row = 0; row < rows.Count; row++)
        {
            var e = events[expected[row]];
            Assert.Equal(labels[expected[row]], rows.Labels[row]);
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

        var rows = ImpressionRows.Build(log, 0, [.. Enumerable.Range(0, 10).Select(i => (float)i)], towers,
            new FeatureExtractor(FeatureCatalogue.Default), 4, progress: null);

        Assert.Equal([6f, 7f, 8f, 9f], rows.Labels.ToArray());
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
