namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>Lists of items by falling score.</summary>
internal static class SortedLists
{
    /// <summary>
    /// Merges a second list into the first, whose spans have room for the result; what does not fit is the worst of both.
    /// </summary>
    /// <param name="items">The first list, and the result.</param>
    /// <param name="scores">As long.</param>
    /// <param name="count">Length of the first list.</param>
    /// <param name="others">The second list.</param>
    /// <param name="otherScores">At least as long.</param>
    /// <returns>Length of the result.</returns>
    public static int Merge(Span<int> items, Span<float> scores, int count, ReadOnlySpan<int> others, ReadOnlySpan<float> otherScores)
    {
        var total = Math.Min(items.Length, count + others.Length);
        // How many of each survive, then from the end to the front, so that nothing is overwritten before it is moved.
        var (first, second) = (0, 0);
        while (first + second < total)
        {
            if (second == others.Length || (first < count && scores[first] >= otherScores[second])) first++;
            else second++;
        }
        for (var at = total - 1; second > 0; at--)
        {
            if (first > 0 && scores[first - 1] < otherScores[second - 1]) (items[at], scores[at]) = (items[first - 1], scores[--first]);
            else (items[at], scores[at]) = (others[second - 1], otherScores[--second]);
        }
        return total;
    }
}
