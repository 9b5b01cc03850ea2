namespace RecSys.Core.Evaluation.OffPolicy;

/// <summary>A place of a served list that went to an item drawn evenly from a pool, with what came of it.</summary>
/// <param name="Item">Number of the item that was drawn.</param>
/// <param name="Place">Zero-based.</param>
/// <param name="Pool">Numbers of all that could have been drawn, itself among them.</param>
/// <param name="Reward">1 for a click, 0 for none.</param>
/// <param name="TimeMs">When, Unix milliseconds.</param>
/// <param name="Request">The same for all places of one list.</param>
/// <param name="User">The same for all lists of one user.</param>
public sealed record ExploredPlace(
    int Item, int Place, IReadOnlyList<int> Pool, double Reward, long TimeMs, long Request, long User);
