using RecSys.Core.Domain;
using RecSys.Core.Training;
using RecSys.Tests.Features;

namespace RecSys.Tests.Training;

public sealed class TwoStageTrainingTests
{
    private const int Views = 4000;

    [Fact]
    public void TowerCut_HistoryWithoutImpressionsCrowdsTheTimeBefore_CutsByImpressions()
    {
        var log = HistoryThenImpressions(5000);

        Assert.Equal(FeatureLogs.Start + (Views + 4000) * 1000L, TwoStageTraining.TowerCut(log, 0.8));
    }

    [Fact]
    public void TowerCut_TooFewImpressionsForARanker_CutsByPositiveEvents()
    {
        var log = HistoryThenImpressions(4990);

        Assert.Equal(FeatureLogs.Start + Views * 8 / 10 * 1000L, TwoStageTraining.TowerCut(log, 0.8));
    }

    private static InteractionLog HistoryThenImpressions(int impressions) => FeatureLogs.Log([.. Enumerable.Range(0, Views + impressions)
        .Select(i => new LogEvent(FeatureLogs.Start + i * 1000L, 0, i % 3, i < Views ? EventType.View : EventType.Impression))]);
}
