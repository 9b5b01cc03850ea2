using RecSys.Core.Domain;
using RecSys.Core.Evaluation.Intervals;

namespace RecSys.Core.Evaluation.OffPolicy;

/// <summary>
/// Estimates what a policy would have earned from decisions that another policy logged with their propensities. Every estimator is a ratio
/// of sums over clusters, so all of them share one set of resamples and can be compared with one another.
/// </summary>
public static class OffPolicyEvaluation
{
    private static readonly OffPolicyEstimator[] Weighted = [OffPolicyEstimator.Ips, OffPolicyEstimator.Snips];
    private static readonly OffPolicyEstimator[] All = Enum.GetValues<OffPolicyEstimator>();

    /// <param name="decisions">In any order; at least one.</param>
    /// <param name="options">See <see cref="OffPolicyOptions"/>.</param>
    /// <param name="cancellationToken">Stops between resamples.</param>
    /// <exception cref="RecSysException">A decision is not usable; it says which and why.</exception>
    public static OffPolicyReport Run(
        ReadOnlySpan<LoggedDecision> decisions, OffPolicyOptions options, CancellationToken cancellationToken = default)
    {
        Check(decisions, options);
        var clusterOf = Clusters(decisions, out var clusters);
        double sum = 0, squares = 0, largest = 0;
        var cut = 0;
        foreach (ref readonly var decision in decisions)
        {
            var weight = decision.Weight;
            (sum, squares, largest) = (sum + weight, squares + weight * weight, Math.Max(largest, weight));
            if (weight > (options.MaxWeight ?? double.PositiveInfinity)) cut++;
        }
        var effective = squares > 0 ? sum * sum / squares : 0;
        var kinds = decisions[0].Predicted is null ? Weighted : All;
        var logged = Ratio(decisions, clusterOf, clusters, static decision => (decision.Reward, 1));
        var weights = Ratio(decisions, clusterOf, clusters, static decision => (decision.Weight, 1));
        var judged = new ClusteredRatio[kinds.Length];
        for (var i = 0; i < kinds.Length; i++)
        {
            var kind = kinds[i];
            judged[i] = Ratio(decisions, clusterOf, clusters, decision => Terms(kind, in decision, options));
        }
        // One set of draws for all: what they share in noise drops out of their differences.
        var drawn = Resampling.Run([logged, weights, .. judged], clusters, options.Seed, cancellationToken, options.Samples);
        var loggedLeftOut = logged.LeftOut();
        var mean = ClusteredRatio.Interval(weights.Value, drawn.Values(1), weights.LeftOut(), options.Level);
        var refusal = Refusal(effective, mean, clusters, options);
        var estimates = new OffPolicyEstimate[refusal is null ? kinds.Length : 0];
        for (var i = 0; i < estimates.Length; i++)
        {
            var (leftOut, values) = (judged[i].LeftOut(), drawn.Values(i + 2));
            estimates[i] = new OffPolicyEstimate(
                kinds[i], ClusteredRatio.Interval(judged[i].Value, values, leftOut, options.Level),
                ClusteredRatio.Interval(judged[i].Value - logged.Value, Minus(values, drawn.Values(0)),
                    Minus(leftOut, loggedLeftOut), options.Level));
        }
        return new OffPolicyReport(
            decisions.Length, clusters, effective, mean, largest, (double)cut / decisions.Length,
            ClusteredRatio.Interval(logged.Value, drawn.Values(0), loggedLeftOut, options.Level), estimates, refusal)
        {
            Cluster = options.Cluster,
        };
    }

