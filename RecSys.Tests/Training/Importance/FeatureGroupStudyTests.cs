using RecSys.Core.Features;
using RecSys.Core.Ranking;
using RecSys.Core.Ranking.LightGbm;
using RecSys.Core.Training;
using RecSys.Core.Training.Importance;
using RecSys.Core.Training.Rankers;

namespace RecSys.Tests.Training.Importance;

/// <summary>Rows whose label depends on one user and one item column; the other columns are noise.</summary>
public sealed class FeatureGroupStudyTests
{
    private static readonly FeatureCatalogue Catalogue =
        new(((string[])["user_ctr_all", "item_ctr_all", "hour", "seen_impressions", "cosine_user"])
        .Select(name => FeatureCatalogue.Default.Features.Single(feature => feature.Name == name)));

    private static readonly TrainingOptions Options =
        new() { Ranker = new LightGbmOptions { NumTrees = 40, NumLeaves = 8, LearningRate = 0.2, Threads = 1 } };

    [Fact]
    public void Run_LabelFromUserAndItem_FindsWhatEachGroupAdds()
    {
        var (train, valid, test) = (Rows(1), Rows(2), Rows(3));

        var groups =
            FeatureGroupStudy.Run(train, valid, test, allAuc: 0.9, Catalogue, Options, null, TestContext.Current.CancellationToken);

        Assert.Equal(["all", "user", "item", "context", "pair", "models"], groups.Select(group => group.Group));
        Assert.All(groups.Skip(1), group => Assert.Equal(1, group.Features));
        var user = groups[1];
        Assert.InRange(user.AucAlone!.Value, 0.85, 0.99);
        Assert.InRange(user.AucWithout!.Value, 0.55, 0.75);
        Assert.All(groups.Skip(3), noise => Assert.True(noise.AucAlone < 0.55 && noise.AucWithout > user.AucAlone));
    }

    [Fact]
    public void Run_Importance_OrdersByGainAndPutsTheRowsBack()
    {
        var test = Rows(3);
        var before = (float[])test.Values.Clone();
        var ranker = RankerFitting.Fit(Rows(1), Rows(2), Options, Catalogue, null, TestContext.Current.CancellationToken);

        var features = ImportanceStudy.Run(ranker, test, seed: 7);

        Assert.Equal(["user_ctr_all", "item_ctr_all"], features.Take(2).Select(feature => feature.Feature));
        Assert.Equal(1, features.Sum(feature => feature.GainShare), 1e-9);
        Assert.True(features[0].AucLoss > features[1].AucLoss && features[1].AucLoss > 0.02);
        Assert.All(features.Skip(2), noise => Assert.InRange(noise.AucLoss!.Value, -0.01, 0.01));
        Assert.Equal(before, test.Values);
        Assert.All(ImportanceStudy.Run(ranker, test: null, seed: 7), feature => Assert.Null(feature.AucLoss));
    }

    private static RankerDataset Rows(int seed)
    {
        const int rows = 3000;
        var random = new Random(seed);
        var values = new float[rows * 5];
        var labels = new float[rows];
        for (var row = 0; row < rows; row++)
        {
            var cells = values.AsSpan(row * 5, 5);
            foreach (ref var cell in cells) cell = random.NextSingle();
            labels[row] = 4 * cells[0] + 1.5f * cells[1] - 2.75f + 0.8f * (random.NextSingle() - 0.5f) > 0 ? 1 : 0;
        }
        return new RankerDataset { Rows = rows, Features = 5, Values = values, Labels = labels };
    }
}
