using RecSys.Core.Domain;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Scoring;
using RecSys.Tests.Models;
using RecSys.Tests.Pipeline;

namespace RecSys.Tests.Recommendations;

public sealed class PopularityPriorTests
{
    private static readonly double[] ranked = [0.5, 0.4, double.NaN, 1, 0.3];

    private static readonly int[] positives = [0, 3, 2, 1, 7];

    [Fact]
    public async Task ExecuteAsync_NotPersonal_AddsTheLogarithmOfPopularityToTheLogOdds()
    {
        await using var fixture = await CreateAsync();
        fixture.Context.NotPersonal = "no_positive_events";

        await fixture.RunAsync(new PopularityPrior());

        for (var i = 0; i < ranked.Length; i++)
        {
            var logOdds = Math.Log(ranked[i] / (1 - Math.Min(ranked[i], 1 - 1e-12))) + Math.Log((1.0 + positives[i]) / 8);
            Assert.Equal(1 / (1 + Math.Exp(-logOdds)), fixture.Scores[i], 1e-9);
        }
        Assert.Equal([3, 4, 1, 0, 2], Enumerable.Range(0, 5).OrderByDescending(i => fixture.Scores[i]));
    }

    [Fact]
    public async Task ExecuteAsync_PersonalList_IsLeftAlone()
    {
        await using var fixture = await CreateAsync();

        await fixture.RunAsync(new PopularityPrior());

        Assert.Equal(ranked, fixture.Scores);
    }

    [Fact]
    public async Task ExecuteAsync_RetrievalCountsInTheOrder_IsLeftAlone()
    {
        await using var fixture = await CreateAsync(retrievalWeight: 6);
        fixture.Context.NotPersonal = "no_positive_events";

        await fixture.RunAsync(new PopularityPrior());

        Assert.Equal(ranked, fixture.Scores);
    }

    [Fact]
    public async Task ExecuteAsync_RankerHasFailed_KeepsTheRetrievalScores()
    {
        await using var fixture = await CreateAsync(rank: false);
        fixture.Context.NotPersonal = "no_positive_events";
        var before = fixture.Scores;

        await fixture.RunAsync(new PopularityPrior());

        Assert.Equal(before, fixture.Scores);
    }

    private static async Task<RuleFixture> CreateAsync(double retrievalWeight = 0, bool rank = true)
    {
        var now = RuleFixture.Now.ToUnixTimeMilliseconds();
        var fixture = await RuleFixture.CreateAsync(
            Enumerable.Range(0, ranked.Length).Select(TestModels.Item),
            positives.SelectMany((count, item) => Enumerable.Repeat(new LogEvent(now, 0, item, EventType.Click), count)),
            retrievalWeight: retrievalWeight);
        var list = fixture.Context.Candidates;
        list.Open(new TestStage("add", StageKind.Retrieve, _ => { }));
        for (var i = 0; i < ranked.Length; i++) list.Add(i, CandidateSources.TwoTower, 0.3f - i, i);
        list.Close();
        list.Open(new TestStage("rank", StageKind.Score, _ => { }));
        for (var i = 0; i < ranked.Length && rank; i++) list.SetRank(i, ranked[i], ranked[i]);
        list.Close();
        return fixture;
    }
}
