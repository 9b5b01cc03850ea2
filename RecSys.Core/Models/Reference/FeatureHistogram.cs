namespace RecSys.Core.Models.Reference;

/// <summary>
/// How values spread over bins: <c>counts[i]</c> is the number of values v with <c>edges[i-1] &lt;= v &lt; edges[i]</c>; the first bin is
/// open below, the last open above.
/// </summary>
/// <param name="Edges">Ascending.</param>
/// <param name="Counts">One more than edges.</param>
/// <param name="Missing">Number of NaN.</param>
public sealed record FeatureHistogram(float[] Edges, int[] Counts, int Missing)
{
    /// <summary>The counts with what is missing as a last bin.</summary>
    public int[] WithMissing => [.. Counts, Missing];

    /// <summary>The bin of a value; behind the last one for NaN.</summary>
    public static int BinOf(ReadOnlySpan<float> edges, float value)
    {
        if (float.IsNaN(value)) return edges.Length + 1;
        var found = edges.BinarySearch(value);
        return found >= 0 ? found + 1 : ~found;
    }

    /// <summary>A histogram of values.</summary>
    public static FeatureHistogram Of(ReadOnlySpan<float> values, float[] edges)
    {
        var counts = new int[edges.Length + 2];
        foreach (var value in values) counts[BinOf(edges, value)]++;
        return new FeatureHistogram(edges, counts[..^1], counts[^1]);
    }
}
