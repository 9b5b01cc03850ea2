namespace RecSys.Core.Evaluation;

/// <summary>Metrics of predictions against 0/1 labels, one prediction per impression.</summary>
public static class PointwiseMetrics
{
    /// <summary>Probabilities are kept this far from 0 and 1 before their logarithm is taken.</summary>
    public const double LogLossClip = 1e-7;

    /// <summary>
    /// Area under the ROC curve: the chance that a random positive scores above a random negative; equal scores count one half
    /// (Mann-Whitney with average ranks). NaN when one class is missing.
    /// </summary>
    /// <param name="scores">Any real numbers but NaN.</param>
    /// <param name="labels">True for positives.</param>
    /// <param name="weights">Empty for equal weights, else non-negative, one per score.</param>
    public static double Auc(ReadOnlySpan<float> scores, ReadOnlySpan<bool> labels, ReadOnlySpan<float> weights = default)
    {
        RequireSameLength(scores.Length, labels.Length, nameof(labels));
        if (!weights.IsEmpty) RequireSameLength(scores.Length, weights.Length, nameof(weights));
        var keys = scores.ToArray();
        foreach (var key in keys)
        {
            if (float.IsNaN(key)) throw new ArgumentException("A score is NaN.", nameof(scores));
        }
        var order = Ascending(keys.Length);
        Array.Sort(keys, order);

        double positives = 0, negatives = 0, below = 0;
        for (var i = 0; i < keys.Length;)
        {
            double tiedPositives = 0, tiedNegatives = 0;
            var key = keys[i];
            for (; i < keys.Length && keys[i] == key; i++)
            {
                var weight = weights.IsEmpty ? 1.0 : weights[order[i]];
                if (labels[order[i]]) tiedPositives += weight;
                else tiedNegatives += weight;
            }
            below += tiedPositives * (negatives + tiedNegatives / 2);
            positives += tiedPositives;
            negatives += tiedNegatives;
        }
        return positives == 0 || negatives == 0 ? double.NaN : below / (positives * negatives);
    }

    /// <summary>
    /// AUC per group (usually a user), averaged with the number of impressions as weight (Zhu et al., 2017). Groups with one class
    /// are skipped; NaN when all are.
    /// </summary>
    /// <param name="scores">Any real numbers but NaN.</param>
    /// <param name="labels">True for positives.</param>
    /// <param name="groups">Group of each score; equal numbers need not be adjacent.</param>
    public static double Gauc(ReadOnlySpan<float> scores, ReadOnlySpan<bool> labels, ReadOnlySpan<int> groups)
    {
        double sum = 0, impressions = 0;
        foreach (var group in AucByGroup(scores, labels, groups))
        {
            sum += group.Auc * group.Impressions;
            impressions += group.Impressions;
        }
        return impressions == 0 ? double.NaN : sum / impressions;
    }

    /// <summary>
    /// The terms of <see cref="Gauc"/>, for intervals: one entry per group with both classes, in ascending order of the group.
    /// </summary>
    public static IReadOnlyList<GroupAuc> AucByGroup(ReadOnlySpan<float> scores, ReadOnlySpan<bool> labels, ReadOnlySpan<int> groups)
    {
        RequireSameLength(scores.Length, labels.Length, nameof(labels));
        RequireSameLength(scores.Length, groups.Length, nameof(groups));
        var keys = groups.ToArray();
        var order = Ascending(keys.Length);
        Array.Sort(keys, order);
        var groupScores = new float[keys.Length];
        var groupLabels = new bool[keys.Length];
        for (var i = 0; i < order.Length; i++)
        {
            groupScores[i] = scores[order[i]];
            groupLabels[i] = labels[order[i]];
        }

        var result = new List<GroupAuc>();
        for (var start = 0; start < keys.Length;)
        {
            var end = start + 1;
            while (end < keys.Length && keys[end] == keys[start]) end++;
            var auc = Auc(groupScores.AsSpan(start..end), groupLabels.AsSpan(start..end));
            if (!double.IsNaN(auc)) result.Add(new GroupAuc(keys[start], auc, end - start));
            start = end;
        }
        return result;
    }

    /// <summary>Mean negative log-likelihood in nats, probabilities clipped by <see cref="LogLossClip"/>; NaN without rows.</summary>
    /// <param name="probabilities">From 0 to 1.</param>
    /// <param name="labels">True for positives.</param>
    /// <param name="weights">Empty for equal weights, else non-negative, one per probability.</param>
    public static double LogLoss(ReadOnlySpan<float> probabilities, ReadOnlySpan<bool> labels, ReadOnlySpan<float> weights = default)
    {
        RequireSameLength(probabilities.Length, labels.Length, nameof(labels));
        if (!weights.IsEmpty) RequireSameLength(probabilities.Length, weights.Length, nameof(weights));
        double sum = 0, total = 0;
        for (var i = 0; i < probabilities.Length; i++)
        {
            var p = Math.Clamp((double)probabilities[i], LogLossClip, 1 - LogLossClip);
            var weight = weights.IsEmpty ? 1.0 : weights[i];
            sum -= weight * Math.Log(labels[i] ? p : 1 - p);
            total += weight;
        }
        return total == 0 ? double.NaN : sum / total;
    }

    internal static int[] Ascending(int length)
    {
        var order = new int[length];
        for (var i = 0; i < length; i++) order[i] = i;
        return order;
    }

    internal static void RequireSameLength(int expected, int actual, string name)
    {
        if (expected != actual) throw new ArgumentException($"{actual} values for {expected} scores.", name);
    }
}

/// <summary>AUC inside one group.</summary>
/// <param name="Group">The group's number.</param>
/// <param name="Auc">0 to 1.</param>
/// <param name="Impressions">Rows of the group, the weight in GAUC.</param>
public readonly record struct GroupAuc(int Group, double Auc, int Impressions);
