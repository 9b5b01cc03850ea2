using RecSys.Core.Domain;
using RecSys.Core.Evaluation.Intervals;

namespace RecSys.Core.Evaluation.OffPolicy;

/// <summary>
/// How much more one policy would have earned than another from the same logged decisions. Both are judged in the same resamples, so what
/// they have in common is no noise of the difference.
/// </summary>
public static class PolicyDifference
{
    /// <param name="one">The decisions with its probabilities.</param>
    /// <param name="other">The same decisions in the same order, with those of the other.</param>
    /// <param name="estimator">How each of them is estimated.</param>
    /// <param name="options">Resamples, level and largest weight.</param>
    /// <param name="cancellationToken">Stops between resamples.</param>
    /// <returns>Reward per decision of the one less that of the other, with its interval.</returns>
    /// <exception cref="RecSysException">The decisions are not the same.</exception>
    public static Estimate Of(
        ReadOnlySpan<LoggedDecision> one, ReadOnlySpan<LoggedDecision> other, OffPolicyEstimator estimator, OffPolicyOptions options,
        CancellationToken cancellationToken = default)
    {
        if (one.Length != other.Length || one.IsEmpty)
            throw new RecSysException($"{one.Length} decisions of one policy and {other.Length} of another cannot be compared; give the "
                + "same decisions for both.");
        for (var i = 0; i < one.Length; i++)
        {
            if (one[i].Cluster != other[i].Cluster || one[i].Reward != other[i].Reward || one[i].Logged != other[i].Logged)
                throw new RecSysException($"Decision {i} is not the same for both policies; give the same decisions in the same order.");
        }
        var clusterOf = OffPolicyEvaluation.Clusters(one, out var clusters);
        var (first, second) = (Ratio(one), Ratio(other));
        var drawn = Resampling.Run([first, second], clusters, options.Seed, cancellationToken, options.Samples);
        return ClusteredRatio.Interval(
            first.Value - second.Value, OffPolicyEvaluation.Minus(drawn.Values(0), drawn.Values(1)),
            OffPolicyEvaluation.Minus(first.LeftOut(), second.LeftOut()), options.Level);

        ClusteredRatio Ratio(ReadOnlySpan<LoggedDecision> decisions) => OffPolicyEvaluation.Ratio(
            decisions, clusterOf, clusters, decision => OffPolicyEvaluation.Terms(estimator, in decision, options));
    }
}
