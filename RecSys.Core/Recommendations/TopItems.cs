namespace RecSys.Core.Recommendations;

/// <summary>Keeps the best of many items in one pass and little memory.</summary>
/// <param name="capacity">Most items kept.</param>
internal sealed class TopItems(int capacity)
{
    // The worst kept item is at the top. Of equal scores the smaller number is the better one, so that results do not depend on the order
    // of offers.
    private readonly PriorityQueue<int, (double Score, int Negated)> kept = new();

    public void Offer(int item, double score)
    {
        if (kept.Count < capacity) kept.Enqueue(item, (score, -item));
        else if (capacity > 0) kept.EnqueueDequeue(item, (score, -item));
    }

    /// <summary>The kept items, best first; empties the collection.</summary>
    public int[] Take() => Take(out _);

    /// <summary>The same with the score that each was offered with.</summary>
    public int[] Take(out double[] scores)
    {
        var items = new int[kept.Count];
        scores = new double[items.Length];
        for (var at = items.Length - 1; at >= 0; at--)
        {
            kept.TryDequeue(out items[at], out var priority);
            scores[at] = priority.Score;
        }
        return items;
    }
}
