using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.Impressions;

namespace RecSys.Tests.Evaluation;

public sealed class EvaluationFiguresTests
{
    // 40 users with 25 lists each, of two items; a user's lists are all ordered well or all badly.
    private const int Users = 40;
    private const int ListsPerUser = 25;

    [Fact]
    public void Rows_ListsOfOneUserThatAreAlike_HaveTheIntervalOfUsers()
    {
        var random = new Random(5);
        bool[] well = [.. Enumerable.Range(0, Users).Select(_ => random.Next(2) == 0)];
        var shown = Shown(out var listUsers);
        var scores = Enumerable.Range(0, shown.Count).Select(row => shown.Clicked[row] == well[listUsers[row]] ? 1f : 0).ToArray();

        var row = Rows(new TestOutcomes(shown.Log, [], [])
        {
            Impressions = shown,
            Judged = [new ImpressionScores("two-stage", Knowledge.All, scores)],
        }).Single();

        var mean = well.Count(user => user) / (double)Users;
        Assert.Equal(mean, row.ListAuc!.Value, 9);
        // The normal approximation for 40 independent units; a bootstrap of 1,000 lists would give a fifth of it.
        var half = 1.96 * Math.Sqrt(mean * (1 - mean) / Users);
        Assert.InRange(row.Intervals![Figures.ListAuc].Half, half * 0.8, half * 1.2);
    }

    [Theory]
    [InlineData("popular", "popular", Advantage.OnValidation)]
    [InlineData(null, "item-knn", Advantage.OnTest)]
    public void Rows_BaselineChosenOnValidation_IsTheOneToBeat(string? chosen, string expected, string bestOn)
    {
        var log = Logs.Of(2, 3, new LogEvent(1, 0, 0, EventType.Click), new LogEvent(2, 1, 1, EventType.Click));
        FullRankingResult Result(string model, double rank) =>
            new(model, [0, 1], [rank, rank], new long[3]) { Knows = Knowledge.Cut };

        var rows = Rows(new TestOutcomes(log, [0, 1], [Result("popular", 3), Result("item-knn", 2), Result("two-stage", 1)])
        {
            BaselineToBeat = chosen,
        });

        var above = rows[2].AboveBestBaseline![Figures.Mrr];
        Assert.Equal((expected, bestOn), (above.Baseline, above.BestOn));
        Assert.Equal(1 - (expected == "popular" ? 1 / 3.0 : 0.5), above.Difference, 9);
    }

    [Fact]
    public void Rows_LogLoss_TheBestBaselineHasTheLeast()
    {
        var shown = Shown(out _);
        ImpressionScores Judged(string model, float probability)
        {
            float[] all = [.. Enumerable.Repeat(probability, shown.Count)];
            return new ImpressionScores(model, Knowledge.Cut, all, all);
        }

        // Half of the impressions are clicked.
        var rows = Rows(new TestOutcomes(shown.Log, [], [])
        {
            Impressions = shown, Judged = [Judged("popular", 0.5f), Judged("item-knn", 0.9f), Judged("two-stage", 0.6f)],
        });

        var above = rows.Single(row => row.Model == "two-stage").AboveBestBaseline![Figures.LogLoss];
        Assert.Equal("popular", above.Baseline);
        Assert.Equal(-(Math.Log(0.6) + Math.Log(0.4)) / 2 - Math.Log(2), above.Difference, 1e-6);
    }

    private static IReadOnlyList<EvaluationRow> Rows(TestOutcomes outcomes) =>
        EvaluationFigures.Rows(outcomes, 7, TestContext.Current.CancellationToken);

    private static ImpressionSet Shown(out int[] users)
    {
        LogEvent[] events = [.. Enumerable.Range(0, Users * ListsPerUser * 2).Select(row =>
            new LogEvent(row, row / (ListsPerUser * 2), row % 2, EventType.Impression) { List = 1 + row / 2 })];
        users = [.. events.Select(e => e.User)];
        return new ImpressionSet(Logs.Of(Users, 2, events), [.. Enumerable.Range(0, events.Length)],
            [.. Enumerable.Range(0, events.Length).Select(row => row % 2 == 0)]);
    }
}
