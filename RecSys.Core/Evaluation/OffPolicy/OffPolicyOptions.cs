using System.ComponentModel.DataAnnotations;

namespace RecSys.Core.Evaluation.OffPolicy;

/// <summary>Settings of an off-policy estimate, section <c>OffPolicy</c>.</summary>
public sealed record OffPolicyOptions
{
    public const string SectionName = "OffPolicy";

    /// <summary>
    /// Larger weights are cut to this, which trades variance for a bias towards what was logged; null, the default, cuts none.
    /// </summary>
    [Range(1e-9, 1e9)]
    public double? MaxWeight { get; init; }

    /// <summary>Weight above which <see cref="OffPolicyEstimator.SwitchDoublyRobust"/> trusts the reward model alone.</summary>
    [Range(1e-9, 1e9)]
    public double SwitchThreshold { get; init; } = 10;

    /// <summary>With a smaller effective sample size nothing is estimated.</summary>
    [Range(2.0, 1_000_000.0)]
    public double MinEffectiveSampleSize { get; init; } = 200;

    /// <summary>Users or lists that the decisions must be of; with fewer, nothing is known about chance.</summary>
    [Range(2, 1_000_000)]
    public int MinClusters { get; init; } = 30;

    /// <summary>
    /// What is drawn as one in the resamples: all lists of a user, which are not independent, or each list, where the data's users are
    /// groups of many people.
    /// </summary>
    public OffPolicyCluster Cluster { get; init; } = OffPolicyCluster.User;

    /// <summary>
    /// The mean weight is 1 where the log covers the judged policy and its propensities are right. When it is surely further from 1 than
    /// this, nothing is estimated.
    /// </summary>
    [Range(0.0, 1.0)]
    public double MeanWeightMargin { get; init; } = 0.2;

    /// <summary>Resamples of the interval.</summary>
    [Range(100, 100_000)]
    public int Samples { get; init; } = 1000;

    /// <summary>Coverage of the intervals, between 0 and 1.</summary>
    [Range(0.5, 0.999)]
    public double Level { get; init; } = 0.95;
    public int Seed { get; init; } = 42;
}
