namespace RecSys.Core.Evaluation;

/// <summary>
/// Items by the share of tries that came true, drawn towards the share of all items by as much as so many tries weigh:
/// (positives + prior × overall share) / (tries + prior).
/// </summary>
public static class SmoothedRate
{
    /// <param name="items">Number of items.</param>
    /// <param name="tries">Item and outcome of each try.</param>
    /// <param name="prior">Tries that the overall share weighs.</param>
    /// <returns>Indexed by item ordinal.</returns>
    public static float[] ByItem(int items, IEnumerable<(int Item, bool Positive)> tries, double prior = 20)
    {
        var (shown, taken) = (new double[items], new double[items]);
        foreach (var (item, positive) in tries)
        {
            shown[item]++;
            taken[item] += positive ? 1 : 0;
        }
        var overall = taken.Sum() / Math.Max(1, shown.Sum());
        return [.. shown.Select((count, item) => (float)((taken[item] + prior * overall) / (count + prior)))];
    }
}
