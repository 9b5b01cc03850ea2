namespace RecSys.Core.Evaluation;

/// <summary>
/// Metrics of ordered lists. Ranks count from 1. The overloads that take a rank are for one relevant item (leave-one-out);
/// a rank of positive infinity means the item is not in the list at all and scores 0 everywhere.
/// The overloads that take a span are for several relevant items, given in the order of the list, best first.
/// A user without any relevant item has no defined value: NaN, to be left out of means.
/// </summary>
public static class RankingMetrics
{
    /// <summary>1 when the item is among the first <paramref name="k"/>, else 0. With one relevant item this is Recall@k, too.</summary>
    public static double HitRate(double rank, int k) => rank <= k ? 1 : 0;

    /// <summary>1 when any of the first <paramref name="k"/> is relevant, else 0.</summary>
    public static double HitRate(ReadOnlySpan<bool> relevant, int k) => First(relevant, k).Contains(true) ? 1 : 0;

    /// <summary>1 / log2(1 + rank) within the first <paramref name="k"/>, else 0; the ideal gain of one item is 1.</summary>
    public static double Ndcg(double rank, int k) => rank <= k ? 1 / Math.Log2(1 + rank) : 0;

    /// <summary>
    /// Binary NDCG@k: discounted gain over that of a list that begins with all relevant items (Järvelin and Kekäläinen, 2002).
    /// </summary>
    /// <param name="relevant">The list, best first; may be cut anywhere at or after k.</param>
    /// <param name="totalRelevant">Relevant items in all, whether listed or not; 0 gives NaN.</param>
    /// <param name="k">Cut.</param>
    public static double Ndcg(ReadOnlySpan<bool> relevant, int totalRelevant, int k)
    {
        if (totalRelevant == 0) return double.NaN;
        double gain = 0, ideal = 0;
        var first = First(relevant, k);
        for (var i = 0; i < first.Length; i++) gain += first[i] ? Discount(i) : 0;
        for (var i = 0; i < Math.Min(totalRelevant, k); i++) ideal += Discount(i);
        return gain / ideal;
    }

    /// <summary>
    /// Binary NDCG@k of scores with ties: the expected value over all orders of equal ones, each as likely. The relevant items of a block
    /// of equal scores are spread evenly over its places, so that each place gains their share of its discount (McSherry and Najork,
    /// 2008). Without ties it is <see cref="Ndcg(ReadOnlySpan{bool}, int, int)"/> of the list by falling score.
    /// </summary>
    /// <param name="scores">In any order, higher is better; no NaN.</param>
    /// <param name="relevant">One per score; none relevant gives NaN.</param>
    /// <param name="k">Cut.</param>
    public static double Ndcg(ReadOnlySpan<float> scores, ReadOnlySpan<bool> relevant, int k)
    {
        double gain = 0, ideal = 0;
        foreach (var (start, size, hits) in TieBlock.Of(scores, relevant))
        {
            double discounts = 0;
            for (var i = start; i < Math.Min(start + size, k); i++) discounts += Discount(i);
            gain += discounts * hits / size;
        }
        var total = relevant.Count(true);
        for (var i = 0; i < Math.Min(total, k); i++) ideal += Discount(i);
        return total == 0 ? double.NaN : gain / ideal;
    }

    /// <summary>
    /// Graded NDCG@k with gains 2^grade - 1 and discounts 1 / log2(1 + rank) (Burges et al., 2005). The ideal order is that of the
    /// same grades, so <paramref name="grades"/> must hold every judged item, not only the first k. All grades 0: NaN.
    /// </summary>
    /// <param name="grades">Grades from 0 to 30 in the order of the list.</param>
    /// <param name="k">Cut.</param>
    public static double NdcgGraded(ReadOnlySpan<int> grades, int k)
    {
        var best = grades.ToArray();
        Array.Sort(best, (a, b) => b.CompareTo(a));
        var ideal = GradedGain(best, k);
        return ideal == 0 ? double.NaN : GradedGain(grades, k) / ideal;
    }

    /// <summary>1 / rank.</summary>
    public static double ReciprocalRank(double rank) => 1 / rank;

    /// <summary>1 / rank of the first relevant item; 0 when the list has none.</summary>
    public static double ReciprocalRank(ReadOnlySpan<bool> relevant)
    {
        var at = relevant.IndexOf(true);
        return at < 0 ? 0 : 1.0 / (at + 1);
    }

    /// <summary>
    /// Expected 1 / rank of the first relevant item over all orders of equal scores, each as likely; 0 when there is none.
    /// </summary>
    /// <param name="scores">In any order, higher is better; no NaN.</param>
    /// <param name="relevant">One per score.</param>
    public static double ReciprocalRank(ReadOnlySpan<float> scores, ReadOnlySpan<bool> relevant)
    {
        var block = TieBlock.Of(scores, relevant).FirstOrDefault(block => block.Relevant > 0);
        // How likely none of the places of the block before this one is relevant.
        double sum = 0, none = 1;
        for (var left = block.Size; left > 0 && none > 0; left--)
        {
            var share = Math.Min(1, (double)block.Relevant / left);
            sum += none * share / (block.Start + block.Size - left + 1);
            none *= 1 - share;
        }
        return sum;
    }

    /// <summary>
    /// Mean of the precision at each relevant item, over all relevant items (those not listed count 0); its mean over users is MAP.
    /// With one relevant item it is the reciprocal rank.
    /// </summary>
    /// <param name="relevant">The list, best first.</param>
    /// <param name="totalRelevant">Relevant items in all; 0 gives NaN.</param>
    public static double AveragePrecision(ReadOnlySpan<bool> relevant, int totalRelevant)
    {
        if (totalRelevant == 0) return double.NaN;
        var hits = 0;
        double sum = 0;
        for (var i = 0; i < relevant.Length; i++)
        {
            if (relevant[i]) sum += (double)++hits / (i + 1);
        }
        return sum / totalRelevant;
    }

    /// <summary>
    /// Share of all relevant items that are among the first <paramref name="k"/>; NaN when <paramref name="totalRelevant"/> is 0.
    /// </summary>
    public static double Recall(ReadOnlySpan<bool> relevant, int totalRelevant, int k) =>
        totalRelevant == 0 ? double.NaN : (double)First(relevant, k).Count(true) / totalRelevant;

    private static double GradedGain(ReadOnlySpan<int> grades, int k)
    {
        double sum = 0;
        for (var i = 0; i < Math.Min(grades.Length, k); i++) sum += (Math.Pow(2, grades[i]) - 1) * Discount(i);
        return sum;
    }

    private static double Discount(int index) => 1 / Math.Log2(index + 2);

    private static ReadOnlySpan<bool> First(ReadOnlySpan<bool> list, int k) => list[..Math.Min(list.Length, k)];
}
