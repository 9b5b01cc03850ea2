namespace RecSys.Core.Evaluation.OffPolicy;

/// <summary>
/// One place of a served list as an off-policy estimator sees it. The weight of a decision is <c>target / logged</c>.
/// </summary>
/// <param name="Reward">What came of it, such as 1 for a click; any finite number.</param>
/// <param name="Logged">Probability with which the policy that served showed this item at this place; above 0, at most 1.</param>
/// <param name="Target">Probability with which the judged policy would have; 0 to 1.</param>
/// <param name="Predicted">A reward model's expectation for the item that was shown; null without a model.</param>
/// <param name="PredictedTarget">
/// The same model's expectation over what the judged policy would show at this place; null without.
/// </param>
/// <param name="Cluster">
/// What is drawn as one in the bootstrap: decisions of one user, or of one list, are not independent. Any number, the same for the same.
/// </param>
public readonly record struct LoggedDecision(
    double Reward, double Logged, double Target, double? Predicted, double? PredictedTarget, long Cluster)
{
    /// <summary>The importance weight.</summary>
    public double Weight => Target / Logged;
}
