using System.Globalization;
using System.Text.RegularExpressions;
using RecSys.Core.Domain;

namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>What a factory string means for building: lists, memory, and the parameter that trades recall for time.</summary>
/// <param name="Description">A FAISS factory string.</param>
internal sealed partial record IndexKind(string Description)
{
    // FAISS itself asks for 39 to 256 training vectors per list; beyond 64 the lists hardly change.
    private const int SamplePerList = 64;
    private const int SampleOfOthers = 100_000;

    /// <summary>Inverted lists, or 0 for kinds without.</summary>
    public int Lists { get; } = Ivf().Match(Description) is { Success: true } match
        && int.TryParse(match.Groups[1].Value, CultureInfo.InvariantCulture, out var lists) ? lists : 0;

    /// <summary><c>nprobe</c>, <c>efSearch</c>, or null where there is nothing to tune.</summary>
    public string? SearchParameter => Lists > 0 ? "nprobe" : Description.Contains("HNSW", StringComparison.Ordinal) ? "efSearch" : null;

    /// <summary>
    /// For <c>auto</c>: √items lists of whole vectors, but 1000 from a million items up to ten million. With √items a search looks at about
    /// as many centres as items of one list; but the time to assign every item to its list grows with the lists, and a thousand are fast
    /// enough there. Beyond, √items / 3.16 goes on from the same thousand.
    /// </summary>
    /// <returns>Null for exact search.</returns>
    public static IndexKind? Auto(long items, RetrievalOptions options) =>
        items <= options.ExactUpTo ? null : new IndexKind(string.Create(CultureInfo.InvariantCulture, $"IVF{AutoLists(items)},Flat"));

    public static int AutoLists(long items) =>
        Math.Max(1, (int)Math.Round(Math.Max(Math.Min(Math.Sqrt(items), 1000), Math.Sqrt(items / 10.0))));

    public int TrainingRows(int count) =>
        Math.Min(count, Lists > 0 ? (int)Math.Min(int.MaxValue, (long)Lists * SamplePerList) : SampleOfOthers);

    /// <summary>Bytes of the finished index and what building it needs besides, without the caller's vectors.</summary>
    public long EstimateBytes(long count, int dimension)
    {
        double perRow = 8 + Code(dimension);
        // A second, exact copy that the best of the first are looked up in.
        if (Description.Contains("RFlat", StringComparison.Ordinal) || Description.Contains("Refine(Flat)", StringComparison.Ordinal))
            perRow += dimension * sizeof(float);
        if (Graph().Match(Description) is { Success: true } graph && Lists == 0)
            perRow += 2.2 * sizeof(int) * int.Parse(graph.Groups[1].Value, CultureInfo.InvariantCulture);
        var training = (double)TrainingRows((int)Math.Min(int.MaxValue, count)) * dimension * sizeof(float) * 2;
        // Lists grow by doubling, one after the other.
        return (long)(count * perRow * 1.15 + (double)Lists * dimension * sizeof(float) * 2 + training + (64 << 20));
    }

    /// <exception cref="RecSysException">There are fewer vectors than lists.</exception>
    public void RequireEnough(int count)
    {
        if (Lists > count)
            throw new RecSysException($"{Description} has {Lists} lists, but there are only {count} vectors. Set Retrieval:Index to "
                + $"auto, or to at most {Ivf().Replace(Description, $"IVF{Math.Max(1, count / 39)}")}.");
    }

    private double Code(int dimension)
    {
        if (Description.Contains("SQ8", StringComparison.Ordinal)) return dimension;
        if (Description.Contains("SQ4", StringComparison.Ordinal)) return dimension / 2.0;
        if (Description.Contains("SQfp16", StringComparison.Ordinal)) return dimension * 2;
        if (Quantised().Match(Description) is { Success: true } match)
            return int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) + 8;
        return dimension * (double)sizeof(float);
    }

    [GeneratedRegex(@"IVF(\d{1,9})")]
    private static partial Regex Ivf();

    [GeneratedRegex(@"HNSW(\d{1,4})")]
    private static partial Regex Graph();

    [GeneratedRegex(@"PQ(\d{1,4})")]
    private static partial Regex Quantised();
}
