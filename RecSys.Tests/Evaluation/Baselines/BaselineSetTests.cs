using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.Baselines;
using RecSys.Core.Retrieval.Transitions;

namespace RecSys.Tests.Evaluation.Baselines;

public sealed class BaselineSetTests
{
    private const long Hour = 3_600_000;

    private static float[] Scores(IRecommender model, int items, long? atMs, params int[] history)
    {
        var scores = new float[items];
        Array.Fill(scores, float.NaN);
        model.Score(new RankingQuery(0, history, atMs), scores);
        return scores;
    }

    private static LogEvent Click(long atMs, int item, int user = 0) => new(atMs, user, item, EventType.Click);

    [Fact]
    public void RecentPopularity_AtAMoment_CountsTheWindowBeforeItAndNothingAtItOrLater()
    {
        var log = Logs.Of(1, 5, Click(0, 0), Click(0, 0), Click(Hour, 1), Click(2 * Hour, 2), Click(2 * Hour, 2), Click(3 * Hour, 3));
        var train = Logs.Of(1, 5, Click(0, 0), Click(0, 0), Click(0, 4));
        var model = RecentPopularity.Fit(train, log, TimeSpan.FromHours(1));

        Assert.Equal([1e-6f, 1, 0, 0, 5e-7f], Scores(model, 5, 2 * Hour));
        Assert.Equal([1e-6f, 0, 2, 0, 5e-7f], Scores(model, 5, 2 * Hour + 1));
        Assert.Equal([1e-6f, 0, 2, 0, 5e-7f], Scores(model, 5, 3 * Hour));
        Assert.Equal([1e-6f, 0, 0, 1, 5e-7f], Scores(model, 5, null));
        Assert.Equal([2f, 1, 2, 0, 5e-7f], Scores(model.Over(TimeSpan.FromDays(1)), 5, 3 * Hour));
    }

    [Fact]
    public void RecentPopularity_AnyLogAndWindow_EqualsACountByHand()
    {
        // More events than one step of the kept counts, in any order of times.
        var log = Gen.Select(Gen.Int[0, 5000], Gen.Int[0, 6], Gen.Int[0, EventTypes.Count - 1]).Array[0, 5000].Select(steps =>
            Logs.Of(1, 7, [.. steps.Select(step => new LogEvent(step.Item1, 0, step.Item2, (EventType)step.Item3))]));
        Gen.Select(log, Gen.Int[1, 6000], Gen.Int[0, 6000]).Sample((events, windowMs, atMs) =>
        {
            var train = Logs.Of(1, 7);
            var actual = Scores(RecentPopularity.Fit(train, events, TimeSpan.FromMilliseconds(windowMs)), 7, atMs);
            var expected = Enumerable.Range(0, 7).Select(item => (float)events.Events.ToArray().Count(e =>
                e.Item == item && e.IsPositive && e.TimeMs < atMs && e.TimeMs >= atMs - windowMs));
            Assert.Equal(expected, actual);
        }, iter: 60);
    }

    [Fact]
    public void Transitions_TwoItemsBack_CountHalf()
    {
        // 0 → 1 three times and 2 → 3 three times, never close to each other.
        var log = Logs.OfSequences(6, [0, 1], [0, 1], [0, 1], [2, 3], [2, 3], [2, 3]);
        var weight = ItemTransitions.Fit(log).WeightsOf(0)[0];
        var votes = Scores(TransitionBaseline.Fit(log), 6, null);

        var scores = Scores(TransitionBaseline.Fit(log), 6, null, 0, 2);

        Assert.Equal(votes[3] + weight, scores[3]);
        Assert.Equal(votes[1] + weight / 2, scores[1]);
        Assert.Equal(0, scores[5]);
        Assert.True(votes[1] is > 0 and < 1e-5f);
    }

    [Fact]
    public void LastItem_LongHistory_LooksAtTheLastOneOnly()
    {
        var random = new Random(4);
        var log = Logs.OfSequences(30,
            [.. Enumerable.Range(0, 100).Select(_ => Enumerable.Range(0, 8).Select(_ => random.Next(30)).ToArray())]);
        var models = Fit(log, BaselineSettings.Unchosen);
        var (knn, last) = (models["item-knn"], models["last-item"]);

        Assert.Equal(Scores(last, 30, null, 7), Scores(last, 30, null, 1, 2, 3, 7));
        Assert.Equal(Scores(knn, 30, null, 7), Scores(last, 30, null, 1, 2, 3, 7));
        Assert.NotEqual(Scores(knn, 30, null, 1, 2, 3, 7), Scores(last, 30, null, 1, 2, 3, 7));
    }

    [Fact]
    public void Choose_WhatIsNewEachDay_TakesTheWindowThatSeesOnlyTheDay()
    {
        // Every day another item is the only one that anybody wants; by the week, yesterday's are as popular.
        var events = new List<LogEvent>();
        for (var day = 0; day < 10; day++)
        {
            for (var n = 0; n < 40; n++) events.Add(Click((day * 24 + n / 2) * Hour + n, day, n));
        }
        var log = Logs.Of(40, 10, [.. events]);
        HeldOutChoice[] validation = [.. Enumerable.Range(0, 20).Select(n => new HeldOutChoice(n, 9, ReadOnlyMemory<int>.Empty,
            (9 * 24 + 10) * Hour))];

        var chosen = BaselineSet.Choose(log.Where(e => e.Item < 9), log,
            model => FullRanking.Evaluate(model, validation, 10, null, null, TestContext.Current.CancellationToken), null,
            TestContext.Current.CancellationToken);

        Assert.Equal(1, chosen.RecentHours);
        Assert.Contains("popular-lately counts the last 1 h;", chosen.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Choose_NothingToTell_SaysWhatIsTaken()
    {
        var log = Logs.OfSequences(4, [0, 1], [0, 2]);

        var chosen = BaselineSet.Choose(log, log,
            model => FullRanking.Evaluate(model, [], 4, null, null, TestContext.Current.CancellationToken), null,
            TestContext.Current.CancellationToken);

        Assert.Equal(BaselineSettings.Unchosen, chosen);
    }

    [Fact]
    public void Fit_EachBaseline_SaysWhatItKnows()
    {
        var models = Fit(Logs.OfSequences(4, [0, 1], [0, 2]), BaselineSettings.Unchosen);

        Assert.Equal(
            ["random Cut", "popular Cut", "popular-lately All", "item-knn User", "item-knn-gap User", "transitions User", "last-item User"],
            models.Values.Select(model => $"{model.Name} {model.Knows}"));
    }

    private static Dictionary<string, IRecommender> Fit(InteractionLog log, BaselineSettings settings) =>
        BaselineSet.Fit(log, log, settings, 1, TestContext.Current.CancellationToken).ToDictionary(model => model.Name);
}
