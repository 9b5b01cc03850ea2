using RecSys.Core.Models.Reference;
using RecSys.Core.Monitoring.Drift;

namespace RecSys.Tests.Monitoring.Drift;

/// <summary>What is said of counts, against values by hand.</summary>
public sealed class DriftJudgementTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    // Half of a hundred thousand lists were below 1 when the model was made; now so many of as many are above. With two bins the index is
    // (p - 1/2) ln(p / (1 - p)): .05, .08, .15, .02 and .23.
    [Theory]
    [InlineData(61_087, 0.05, "stable")]
    [InlineData(63_953, 0.08, "stable")]
    [InlineData(68_880, 0.15, "watch")]
    [InlineData(57_047, 0.02, "stable")]
    [InlineData(73_057, 0.23, "drift")]
    public void Judge_HandMadeShares_SaysWhatTheIndexSays(int above, double psi, string status)
    {
        var rig = new DriftRig(("feature", [1], false));
        var counts = new DriftCounts(rig.Catalogue, DriftRig.Version);
        var (low, high) = (rig.List((0, 0.1f, [0])), rig.List((0, 0.1f, [2])));
        for (var i = 0; i < 100_000; i++) counts.Add(i < above ? high : low, null, rig.Items);

        var window = new DriftJudgement(rig.Catalogue, Reference(("feature", [50_000, 50_000])), counts).Judge(Noon, Noon);

        var feature = Assert.Single(window.Features);
        Assert.Equal(psi, feature.Shift.RawPsi!.Value, 5e-5);
        // One degree of freedom, 100,000 lists on both sides.
        Assert.Equal(2e-5, feature.Shift.Noise!.Value, 1e-12);
        Assert.Equal(feature.Shift.RawPsi.Value - 2e-5, feature.Shift.Psi!.Value, 1e-12);
        Assert.Equal((status, status), (feature.Shift.Status.ToName(), window.Status.ToName()));
        Assert.Equal(status == "stable" ? [] : ["feature"], window.Responsible);
    }

    [Fact]
    public void Of_ThreeBinsWithAnEmptyOne_IsTheSumByHand()
    {
        // Half a row more in each: (30.5, 60.5, 10.5) of 101.5 beside (60.5, 40.5, 0.5) of 101.5.
        var expected = (30.5 - 60.5) / 101.5 * Math.Log(30.5 / 60.5) + (60.5 - 40.5) / 101.5 * Math.Log(60.5 / 40.5)
            + (10.5 - 0.5) / 101.5 * Math.Log(10.5 / 0.5);

        Assert.Equal(expected, StabilityIndex.Of([60, 40, 0], [30, 60, 10]), 1e-12);
        Assert.Equal(2 * (1.0 / 50 + 1.0 / 200), StabilityIndex.Noise([60, 40, 0, 0], [30, 60, 10, 0], 50, 200), 1e-12);
    }

    [Fact]
    public void Judge_FewLists_SaysSoAndJudgesNothing()
    {
        var rig = new DriftRig(("feature", [1], false));
        var counts = new DriftCounts(rig.Catalogue, DriftRig.Version);
        for (var i = 0; i < DriftLevels.MinLists - 1; i++) counts.Add(rig.List((0, 0.1f, [2])), null, rig.Items);
        var reference = Reference(("feature", [1000, 0]));

        var few = new DriftJudgement(rig.Catalogue, reference, counts).Judge(Noon, Noon);
        counts.Add(rig.List((0, 0.1f, [2])), null, rig.Items);
        var enough = new DriftJudgement(rig.Catalogue, reference, counts).Judge(Noon, Noon);
        var without = new DriftJudgement(rig.Catalogue, null, counts).Judge(Noon, Noon);

        Assert.Equal((DriftStatus.TooFew, DriftStatus.TooFew), (few.Status, few.Features[0].Shift.Status));
        Assert.Empty(few.Responsible);
        Assert.Contains("499 lists", few.Advice, StringComparison.Ordinal);
        Assert.Equal(DriftStatus.Drift, enough.Status);
        Assert.Equal((DriftStatus.NoReference, null), (without.Status, without.Reference));
        Assert.Null(without.Features[0].Shift.Psi);
    }

    [Fact]
    public void Judge_FeatureOfTheMoment_IsShownAndNotJudged()
    {
        var rig = new DriftRig(("hour", [12], false));
        var catalogue = new Core.Features.FeatureCatalogue([rig.Catalogue.Features[0] with { OfTheMoment = true }]);
        var counts = new DriftCounts(catalogue, DriftRig.Version);
        for (var i = 0; i < 1000; i++) counts.Add(rig.List((0, 0.1f, [20])), null, rig.Items);

        var window = new DriftJudgement(catalogue, Reference(("hour", [1000, 1000])), counts).Judge(Noon, Noon);

        Assert.Equal((DriftStatus.NotJudged, DriftStatus.NotJudged), (window.Features[0].Shift.Status, window.Status));
        Assert.True(window.Features[0].Shift.Psi > 1);
    }

    [Fact]
    public void Judge_CategoriesScoresAndEmbeddings_AreTheValuesByHand()
    {
        var rig = new DriftRig(("per_list", [1], false), ("per_place", [1], true));
        var reference = Reference(("per_list", [500, 500]), ("per_place", [1000, 1000])) with
        {
            Requests = 1000,
            Categories = new Dictionary<string, int> { ["shoes"] = 1000, ["lamps"] = 900, ["other"] = 100 },
            Scores = FeatureHistogram.Of([.. Enumerable.Repeat(0.1f, 2000)], DriftReference.ScoreEdges),
            // Half of the embeddings point along each axis.
            Embedding = new EmbeddingReference([0.5f, 0.5f], FeatureHistogram.Of(
                [.. Enumerable.Repeat(MathF.Sqrt(0.5f), 1000)], DriftReference.CosineEdges)),
        };
        var counts = new DriftCounts(rig.Catalogue, DriftRig.Version);
        // All along one axis now, of any length; books have no row of their own.
        for (var i = 0; i < 1000; i++)
            counts.Add(rig.List(DriftRig.Version, [3, 0], (0, 0.1f, [0, 0]), (i % 2 == 0 ? 1 : 2, 0.6f, [0, 2])), reference, rig.Items);

        var window = new DriftJudgement(rig.Catalogue, reference, counts).Judge(Noon, Noon);

        Assert.Equal((1000, 2000), (window.Lists, window.Rows));
        Assert.Equal([("shoes", 0.5, 0.5), ("lamps", 0.45, 0.25), ("other", 0.05, 0.25)],
            window.Categories.Shares.Select(share => (share.Category, share.Reference, share.Current)));
        Assert.Equal(StabilityIndex.Of([1000, 900, 100], [1000, 500, 500]) - 2 * (1 / 1000.0 + 1 / 1000.0),
            window.Categories.Shift.Psi!.Value, 1e-12);
        // Counted once a list, and once a place.
        Assert.Equal([("per_list", 1000), ("per_place", 2000)],
            window.Features.OrderBy(feature => feature.Name).Select(feature => (feature.Name, feature.Rows)));
        Assert.Equal(0, window.Features.Single(feature => feature.Name == "per_place").Shift.Psi!.Value, 1e-12);
        Assert.Equal((DriftStatus.Drift, 0.5, 0.5),
            (window.Prediction.Shift.Status, window.Prediction.Current[8], window.Prediction.Current[12]));
        // All cosines are the same as before: only the distance of the means shows that users moved. |(1, 0) - (.5, .5)|^2 = 1/2, the
        // spread is 1 - 1/2.
        Assert.Equal(0, window.Embedding.Cosines.Shift.Psi!.Value, 1e-9);
        Assert.Equal(1 - 2 / 1000.0, window.Embedding.MeanShift!.Value, 1e-9);
        Assert.Equal(["per_list", "prediction", "category_mix"], window.Responsible.Order(StringComparer.Ordinal)
            .OrderBy(name => name == "category_mix").ToArray());
    }

    [Fact]
    public void Of_StoredForm_ComesBackTheSame()
    {
        var rig = new DriftRig(("a", [1, 2], false), ("b", [0.5f], true));
        var reference = Reference(("a", [1, 1, 1]), ("b", [1, 1])) with
        {
            Categories = new Dictionary<string, int> { ["lamps"] = 3, ["other"] = 0 },
            Embedding = new EmbeddingReference([0.5f, 0.1f], new FeatureHistogram(DriftReference.CosineEdges, new int[13], 0)),
        };
        var counts = new DriftCounts(rig.Catalogue, "v7") { Quality = new EventQuality(4, 3, 2, 1) };
        counts.Add(rig.List("v7", [0.2f, 0.1f], (1, 0.3f, [float.NaN, 1]), (0, float.NaN, [5, 0])), reference, rig.Items);

        var bytes = counts.ToBytes(new Core.Domain.Columns.RecordWriter());
        var back = DriftCounts.Of(bytes, rig.Catalogue);

        Assert.Equal(bytes, back.ToBytes(new Core.Domain.Columns.RecordWriter()));
        Assert.Equal([0, 0, 0, 1], back.Feature(0).ToArray());
        Assert.Equal([1, 1, 0], back.Feature(1).ToArray());
        Assert.Equal([("lamps", 1), ("other", 1)], back.Categories.Select(entry => (entry.Key, entry.Value)).Order());
        Assert.Throws<InvalidDataException>(() => DriftCounts.Of(bytes.AsSpan(0, bytes.Length - 1), rig.Catalogue));
        Assert.Throws<InvalidDataException>(() => DriftCounts.Of(bytes, new DriftRig(("other", [1], false)).Catalogue));
    }

    [Fact]
    public void Parse_WhatWasWritten_ComesBackAndOldBundlesStayReadable()
    {
        var reference = Reference(("a", [3, 4])) with { Requests = 7, Categories = new Dictionary<string, int> { ["x"] = 7 } };

        var back = DriftReference.Parse(reference.ToJson())!;
        var old = DriftReference.Parse("""{"rows":400,"features":{"a":{"edges":[1],"counts":[300,100],"missing":0}}}"""u8.ToArray())!;

        Assert.Equal(reference.ToJson(), back.ToJson());
        Assert.Equal((20, null, null), (old.Lists, old.Categories, old.Embedding));
        Assert.Null(DriftReference.Parse("""{"user":{}}"""u8.ToArray()));
    }

    private static DriftReference Reference(params (string Name, int[] Counts)[] features) =>
        new(features[0].Counts.Sum(), features.ToDictionary(
            feature => feature.Name,
            feature => new FeatureHistogram([.. Enumerable.Range(0, feature.Counts.Length - 1).Select(i => EdgeOf(feature.Name, i))],
                feature.Counts, 0)))
        {
            Requests = features[0].Counts.Sum(),
        };

    private static float EdgeOf(string name, int i) => name switch { "hour" => 12, "b" => 0.5f, _ => 1 + i };
}
