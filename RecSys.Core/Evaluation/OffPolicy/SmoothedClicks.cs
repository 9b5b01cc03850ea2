namespace RecSys.Core.Evaluation.OffPolicy;

/// <summary>
/// Click rates from a log, drawn towards that of the whole log by as many tries as bring one click on average: a reward model that knows
/// item and place.
/// </summary>
internal sealed class SmoothedClicks
{
    private readonly Dictionary<(int Place, int Item), (double Tries, double Clicks)> cells = [];
    private readonly Dictionary<int, (double Tries, double Clicks)> items = [];
    private readonly double overall;

    public SmoothedClicks(IEnumerable<PlacedDecision> log)
    {
        var (tries, clicks) = (0.0, 0.0);
        foreach (var decision in log)
        {
            var cell = cells.GetValueOrDefault((decision.Place, decision.Item));
            cells[(decision.Place, decision.Item)] = (cell.Tries + 1, cell.Clicks + decision.Reward);
            var item = items.GetValueOrDefault(decision.Item);
            items[decision.Item] = (item.Tries + 1, item.Clicks + decision.Reward);
            (tries, clicks) = (tries + 1, clicks + decision.Reward);
        }
        overall = tries > 0 ? clicks / tries : 0;
    }

    public double OfItem(int item) => Smoothed(items.GetValueOrDefault(item), overall);

    /// <summary>Towards the item's own rate, which is drawn towards that of all.</summary>
    public double Of(int place, int item) => Smoothed(cells.GetValueOrDefault((place, item)), OfItem(item));

    private double Smoothed((double Tries, double Clicks) counts, double towards)
    {
        var prior = overall > 0 ? 1 / overall : 1;
        return (counts.Clicks + prior * towards) / (counts.Tries + prior);
    }
}
