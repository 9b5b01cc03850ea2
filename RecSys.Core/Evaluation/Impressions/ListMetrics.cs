namespace RecSys.Core.Evaluation.Impressions;

/// <summary>
/// Metrics inside each list that has clicked and passed-over items, whose means over these lists count every list alike: where all or none
/// were clicked, any order is as good as any. Equal scores count as what they are worth on average over all their orders, so that a model
/// that gives a list one score is as good as chance, and no better or worse: a coarse one loses nothing by what it does not tell apart.
/// </summary>
/// <param name="Auc">Per list; NaN where all or none were clicked, as in the others.</param>
/// <param name="Ndcg">NDCG@10 with a click as the grade 1.</param>
/// <param name="ReciprocalRank">1 / rank of the first clicked item.</param>
public sealed record ListMetrics(double[] Auc, double[] Ndcg, double[] ReciprocalRank)
{
    /// <param name="lists">List of each impression, from 0.</param>
    /// <param name="count">How many lists there are.</param>
    /// <param name="scores">One per impression; no NaN.</param>
    /// <param name="clicked">One per impression.</param>
    public static ListMetrics Of(int[] lists, int count, float[] scores, bool[] clicked)
    {
        var metrics = new ListMetrics(Unknown(count), Unknown(count), Unknown(count));
        foreach (var group in PointwiseMetrics.AucByGroup(scores, clicked, lists)) metrics.Auc[group.Group] = group.Auc;
        var order = Enumerable.Range(0, scores.Length).OrderBy(row => lists[row]).ToArray();
        for (var start = 0; start < order.Length;)
        {
            var (list, end) = (lists[order[start]], start + 1);
            while (end < order.Length && lists[order[end]] == list) end++;
            var own = order[start..end];
            start = end;
            var (values, chosen) = (Array.ConvertAll(own, row => scores[row]), Array.ConvertAll(own, row => clicked[row]));
            if (!chosen.Contains(true) || !chosen.Contains(false)) continue;
            metrics.Ndcg[list] = RankingMetrics.Ndcg(values, chosen, 10);
            metrics.ReciprocalRank[list] = RankingMetrics.ReciprocalRank(values, chosen);
        }
        return metrics;
    }

    private static double[] Unknown(int count)
    {
        var values = new double[count];
        Array.Fill(values, double.NaN);
        return values;
    }
}
