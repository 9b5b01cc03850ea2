using RecSys.Core.Domain;
using RecSys.Core.Evaluation.Impressions;

namespace RecSys.Tests.Evaluation.Impressions;

public sealed class ListTests
{
    private const long Hour = 3_600_000;

    private static LogEvent Shown(long atMs, int user, int item, int list = 0) =>
        new(atMs, user, item, EventType.Impression) { List = list };

    private static LogEvent Click(long atMs, int item) => new(atMs, 0, item, EventType.Click);

    [Fact]
    public void ImpressionSet_WithAndWithoutRequestIds_FormsListsByTheseOrByUserAndMoment()
    {
        var log = Logs.Of(2, 9, Shown(1, 0, 0), Shown(1, 0, 1), Shown(1, 1, 2), Shown(2, 0, 3), Shown(3, 0, 4, 7), Shown(4, 0, 5, 7),
            Shown(4, 1, 6, 7), Shown(4, 0, 7, 8), Shown(4, 0, 8));

        var set = new ImpressionSet(log, [.. Enumerable.Range(0, 9)], new bool[9]);

        Assert.Equal([0, 0, 1, 2, 3, 3, 4, 5, 6], set.Lists);
        Assert.Equal([2, 1, 1, 2, 1, 1, 1], set.Sizes);
        Assert.Equal(4, set.WithRequestId);
    }

    [Fact]
    public void ListMetrics_FourLists_AreAsComputedByHand()
    {
        // The first: clicked items at ranks 2 and 4. The second: one score for all, so the click is at each of three places as likely. The
        // third: no click. The fourth: nothing else.
        int[] lists = [0, 1, 0, 2, 0, 1, 0, 1, 2, 3];
        float[] scores = [4, 1, 3, 9, 2, 1, 1, 1, 8, 5];
        bool[] clicked = [false, true, true, false, false, false, true, false, false, true];

        var metrics = ListMetrics.Of(lists, 4, scores, clicked);

        Assert.Equal([0.25, 0.5, double.NaN, double.NaN], metrics.Auc);
        Assert.Equal((1 / Math.Log2(3) + 1 / Math.Log2(5)) / (1 + 1 / Math.Log2(3)), metrics.Ndcg[0], 1e-12);
        Assert.Equal((1 + 1 / Math.Log2(3) + 1 / Math.Log2(4)) / 3, metrics.Ndcg[1], 1e-12);
        Assert.Equal((1 + 1 / 2.0 + 1 / 3.0) / 3, metrics.ReciprocalRank[1], 1e-12);
        Assert.Equal([0.5, double.NaN, double.NaN], [metrics.ReciprocalRank[0], metrics.Ndcg[2], metrics.ReciprocalRank[2]]);
        Assert.Equal(double.NaN, metrics.Ndcg[3]);
        var log = Logs.Of(1, 1, [.. lists.Select(list => Shown(list, 0, 0))]);
        Assert.Equal(2, new ImpressionSet(log, [.. Enumerable.Range(0, 10)], clicked).MixedLists);
    }

    [Fact]
    public void RecentClicks_AtEachList_CountsWhatWasClickedInTheHoursBeforeOverItsLength()
    {
        var log = Logs.Of(1, 3, Click(0, 0), Click(Hour / 2, 0), Shown(Hour, 0, 0), Shown(Hour, 0, 1), Click(Hour, 1),
            Shown(Hour + 1, 0, 1), Shown(3 * Hour, 0, 0));
        var set = new ImpressionSet(log, [2, 3, 5, 6], new bool[4]);

        var scores = ListBaselines.RecentClicks(set, e => e.Type == EventType.Click, 1);

        Assert.Equal([2.5f / 2, 0.5f / 2, 1.5f, 0.5f], scores.Scores);
        Assert.Equal([2.5f / 2, 0.5f / 2, 1.5f, 2.5f], ListBaselines.RecentClicks(set, e => e.Type == EventType.Click, 24).Scores);
    }

    [Fact]
    public void Length_LongListsThatAreClickedLess_ScoreByTheirRateInTraining()
    {
        // In training, of 100 lists of one the half is clicked, of 100 lists of three a third of the first item.
        var events = new List<LogEvent>();
        for (var n = 0; n < 100; n++)
        {
            events.Add(Shown(10 * n, 0, 0));
            for (var item = 0; item < 3; item++) events.Add(Shown(10 * n + 1, 0, item));
        }
        var train = Logs.Of(1, 3, [.. events]);
        bool[] clicked = [.. Enumerable.Range(0, 400).Select(row => row % 4 == 0 ? row % 8 == 0 : row % 4 == 1 && row % 12 == 1)];
        var rate = clicked.Count(click => click) / 400.0;
        var test = Logs.Of(1, 5, Shown(1, 0, 4), Shown(2, 0, 0), Shown(2, 0, 1), Shown(2, 0, 2), Shown(3, 0, 0), Shown(3, 0, 1));

        var scores = ListBaselines.Length(new ImpressionSet(train, [.. Enumerable.Range(0, 400)], clicked),
            new ImpressionSet(test, [0, 1, 2, 3, 4, 5], new bool[6])).Scores;

        Assert.Equal((50 + 20 * rate) / 120, scores[0], 1e-6);
        Assert.Equal((34 + 20 * rate) / 320, scores[1], 1e-6);
        Assert.Equal(rate, scores[5], 1e-6);
        Assert.True(scores[0] > scores[5] && scores[5] > scores[1]);
    }

    [Fact]
    public void ChooseHours_ClicksThatTellForAnHour_TakesTheHour()
    {
        // What was clicked in the last hour is clicked again; what was clicked a day before is not.
        var events = new List<LogEvent>();
        for (var hour = 0; hour < 60; hour++)
        {
            events.Add(Click(hour * Hour, hour % 30));
            for (var item = 0; item < 30; item++) events.Add(Shown(hour * Hour + 1, 0, item));
        }
        var log = Logs.Of(1, 30, [.. events]);
        int[] shown = [.. Enumerable.Range(0, log.Events.Length).Where(index => log.Events[index].IsImpression)];
        bool[] clicked = [.. shown.Select(index => log.Events[index].Item == log.Events[index].TimeMs / Hour % 30)];

        Assert.Equal(1, ListBaselines.ChooseHours(new ImpressionSet(log, shown, clicked), e => e.Type == EventType.Click));
    }
}
