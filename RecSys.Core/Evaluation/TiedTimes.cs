using RecSys.Core.Domain;

namespace RecSys.Core.Evaluation;

/// <summary>
/// Events of one user at one moment have no order but that of the file they came from, and files are often sorted by what a model should
/// have to find out: by item, by category, by value. So their order is drawn.
/// </summary>
public static class TiedTimes
{
    /// <summary>
    /// The log in time order, in which a user's events of one moment stand in an order drawn by the seed: impressions first, as they were,
    /// then item after item, the events of one item in the order that they had.
    /// </summary>
    /// <param name="log">Any log.</param>
    /// <param name="seed">The same seed gives the same order.</param>
    public static InteractionLog Shuffle(InteractionLog log, int seed)
    {
        log = log.InTimeOrder();
        var events = log.Events;
        var order = PointwiseMetrics.Ascending(events.Length);
        var random = new Random(seed);
        for (var start = 0; start < events.Length;)
        {
            var end = start + 1;
            while (end < events.Length && events[end].TimeMs == events[start].TimeMs) end++;
            if (end - start > 1) ShuffleMoment(log, order, start, end, random);
            start = end;
        }
        var (drawn, positions) = (new LogEvent[order.Length], new long[order.Length]);
        for (var i = 0; i < order.Length; i++) (drawn[i], positions[i]) = (events[order[i]], log.Positions[order[i]]);
        return new InteractionLog(log.Items, log.Users, drawn, positions) { Merges = log.Merges };
    }

    private static void ShuffleMoment(InteractionLog log, int[] order, int start, int end, Random random)
    {
        var byUser = Enumerable.Range(start, end - start).Where(i => log.Events[i].User >= 0).GroupBy(i => log.Events[i].User);
        foreach (var slots in byUser.Select(own => own.ToArray()))
        {
            var wanted = slots.Where(i => log.Events[i].IsPositive).Select(i => log.Events[i].Item).Distinct();
            if (wanted.Skip(1).FirstOrDefault(-1) < 0) continue;
            var shown = slots.Where(i => log.Events[i].IsImpression);
            var items = slots.Where(i => !log.Events[i].IsImpression).GroupBy(i => log.Events[i].Item).Select(own => own.ToArray())
                .ToArray();
            random.Shuffle(items);
            foreach (var (slot, from) in slots.Zip(shown.Concat(items.SelectMany(own => own)))) order[slot] = from;
        }
    }
}
