namespace RecSys.Core.Evaluation.OffPolicy;

/// <summary>What is drawn as one in the resamples of an off-policy estimate.</summary>
public enum OffPolicyCluster
{
    /// <summary>All decisions of one user.</summary>
    User = 0,
    /// <summary>All decisions of one list.</summary>
    Request = 1,
}
