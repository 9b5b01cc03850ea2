namespace RecSys.Core.Evaluation.OffPolicy;

/// <summary>
/// Ways to estimate what a policy would have earned from what another one logged. <c>w</c> is the weight of a decision, <c>r</c> its
/// reward, <c>q</c> the predicted reward of what was shown and <c>v</c> that of what the judged policy would show. Those with <c>q</c> or
/// <c>v</c> need a reward model.
/// </summary>
public enum OffPolicyEstimator
{
    /// <summary>Inverse propensity score, mean of <c>w r</c> (Horvitz and Thompson, 1952). Unbiased, of high variance.</summary>
    Ips = 0,

    /// <summary>Self-normalised, <c>Σ w r / Σ w</c> (Swaminathan and Joachims, 2015). A small bias for much less variance.</summary>
    Snips = 1,

    /// <summary>Direct method, mean of <c>v</c>. As right as the reward model, no more.</summary>
    DirectMethod = 2,

    /// <summary>Doubly robust, mean of <c>v + w (r - q)</c> (Dudík, Langford and Li, 2011).</summary>
    DoublyRobust = 3,

    /// <summary>
    /// Doubly robust where the weight is at most the threshold, the direct method above it (Wang, Agarwal and Dudík, 2017).
    /// </summary>
    SwitchDoublyRobust = 4,
}
