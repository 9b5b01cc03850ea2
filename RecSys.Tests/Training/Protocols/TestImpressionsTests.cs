using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Features;
using RecSys.Core.Training.Protocols;

namespace RecSys.Tests.Training.Protocols;

public sealed class TestImpressionsTests
{
    // The test begins at 10. Lists at 10 and 30; a click in the millisecond of the second, one between, one of somebody else.
    private static InteractionLog Log()
    {
        LogEvent Shown(long atMs, int item) => new(atMs, 0, item, EventType.Impression);
        LogEvent Click(long atMs, int item, int user = 0) => new(atMs, user, item, EventType.Click);
        return Evaluation.Logs.Of(2, 6, Click(1, 5), Shown(2, 0), Shown(10, 0), Shown(10, 1), Click(20, 1), Click(25, 3, user: 1),
            Click(30, 2), Shown(30, 2), Shown(30, 4));
    }

    [Fact]
    public void Judge_EachList_KnowsWhatItsUserDidBeforeItAndItsTime()
    {
        var asked = new List<string>();
        var impressions = new TestImpressions(Log(), Labels, 10);

        var scores = impressions.Judge(new Recorder(asked), TestContext.Current.CancellationToken);

        Assert.Equal(["0 at 10: 5", "0 at 30: 5 1"], asked.Order());
        Assert.Equal([0f, 1, 2, 4], scores.Scores);
        Assert.Equal([false, true, false, false], impressions.Shown.Clicked);
        Assert.Equal([0, 0, 1, 1], impressions.Shown.Lists);
    }

    [Fact]
    public void JudgeFrozen_EachList_KnowsNothingOfTheTestPart()
    {
        var asked = new List<string>();

        new TestImpressions(Log(), Labels, 10).JudgeFrozen(new Recorder(asked), TestContext.Current.CancellationToken);

        Assert.Equal(["0 at 10: 5"], asked.Distinct());
    }

    [Fact]
    public void Between_PartOfALog_HasItsImpressionsOnly()
    {
        var part = TestImpressions.Between(Log(), Labels, 2, 30);

        Assert.Equal([1, 2, 3], part.Events.ToArray());
        Assert.Equal([false, false, true], part.Clicked);
    }

    [Fact]
    public void Judge_ImpressionsOfAListReportedOneByOne_AreOfTheMomentAndThePartInWhichItBegan()
    {
        LogEvent Shown(long atMs, int item, int list) => new(atMs, 0, item, EventType.Impression) { List = list };
        var log = Evaluation.Logs.Of(1, 6, Shown(8, 0, 1), Shown(11, 1, 1), Shown(12, 2, 2), new LogEvent(13, 0, 2, EventType.Click),
            Shown(14, 3, 2));
        var asked = new List<string>();

        var impressions = new TestImpressions(log, ImpressionLabels.Of(log), 10);
        impressions.Judge(new Recorder(asked), TestContext.Current.CancellationToken);

        Assert.Equal([2, 4], impressions.Shown.Events.ToArray());
        Assert.Equal(["0 at 12: "], asked);
        Assert.Equal([0, 1], TestImpressions.Between(log, ImpressionLabels.Of(log), 0, 10).Events.ToArray());
    }

    private static float[] Labels { get; } = [float.NaN, 0, 0, 1, float.NaN, float.NaN, float.NaN, 0, 0];

    private sealed class Recorder(List<string> asked) : IRecommender
    {
        public string Name => "recorder";

        public Knowledge Knows => Knowledge.All;

        public void Score(in RankingQuery query, Span<float> scores)
        {
            lock (asked) asked.Add($"{query.User} at {query.AtMs}: {string.Join(' ', query.History.ToArray())}");
            for (var item = 0; item < scores.Length; item++) scores[item] = item;
        }
    }
}
