using RecSys.Core.Evaluation;

namespace RecSys.Tests.Evaluation;

public sealed class SeedStudyTests
{
    [Fact]
    public void Of_TwoSeeds_GivesMeanDeviationAndDifferences()
    {
        // Of four users the baseline hits one; retrieval hits two, then three; two-stage hits three both times.
        var study = SeedStudy.Of([(7, [Result("retrieval", 1, 1, 99, 99), Result("two-stage", 1, 1, 1, 99)]),
            (8, [Result("retrieval", 1, 1, 1, 99), Result("two-stage", 1, 1, 99, 1)])], Result("popular", 1, 99, 99, 99));

        Assert.Equal([7, 8], study.Seeds);
        var hits = study.Models.Where(row => row.Figure == Figures.HitRateAt10).ToArray();
        Assert.Equal(new SeedFigure("retrieval", Figures.HitRateAt10, 0.625, Math.Sqrt(2 * 0.125 * 0.125)), hits[0]);
        Assert.Equal(new SeedFigure("two-stage", Figures.HitRateAt10, 0.75, 0), hits[1]);
        Assert.Equal([("retrieval", "popular", 0.375), ("two-stage", "popular", 0.5), ("two-stage", "retrieval", 0.125)],
            study.Differences.Where(row => row.Figure == Figures.HitRateAt10).Select(row => (row.Model, row.Against, row.Difference)));
        Assert.All(study.Differences, row => Assert.InRange(row.Difference, row.Interval.Low, row.Interval.High));
    }

    [Fact]
    public void Of_ModelsThatAgree_HaveNoDifference()
    {
        var study = SeedStudy.Of([(1, [Result("retrieval", 1, 5, 99), Result("two-stage", 1, 5, 99)])], Result("popular", 1, 5, 99));

        Assert.All(study.Differences, row => Assert.Equal((0, new Interval(0, 0)), (row.Difference, row.Interval)));
        Assert.All(study.Models, row => Assert.Equal(0, row.Deviation));
    }

    private static FullRankingResult Result(string model, params double[] ranks) =>
        new(model, [.. Enumerable.Range(0, ranks.Length)], ranks, []) { Knows = Knowledge.Cut };
}
