namespace RecSys.Core.Evaluation;

/// <summary>Metrics of what a model recommends over all users, from how often it recommends each item.</summary>
public static class CatalogueMetrics
{
    /// <summary>Share of the catalogue recommended at least once; 0 for an empty catalogue.</summary>
    /// <param name="timesRecommended">Indexed by item ordinal.</param>
    public static double Coverage(ReadOnlySpan<long> timesRecommended)
    {
        if (timesRecommended.IsEmpty) return 0;
        var used = 0;
        foreach (var count in timesRecommended) used += count > 0 ? 1 : 0;
        return (double)used / timesRecommended.Length;
    }

    /// <summary>
    /// Gini coefficient of exposure: 0 when every item is recommended equally often, (n - 1) / n when one item gets everything.
    /// NaN when nothing was recommended.
    /// </summary>
    /// <param name="timesRecommended">Indexed by item ordinal.</param>
    public static double Gini(ReadOnlySpan<long> timesRecommended)
    {
        var sorted = timesRecommended.ToArray();
        Array.Sort(sorted);
        double weighted = 0, total = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            weighted += (2.0 * (i + 1) - sorted.Length - 1) * sorted[i];
            total += sorted[i];
        }
        return total == 0 ? double.NaN : weighted / (sorted.Length * total);
    }

    /// <summary>
    /// Mean self-information, in bits, of the recommended items: -log2 of the item's share of all training interactions
    /// (Zhou et al., 2010). Shares are smoothed by one event per item, so unseen items stay finite. NaN when nothing was recommended.
    /// </summary>
    /// <param name="timesRecommended">Indexed by item ordinal.</param>
    /// <param name="interactions">Positive training events, indexed by item ordinal.</param>
    public static double Novelty(ReadOnlySpan<long> timesRecommended, ReadOnlySpan<long> interactions)
    {
        if (timesRecommended.Length != interactions.Length)
            throw new ArgumentException($"{interactions.Length} interaction counts for {timesRecommended.Length} items.",
                nameof(interactions));
        double all = interactions.Length;
        foreach (var count in interactions) all += count;
        double bits = 0, shown = 0;
        for (var i = 0; i < timesRecommended.Length; i++)
        {
            if (timesRecommended[i] == 0) continue;
            bits -= timesRecommended[i] * Math.Log2((interactions[i] + 1) / all);
            shown += timesRecommended[i];
        }
        return shown == 0 ? double.NaN : bits / shown;
    }
}
