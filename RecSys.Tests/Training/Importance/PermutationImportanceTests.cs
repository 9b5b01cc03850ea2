using RecSys.Core.Features;
using RecSys.Core.Ranking.LightGbm;
using RecSys.Core.Training.Importance;
using RecSys.Core.Training.Rankers;
using RecSys.Core.Training.Rows;

namespace RecSys.Tests.Training.Importance;

/// <summary>Lists of four in which the first column says which item is chosen; the second is noise.</summary>
public sealed class PermutationImportanceTests
{
    private const int Lists = 600;

    private static readonly FeatureCatalogue Catalogue = new(((string[])["item_ctr_all", "hour"])
        .Select(name => FeatureCatalogue.Default.Features.Single(feature => feature.Name == name)));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Loss_ColumnThatDecides_FallsToTheNdcgOfChance()
    {
        var rows = Fill(2).Between(0, long.MaxValue);
        var before = (float[])rows.Values.Clone();
        var permutation = new PermutationImportance(Ranker().Forest, rows, lists: true);

        Assert.Equal("ndcg@10", permutation.Metric);
        Assert.Equal(1, permutation.Value, 0.01);
        // One of four in random order: the mean of 1 / log2(1 + rank).
        var chance = (1 + 1 / Math.Log2(3) + 0.5 + 1 / Math.Log2(5)) / 4;
        Assert.InRange(permutation.Value - permutation.Loss(0, seed: 3), chance - 0.06, chance + 0.06);
        Assert.InRange(permutation.Loss(1, seed: 3), -0.01, 0.01);
        Assert.Equal(before, rows.Values);
    }

    [Fact]
    public void OfBundle_ChoiceRanker_HasEveryFeatureWithGainAndLoss()
    {
        var importance = ImportanceStudy.OfBundle(Ranker(), Fill(2), validationShare: 0.5, seed: 1, null, Token);

        Assert.Equal(("ndcg@10", Lists * 2), (importance.Metric, importance.Rows));
        Assert.Equal(["item_ctr_all", "hour"], importance.Features.Select(feature => feature.Feature));
        Assert.Equal(1, importance.Features.Sum(feature => feature.GainShare), 1e-9);
        Assert.InRange(importance.Features[0].Loss!.Value, 0.2, 0.5);
    }

    [Fact]
    public void SampleLater_FewerThanThereAre_TakesWholeListsOfTheLaterPart()
    {
        var rows = Fill(2);
        var later = rows.Split(0.5).Later;

        var sample = rows.SampleLater(0.5, most: 100, seed: 4);

        Assert.Equal(100, sample.Rows);
        Assert.Equal(Enumerable.Repeat(4, 25), sample.GroupSizes);
        Assert.All(Enumerable.Range(0, 25), list => Assert.Equal(1, sample.Labels.AsSpan(list * 4, 4).ToArray().Sum()));
        Assert.All(sample.Values.Chunk(8), list => Assert.True(later.Values.AsSpan().IndexOf(list) >= 0));
        Assert.Equal(later.Values, rows.SampleLater(0.5, int.MaxValue, seed: 4).Values);
    }

    private static RankerModel Ranker() => RankerFitting.Fit(
        Fill(1).Between(0, long.MaxValue), Fill(2).Between(0, long.MaxValue),
        new LightGbmOptions { Objective = "lambdarank", NumTrees = 30, NumLeaves = 8, LearningRate = 0.2, MinDataInLeaf = 10, Threads = 1 },
            Catalogue, null, Token);

    private static RankerRows Fill(int seed)
    {
        var random = new Random(seed);
        var rows = new RankerRows(2, Lists * 4);
        for (var list = 0; list < Lists; list++)
        {
            var chosen = random.Next(4);
            var matrix = rows.AddGroup(list, [.. Enumerable.Range(0, 4).Select(i => i == chosen ? 1f : 0f)]);
            for (var i = 0; i < 4; i++)
                (matrix[i * 2], matrix[i * 2 + 1]) = ((i == chosen ? 1 : 0) + 0.5f * random.NextSingle(), random.NextSingle());
        }
        return rows;
    }
}