    private static (double Numerator, double Denominator) Terms(
        OffPolicyEstimator kind, in LoggedDecision d, OffPolicyOptions options)
    {
        var weight = Math.Min(d.Weight, options.MaxWeight ?? double.PositiveInfinity);
        return kind switch
        {
            OffPolicyEstimator.Ips => (weight * d.Reward, 1),
            OffPolicyEstimator.Snips => (weight * d.Reward, weight),
            OffPolicyEstimator.DirectMethod => (d.PredictedTarget!.Value, 1),
            OffPolicyEstimator.DoublyRobust => (d.PredictedTarget!.Value + weight * (d.Reward - d.Predicted!.Value), 1),
            OffPolicyEstimator.SwitchDoublyRobust =>
                (d.PredictedTarget!.Value + (d.Weight <= options.SwitchThreshold ? weight * (d.Reward - d.Predicted!.Value) : 0), 1),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
    }

    private static string? Refusal(double effective, Estimate mean, int clusters, OffPolicyOptions options)
    {
        if (clusters < options.MinClusters)
            return $"The decisions are of {clusters} {PolicyJudgement.NameOf(options.Cluster)}, and {options.MinClusters} are "
                + "needed to know about chance. "
                + "Collect from more.";
        if (mean.High < 1 - options.MeanWeightMargin)
            return $"The mean weight is {mean.Value:0.###}, where 1 is expected: the judged policy shows much that the log never shows. "
                + "Let serving explore more widely, or judge a policy that is nearer to the one that served.";
        if (mean.Low > 1 + options.MeanWeightMargin)
            return $"The mean weight is {mean.Value:0.###}, where 1 is expected: things were shown more often than the logged "
                + "propensities say, or the judged policy's probabilities do not add up to 1. Log the probability of each place as it was "
                + "drawn.";
        return effective < options.MinEffectiveSampleSize
            ? $"The log tells about the judged policy as much as {effective:0} decisions of its own would, and "
                + $"{options.MinEffectiveSampleSize:0} are needed. Collect more, explore more, or judge a policy that is nearer to the one "
                + "that served."
            : null;
    }

    private static ClusteredRatio Ratio(
        ReadOnlySpan<LoggedDecision> decisions, int[] clusterOf, int clusters, Func<LoggedDecision, (double, double)> terms)
    {
        var (numerators, denominators) = (new double[clusters], new double[clusters]);
        for (var i = 0; i < decisions.Length; i++)
        {
            var (numerator, denominator) = terms(decisions[i]);
            numerators[clusterOf[i]] += numerator;
            denominators[clusterOf[i]] += denominator;
        }
        return new ClusteredRatio(numerators, denominators);
    }

    private static double[] Minus(double[] a, double[] b)
    {
        var difference = new double[a.Length];
        for (var i = 0; i < a.Length; i++) difference[i] = a[i] - b[i];
        return difference;
    }

    private static int[] Clusters(ReadOnlySpan<LoggedDecision> decisions, out int count)
    {
        var numbers = new Dictionary<long, int>();
        var clusterOf = new int[decisions.Length];
        for (var i = 0; i < clusterOf.Length; i++)
        {
            if (!numbers.TryGetValue(decisions[i].Cluster, out var number)) numbers.Add(decisions[i].Cluster, number = numbers.Count);
            clusterOf[i] = number;
        }
        count = numbers.Count;
        return clusterOf;
    }

    private static void Check(ReadOnlySpan<LoggedDecision> decisions, OffPolicyOptions options)
    {
        if (decisions.IsEmpty) throw new RecSysException("There are no logged decisions to judge a policy by.");
        if (options.MaxWeight is { } most && !(most > 0))
            throw new RecSysException($"The largest weight must be above 0, not {options.MaxWeight}.");
        if (!(options.SwitchThreshold > 0))
            throw new RecSysException($"The switch threshold must be above 0, not {options.SwitchThreshold}.");
        if (options.Level is not (> 0 and < 1)) throw new RecSysException($"The level must lie between 0 and 1, not at {options.Level}.");
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Samples, 1);
        for (var i = 0; i < decisions.Length; i++)
        {
            ref readonly var d = ref decisions[i];
            if (!(d.Logged is > 0 and <= 1))
                throw new RecSysException($"Decision {i} was logged with the propensity {d.Logged}; it must be above 0 and at most 1.");
            if (!(d.Target is >= 0 and <= 1))
                throw new RecSysException($"Decision {i} has the probability {d.Target} under the judged policy; it must be 0 to 1.");
            if (!double.IsFinite(d.Reward) || d.Predicted is { } own && !double.IsFinite(own)
                || d.PredictedTarget is { } other && !double.IsFinite(other))
                throw new RecSysException($"Decision {i} has a reward or a prediction that is no finite number.");
            if (d.Predicted is null != d.PredictedTarget is null || d.Predicted is null != decisions[0].Predicted is null)
                throw new RecSysException($"Decision {i} has a prediction where others have none; give both of each, or none at all.");
        }
    }
}
