using CsCheck;
using RecSys.Core.Training.Rows;

namespace RecSys.Tests.Training.Rows;

/// <summary>Against every way to hand out the labels, counted one by one.</summary>
public sealed class RankSumTestTests
{
    private static readonly Gen<(int Stratum, int Value, bool Success)[]> AnyRows =
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 4], Gen.Bool).Array[2, 14];

    [Fact]
    public void Run_AnyRows_AgreesWithTheDistributionOverAllLabellings() => AnyRows.Sample(rows =>
    {
        var (observed, mean, variance, pairs) = (0.0, 0.0, 0.0, 0);
        foreach (var stratum in rows.GroupBy(row => row.Stratum).Select(group => group.ToArray()))
        {
            var successes = stratum.Count(row => row.Success);
            if (successes == 0 || successes == stratum.Length) continue;
            var all = Enumerable.Range(0, 1 << stratum.Length).Where(labels => int.PopCount(labels) == successes)
                .Select(labels => Smaller(stratum, at => (labels >> at & 1) == 1) / (stratum.Length + 1)).ToArray();
            observed += Smaller(stratum, at => stratum[at].Success) / (stratum.Length + 1);
            mean += all.Average();
            variance += all.Average(value => value * value) - all.Average() * all.Average();
            pairs += successes * (stratum.Length - successes);
        }

        var test = RankSumTest.Run(rows, row => row.Stratum, row => row.Value, row => row.Success);

        Assert.Equal(pairs, test.Pairs);
        if (pairs == 0) Assert.Equal((double.NaN, 0), (test.Auc, test.Deviations));
        else Assert.Equal(observed / (2 * mean), test.Auc, 1e-9);
        if (pairs > 0) Assert.Equal(variance < 1e-12 ? 0 : (observed - mean) / Math.Sqrt(variance), test.Deviations, 1e-6);
    }, iter: 300);

    private static double Smaller((int Stratum, int Value, bool Success)[] rows, Func<int, bool> success)
    {
        var count = 0.0;
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j < rows.Length; j++)
            {
                if (success(i) && !success(j)) count += rows[i].Value < rows[j].Value ? 1 : rows[i].Value == rows[j].Value ? 0.5 : 0;
            }
        }
        return count;
    }
}
