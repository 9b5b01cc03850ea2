using static TorchSharp.torch;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>Ranks every held-out entry among all items its user has not met before, by the very code that serves.</summary>
internal static class TowerValidation
{
    // Bounds the cost for large catalogues: at most this many scores are computed.
    private const long MaxScores = 1_000_000_000;
    private const int Block = 256;

    /// <summary>The last entries of a split's held-out users.</summary>
    public static HeldOutEntry[] Of(TowerTrainingData data, TowerSplit split) => [.. split.HeldUsers.Select(user =>
    {
        var last = data.Sequence(user).Length - 1;
        return new HeldOutEntry(user, data.Sequence(user)[..last].ToArray(), data.Sequence(user)[last],
            data.Device(user, last), data.Location(user, last));
    })];

    /// <returns>AUC, Recall@500 and NDCG@10 (as <see cref="TowerEpoch"/> defines them); NaN without held-out entries.</returns>
    public static (double Auc, double Recall500, double Ndcg10) Measure(
        TowerTrainingData data, ReadOnlySpan<HeldOutEntry> heldOut, UserTower tower, float[] items)
    {
        var affordable = Math.Max(1, MaxScores / Math.Max(1, data.Items.Count));
        heldOut = Thin(heldOut, (int)Math.Min(affordable, heldOut.Length));
        if (heldOut.IsEmpty) return (double.NaN, double.NaN, double.NaN);
        using var guard = no_grad();
        using var outer = NewDisposeScope();
        var columns = from_array(items).view(-1, tower.Dimension).t();
        Span<int> buckets = stackalloc int[ProfileBuckets.Max];
        double auc = 0, recall = 0, ndcg = 0;
        var queries = new float[Block * tower.Dimension];
        for (var first = 0; first < heldOut.Length; first += Block)
        {
            using var scope = NewDisposeScope();
            var group = heldOut[first..Math.Min(first + Block, heldOut.Length)];
            for (var i = 0; i < group.Length; i++)
            {
                var known = ProfileBuckets.Fill(data.Users[group[i].User], group[i].Device, group[i].Location, buckets);
                tower.Embed(group[i].History, buckets[..known], items, queries.AsSpan(i * tower.Dimension, tower.Dimension));
            }
            var scores = mm(from_array(queries).view(Block, -1).narrow(0, 0, group.Length), columns).data<float>().ToArray();
            for (var i = 0; i < group.Length; i++)
            {
                var (rank, others) = Rank(scores.AsSpan(i * data.Items.Count, data.Items.Count), group[i]);
                auc += others == 0 ? 1 : 1 - rank / (double)others;
                recall += rank < 500 ? 1 : 0;
                ndcg += rank < 10 ? 1 / Math.Log2(rank + 2) : 0;
            }
        }
        return (auc / heldOut.Length, recall / heldOut.Length, ndcg / heldOut.Length);
    }

    /// <summary>So many entries at even distances: the first ones would be the oldest, or those of the first users.</summary>
    internal static ReadOnlySpan<HeldOutEntry> Thin(ReadOnlySpan<HeldOutEntry> entries, int most)
    {
        if (entries.Length <= most) return entries;
        var thinned = new HeldOutEntry[most];
        for (var at = 0; at < most; at++) thinned[at] = entries[(int)((long)at * entries.Length / most)];
        return thinned;
    }

    // Equal scores count as better than the target, so a model that scores everything alike gains nothing.
    private static (int Rank, int Others) Rank(ReadOnlySpan<float> scores, HeldOutEntry entry)
    {
        var limit = scores[entry.Item];
        var (rank, others) = (-1, scores.Length - 1);
        foreach (var score in scores) rank += score >= limit ? 1 : 0;
        var seen = new HashSet<int> { entry.Item };
        foreach (var item in entry.History)
        {
            if (!seen.Add(item)) continue;
            others--;
            rank -= scores[item] >= limit ? 1 : 0;
        }
        return (rank, others);
    }
}
