using RecSys.Core.Domain;

namespace RecSys.Core.Evaluation.OffPolicy;

/// <summary>
/// A policy that looks at the place only: with what probability it shows each item there. That is what can be judged without serving it.
/// </summary>
public sealed class PlacePolicy
{
    private readonly Dictionary<(int Place, int Item), double> probabilities;

    private PlacePolicy(string source, Dictionary<(int Place, int Item), double> probabilities) =>
        (Source, this.probabilities) = (source, probabilities);

    /// <summary>How the probabilities were come by, in words.</summary>
    public string Source { get; }

    /// <summary>0 for what it never shows.</summary>
    public double Of(int place, int item) => probabilities.GetValueOrDefault((place, item));

    /// <summary>Every item that it may show at a place.</summary>
    public IEnumerable<(int Item, double Probability)> At(int place) =>
        probabilities.Where(each => each.Key.Place == place).Select(each => (each.Key.Item, each.Value));

    /// <summary>Every item that the log shows anywhere, with the same probability.</summary>
    public static PlacePolicy Uniform(IReadOnlyList<PlacedDecision> log)
    {
        var items = log.Select(decision => decision.Item).Distinct().ToList();
        return new PlacePolicy($"1 of {items.Count} items", log.Select(decision => decision.Place).Distinct()
            .SelectMany(place => items.Select(item => (place, item))).ToDictionary(key => key, _ => 1.0 / items.Count));
    }

    /// <summary>
    /// The items with the best click rates, drawn towards the rate of all as by so many tries as bring one click: the best first.
    /// </summary>
    /// <param name="log">Fitted on this, so judge it on other decisions.</param>
    public static PlacePolicy Popular(IReadOnlyList<PlacedDecision> log)
    {
        var rates = new SmoothedClicks(log);
        var best = log.Select(decision => decision.Item).Distinct()
            .OrderByDescending(rates.OfItem).ThenBy(item => item).ToList();
        return new PlacePolicy("the best click rates of the earlier half, one item per place",
            log.Select(decision => decision.Place).Distinct().Where(place => place < best.Count)
                .ToDictionary(place => (place, best[place]), _ => 1.0));
    }

    /// <summary>
    /// A policy that served, from its own log: the logged propensities where each item has always the same one at a place; else the share
    /// of the place's decisions that showed the item, which is the mean of a policy that changed while it served.
    /// </summary>
    /// <exception cref="RecSysException">It served nothing.</exception>
    public static PlacePolicy Served(PolicyLog log)
    {
        if (log.Decisions.Count == 0) throw new RecSysException($"The policy {log.Policy} served nothing.");
        var cells = log.Decisions.GroupBy(decision => (decision.Place, decision.Item))
            .Select(cell => (cell.Key, Count: cell.Count(), Low: cell.Min(d => d.Propensity), High: cell.Max(d => d.Propensity))).ToList();
        if (cells.TrueForAll(cell => cell.Low == cell.High) && AddUp(cells.Select(cell => (cell.Key.Place, cell.Low))))
            return new PlacePolicy("its logged propensities", cells.ToDictionary(cell => cell.Key, cell => cell.Low));
        var totals = log.Decisions.CountBy(decision => decision.Place).ToDictionary();
        return new PlacePolicy("how often its log shows each item at each place",
            cells.ToDictionary(cell => cell.Key, cell => (double)cell.Count / totals[cell.Key.Place]));
    }

    private static bool AddUp(IEnumerable<(int Place, double Probability)> cells) =>
        cells.GroupBy(cell => cell.Place).All(place => Math.Abs(place.Sum(cell => cell.Probability) - 1) < 1e-6);
}
