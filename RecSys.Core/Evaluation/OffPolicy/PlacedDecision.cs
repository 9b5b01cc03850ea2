namespace RecSys.Core.Evaluation.OffPolicy;

/// <summary>One place of a list that a policy served, with what came of it.</summary>
/// <param name="Item">Number of the item.</param>
/// <param name="Place">Zero-based.</param>
/// <param name="Propensity">Probability with which the policy showed this item at this place.</param>
/// <param name="Reward">1 for a click, 0 for none.</param>
/// <param name="TimeMs">When, Unix milliseconds.</param>
/// <param name="Request">The same for all places of one list.</param>
/// <param name="User">The same for all lists of one user.</param>
public readonly record struct PlacedDecision(
    int Item, int Place, double Propensity, double Reward, long TimeMs, long Request, long User);
