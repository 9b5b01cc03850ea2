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

    [Fact]
    public void Labels_Click_TakesClicksAndWhereThereAreNoneWhateverIsPositive()
    {
        Assert.Equal([1, 0], Labels("click", (0, EventType.Click), (1, EventType.LongView)));
        Assert.Equal([1, 1], Labels("click", (0, EventType.Like), (1, EventType.LongView)));
    }

    [Fact]
    public void Labels_LongView_TakesLongViewsOnly() =>
        Assert.Equal([0, 1], Labels("long_view", (0, EventType.Click), (1, EventType.LongView)));

    [Theory]
    [InlineData("long_view")]
    [InlineData("longview")]
    public void Labels_TypeThatTheLogLacks_SaysWhatToDo(string label)
    {
        var failure = Assert.Throws<RecSysException>(() => Labels(label, (0, EventType.Click)));

        Assert.Contains("Training:Label", failure.Message, StringComparison.Ordinal);
    }

    // Of two impressions, of the items 0 and 1, that the given events follow.
    private static float[] Labels(string label, params (int Item, EventType Type)[] answers) => TwoStageTraining.Labels(FeatureLogs.Log(
        [new LogEvent(FeatureLogs.Start, 0, 0, EventType.Impression), new LogEvent(FeatureLogs.Start, 0, 1, EventType.Impression),
            .. answers.Select(answer => new LogEvent(FeatureLogs.Start + 1000, 0, answer.Item, answer.Type))]), label)[..2];

    private static InteractionLog HistoryThenImpressions(int impressions) => FeatureLogs.Log([.. Enumerable.Range(0, Views + impressions)
        .Select(i => new LogEvent(FeatureLogs.Start + i * 1000L, 0, i % 3, i < Views ? EventType.View : EventType.Impression))]);
}
