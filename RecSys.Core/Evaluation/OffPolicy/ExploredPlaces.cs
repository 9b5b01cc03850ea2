namespace RecSys.Core.Evaluation.OffPolicy;

/// <summary>
/// Judges models by explored places: what would each place have earned, had it gone to one of those items of its pool that the model takes
/// for the best, instead of to any of them? The draw was even, so its probability is exact, and it knew nothing of any model: other than a
/// list that a model made, it favours nobody.
/// </summary>
public static class ExploredPlaces
{
    /// <summary>
    /// The decisions as they look to a model that draws evenly among the best of each pool. Their rewards are predicted by click rates of
    /// the requests of the other half (<see cref="SmoothedClicks"/>), so that nothing is predicted by itself.
    /// </summary>
    /// <param name="places">At least one.</param>
    /// <param name="scores">By place, then as the pool; the higher the better, NaN last; of equal ones the earlier of the pool.</param>
    /// <param name="top">Share of each pool that the model draws from, above 0, at most 1; at least one item.</param>
    /// <returns>In the order of the places.</returns>
    public static LoggedDecision[] Judged(IReadOnlyList<ExploredPlace> places, IReadOnlyList<double[]> scores, double top)
    {
        SmoothedClicks[] halves = [Clicks(places, 1), Clicks(places, 0)];
        var decisions = new LoggedDecision[places.Count];
        for (var i = 0; i < decisions.Length; i++)
        {
            var place = places[i];
            var best = Best(scores[i], top);
            var (taken, expected, clicks) = (false, 0.0, halves[HalfOf(place)]);
            foreach (var at in best)
            {
                taken |= place.Pool[at] == place.Item;
                expected += clicks.Of(place.Place, place.Pool[at]) / best.Length;
            }
            decisions[i] = new LoggedDecision(
                place.Reward, 1.0 / place.Pool.Count, taken ? 1.0 / best.Length : 0, clicks.Of(place.Place, place.Item), expected,
                place.User);
        }
        return decisions;
    }

    /// <summary>Indexes in a pool of the items that a model draws from.</summary>
    public static int[] Best(double[] scores, double top)
    {
        var count = Math.Clamp((int)Math.Ceiling(top * scores.Length), 1, scores.Length);
        return
        [
            .. Enumerable.Range(0, scores.Length)
                .OrderByDescending(at => double.IsNaN(scores[at]) ? double.NegativeInfinity : scores[at]).Take(count),
        ];
    }

    private static int HalfOf(ExploredPlace place) => (int)((ulong)place.Request >> 32 & 1);

    private static SmoothedClicks Clicks(IReadOnlyList<ExploredPlace> places, int half) => new(places
        .Where(place => HalfOf(place) == half)
        .Select(place => new PlacedDecision(
            place.Item, place.Place, 1.0 / place.Pool.Count, place.Reward, place.TimeMs, place.Request, place.User)));
}
