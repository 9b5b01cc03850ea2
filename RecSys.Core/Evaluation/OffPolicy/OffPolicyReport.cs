namespace RecSys.Core.Evaluation.OffPolicy;

/// <summary>What a policy would have earned, by several estimators over the same decisions and the same resamples.</summary>
/// <param name="Decisions">Decisions judged.</param>
/// <param name="Clusters">Users or lists that they belong to.</param>
/// <param name="EffectiveSampleSize">
/// <c>(Σ w)² / Σ w²</c> (Kish, 1965): as many decisions of the judged policy itself would tell as much.
/// </param>
/// <param name="MeanWeight">1 but for chance where the log covers the judged policy and its propensities are right.</param>
/// <param name="LargestWeight">Before cutting.</param>
/// <param name="CutShare">Share of the decisions whose weight was cut.</param>
/// <param name="LoggedValue">What the serving policy earned per decision, with its interval.</param>
/// <param name="Estimates">One per estimator, without a reward model only those that need none; empty when refused.</param>
/// <param name="Refusal">Why nothing is estimated and what would help; null when something is.</param>
public sealed record OffPolicyReport(
    int Decisions, int Clusters, double EffectiveSampleSize, Estimate MeanWeight, double LargestWeight, double CutShare,
    Estimate LoggedValue, IReadOnlyList<OffPolicyEstimate> Estimates, string? Refusal)
{
    /// <summary>What <see cref="Clusters"/> counts.</summary>
    public required OffPolicyCluster Cluster { get; init; }

    /// <summary>The estimate of one kind.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public OffPolicyEstimate this[OffPolicyEstimator estimator] => Estimates.Single(estimate => estimate.Estimator == estimator);
}

/// <summary>One estimate.</summary>
/// <param name="Estimator">How it was made.</param>
/// <param name="Value">Reward per decision under the judged policy.</param>
/// <param name="Gain">Its difference to what the serving policy earned on the same decisions.</param>
public sealed record OffPolicyEstimate(OffPolicyEstimator Estimator, Estimate Value, Estimate Gain);
