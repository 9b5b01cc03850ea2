using CsCheck;
using RecSys.Core.Training.Skew;
using RecSys.Tests.Models;

namespace RecSys.Tests.Training.Skew;

public sealed class SkewTallyTests
{
    [Theory]
    [InlineData(1f, 1f, false)]
    [InlineData(1f, 1.000009f, false)]
    [InlineData(1f, 1.00002f, true)]
    [InlineData(-1000f, -1000.005f, false)]
    [InlineData(-1000f, -1000.02f, true)]
    [InlineData(0f, -0f, false)]
    [InlineData(0f, 5e-8f, false)]
    [InlineData(0f, 2e-7f, true)]
    [InlineData(float.NaN, float.NaN, false)]
    [InlineData(float.NaN, 0f, true)]
    [InlineData(0f, float.NaN, true)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity, false)]
    [InlineData(float.PositiveInfinity, float.NegativeInfinity, true)]
    [InlineData(float.MaxValue, float.PositiveInfinity, true)]
    public void Differs_TwoValues_FollowsTheTolerance(float served, float replayed, bool differs)
    {
        Assert.Equal(differs, SkewTally.Differs(served, replayed));
        Assert.Equal(differs, SkewTally.Differs(replayed, served));
    }

    [Fact]
    public void ToFeatures_SomeRows_CountsSharesAndDifferencesAndPutsTheWorstFirst()
    {
        var tally = new SkewTally(TestModels.Catalogue);
        tally.Add([1, 2, float.NaN], [1, 3, float.NaN]);
        tally.Add([1, 2, float.NaN], [1.000001f, 2, 5]);
        tally.Add([1, 2, 4], [1, 2.5f, 4]);

        var features = tally.ToFeatures();

        Assert.Equal([TestModels.Catalogue.Names[1], TestModels.Catalogue.Names[2], TestModels.Catalogue.Names[0]],
            features.Select(feature => feature.Name));
        Assert.Equal([2, 1, 0], features.Select(feature => feature.Mismatches));
        Assert.Equal([3, 3, 3], features.Select(feature => feature.Rows));
        Assert.Equal([2 / 3.0, 1 / 3.0, 0], features.Select(feature => feature.Share));
        Assert.Equal((1, 0.5), (features[0].MaxDifference, features[0].MeanDifference));
        Assert.Equal((0, 0), (features[1].MaxDifference, features[1].MeanDifference));
        Assert.Equal(1e-6, features[2].MaxDifference, 1e-7);
    }

    [Fact]
    public void Skewed_ShareAboveTheTolerance_IsNamedWhereTheTableAndTheJsonShowIt()
    {
        var tally = new SkewTally(TestModels.Catalogue);
        for (var i = 0; i < 200; i++) tally.Add([0, 0, 0], [i < 1 ? 1 : 0, i < 2 ? 1 : 0, 0]);

        var report = new SkewReport(10, tally.Rows, 0.005, new Dictionary<string, int> { ["a reason"] = 3 }, tally.ToFeatures());

        Assert.Equal([TestModels.Catalogue.Names[1]], report.Skewed);
        Assert.Contains($"\"skewed\":[\"{TestModels.Catalogue.Names[1]}\"]", report.ToJson(), StringComparison.Ordinal);
        var lines = report.ToTable().Split('\n');
        Assert.Contains(lines, line => line.Contains("3 requests, a reason", StringComparison.Ordinal));
        Assert.StartsWith(TestModels.Catalogue.Names[1], lines[3], StringComparison.Ordinal);
        Assert.Contains("1 features without a mismatch", report.ToTable(), StringComparison.Ordinal);
    }

    [Fact]
    public void Differs_AnyTwoValues_IsSymmetricAndNeverOfAValueAndItself() =>
        Gen.Select(Gen.Single, Gen.Single).Sample((a, b) => SkewTally.Differs(a, b) == SkewTally.Differs(b, a) && !SkewTally.Differs(a, a));
}
