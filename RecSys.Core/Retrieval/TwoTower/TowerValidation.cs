using static TorchSharp.torch;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>Ranks every held-out entry among all items its user has not met, by the very code that serves.</summary>
internal static class TowerValidation
{
    // Bounds the cost for large catalogues: at most this many scores are computed.
    private const long MaxScores = 1_000_000_000;
    private const int Block = 256;

    /// <returns>AUC, Recall@500 and NDCG@10 (as <see cref="TowerEpoch"/> defines them); NaN without held-out users.</returns>
    public static (double Auc, double Recall500, double Ndcg10) Measure(
        TowerTrainingData data, TowerSplit split, UserTower tower, float[] items)
    {
        var affordable = Math.Max(1, MaxScores / Math.Max(1, data.Items.Count));
        var users = split.HeldUsers.AsSpan(0, (int)Math.Min(affordable, split.HeldUsers.Length));
        if (users.IsEmpty) return (double.NaN, double.NaN, double.NaN);
        using var guard = no_grad();
        using var outer = NewDisposeScope();
        var columns = from_array(items).view(-1, tower.Dimension).t();
        Span<int> buckets = stackalloc int[ProfileBuckets.Max];
        double auc = 0, recall = 0, ndcg = 0;
        var queries = new float[Block * tower.Dimension];
        for (var first = 0; first < users.Length; first += Block)
        {
            using var scope = NewDisposeScope();
            var group = users[first..Math.Min(first + Block, users.Length)];
            for (var i = 0; i < group.Length; i++)
            {
                var last = data.Sequence(group[i]).Length - 1;
                var known = ProfileBuckets.Fill(data.Users[group[i]], data.Device(group[i], last), data.Location(group[i], last), buckets);
                tower.Embed(split.Training(group[i]), buckets[..known], items, queries.AsSpan(i * tower.Dimension, tower.Dimension));
            }
            var scores = mm(from_array(queries).view(Block, -1).narrow(0, 0, group.Length), columns).data<float>().ToArray();
            for (var i = 0; i < group.Length; i++)
            {
                var (rank, others) = Rank(scores.AsSpan(i * data.Items.Count, data.Items.Count), data.Sequence(group[i]));
                auc += others == 0 ? 1 : 1 - rank / (double)others;
                recall += rank < 500 ? 1 : 0;
                ndcg += rank < 10 ? 1 / Math.Log2(rank + 2) : 0;
            }
        }
        return (auc / users.Length, recall / users.Length, ndcg / users.Length);
    }

    // Equal scores count as better than the target, so a model that scores everything alike gains nothing.
    private static (int Rank, int Others) Rank(ReadOnlySpan<float> scores, ReadOnlySpan<int> sequence)
    {
        var target = sequence[^1];
        var limit = scores[target];
        var (rank, others) = (0, scores.Length);
        foreach (var score in scores) rank += score >= limit ? 1 : 0;
        var seen = new HashSet<int>();
        foreach (var item in sequence)
        {
            if (!seen.Add(item)) continue;
            others--;
            rank -= scores[item] >= limit ? 1 : 0;
        }
        return (rank, others);
    }
}
