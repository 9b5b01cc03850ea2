namespace RecSys.Core.Evaluation;

/// <summary>
/// How well a model orders the impressions of each user, as a published challenge on KuaiRand-Pure measures it: the mean of a GAUC that is
/// weighted by the positives of each user and of NDCG@k over all users, of whom those without a positive count 0.
/// </summary>
/// <param name="Gauc">Over users with both classes; NaN when there are none.</param>
/// <param name="Ndcg">Equal scores stand in the order of the rows.</param>
/// <param name="Users">Users with a row.</param>
public sealed record WithinUserMetrics(double Gauc, double Ndcg, int Users)
{
    /// <summary>Mean of both.</summary>
    public double Primary => (Gauc + Ndcg) / 2;

    /// <param name="scores">Any real numbers but NaN.</param>
    /// <param name="labels">True for positives.</param>
    /// <param name="users">User of each row; equal numbers need not be adjacent.</param>
    /// <param name="k">Cut of NDCG.</param>
    public static WithinUserMetrics Of(ReadOnlySpan<float> scores, ReadOnlySpan<bool> labels, ReadOnlySpan<int> users, int k = 5)
    {
        PointwiseMetrics.RequireSameLength(scores.Length, labels.Length, nameof(labels));
        PointwiseMetrics.RequireSameLength(scores.Length, users.Length, nameof(users));
        var rows = new Dictionary<int, List<int>>();
        for (var row = 0; row < users.Length; row++)
        {
            if (!rows.TryGetValue(users[row], out var own)) rows.Add(users[row], own = []);
            own.Add(row);
        }
        double auc = 0, weight = 0, ndcg = 0;
        foreach (var own in rows.Values)
        {
            var (values, truth) = (new float[own.Count], new bool[own.Count]);
            for (var i = 0; i < own.Count; i++) (values[i], truth[i]) = (scores[own[i]], labels[own[i]]);
            var positives = truth.Count(label => label);
            if (positives == 0) continue;
            var listed = Enumerable.Range(0, own.Count).OrderByDescending(i => values[i]).Select(i => truth[i]).ToArray();
            ndcg += RankingMetrics.Ndcg(listed, positives, k);
            if (positives == own.Count) continue;
            auc += positives * PointwiseMetrics.Auc(values, truth);
            weight += positives;
        }
        return new WithinUserMetrics(weight == 0 ? double.NaN : auc / weight, rows.Count == 0 ? double.NaN : ndcg / rows.Count, rows.Count);
    }
}
