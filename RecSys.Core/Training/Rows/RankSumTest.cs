namespace RecSys.Core.Training.Rows;

/// <summary>
/// Do the successes have smaller values than the failures of the same stratum? The stratified rank sum test of van Elteren (1960): per
/// stratum Mann and Whitney's count with its variance under exchange of the labels, ties included, weighed by 1 / (size + 1).
/// </summary>
/// <param name="Auc">
/// Chance that a success has a smaller value than a failure of its stratum, ties counting one half; NaN without pairs.
/// </param>
/// <param name="Deviations">Standard errors by which that is above one half; 0 without pairs that differ.</param>
/// <param name="Pairs">Pairs of a success and a failure within a stratum.</param>
internal readonly record struct RankSumTest(double Auc, double Deviations, double Pairs)
{
    /// <summary>Tests the rows, whose strata need not be adjacent.</summary>
    public static RankSumTest Run<T, TKey>(IEnumerable<T> rows, Func<T, TKey> stratum, Func<T, int> value, Func<T, bool> success)
        where TKey : notnull
    {
        var (count, expected, variance, pairs) = (0.0, 0.0, 0.0, 0.0);
        foreach (var group in rows.GroupBy(stratum))
        {
            var members = group.Select(row => (Value: value(row), Success: success(row))).ToArray();
            double size = members.Length, successes = members.Count(member => member.Success);
            var within = successes * (size - successes);
            if (within == 0) continue;
            var (smaller, ties) = Count(members);
            var weight = 1 / (size + 1);
            count += weight * smaller;
            expected += weight * within / 2;
            variance += weight * weight * within / 12 * (size + 1 - ties / (size * (size - 1)));
            pairs += within;
        }
        return new RankSumTest(
            pairs == 0 ? double.NaN : count / (2 * expected), variance <= 0 ? 0 : (count - expected) / Math.Sqrt(variance), pairs);
    }

    // Pairs in which the success has the smaller value, and the sum of t^3 - t over the tied values.
    private static (double Smaller, double Ties) Count((int Value, bool Success)[] members)
    {
        Array.Sort(members, (a, b) => a.Value.CompareTo(b.Value));
        var (smaller, ties, before) = (0.0, 0.0, 0.0);
        for (var i = 0; i < members.Length;)
        {
            var start = i;
            double hits = 0;
            for (; i < members.Length && members[i].Value == members[start].Value; i++) hits += members[i].Success ? 1 : 0;
            double tied = i - start;
            smaller += (tied - hits) * (before + hits / 2);
            before += hits;
            ties += tied * tied * tied - tied;
        }
        return (smaller, ties);
    }
}
