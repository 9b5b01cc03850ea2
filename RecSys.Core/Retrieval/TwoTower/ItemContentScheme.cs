using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Retrieval.Text;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// How one item becomes table rows and numbers: what training has settled about bands, means and rows that count, so that an item that
/// comes later is read in the same way. Immutable, safe for concurrent use.
/// </summary>
internal sealed class ItemContentScheme
{
    /// <summary>Price, duration and age, each followed by 1 where it is known.</summary>
    public const int NumberCount = 6;

    /// <summary>
    /// Rows for category, tags, creator, attributes and bands of numbers: several times as many as creators, since those that share a row
    /// by chance are not alike.
    /// </summary>
    public const int FieldRows = 32_768;
    public const int TextRows = 16_384;
    public const int TableRows = FieldRows + TextRows;

    /// <summary>Most n-grams of a title; later ones are left out.</summary>
    public const int MaxTextRows = 256;

    /// <summary>Equally large groups of items by each number, so that what is neither new nor old, short nor long can be liked.</summary>
    public const int Bands = 16;

    private const double MsPerDay = 86_400_000.0;

    private static readonly string[] bandFields = ["price band", "duration band", "age band"];
    private static readonly string[] bandNames =
        [.. Enumerable.Range(0, Bands).Select(band => band.ToString(CultureInfo.InvariantCulture))];

    private readonly bool[]? kept;

    /// <param name="nowMs">Unix milliseconds from which ages count.</param>
    /// <param name="edges">Per number where its bands begin, but for the first; empty for a number that no item of training had.</param>
    /// <param name="means">Per number its mean over the items of training that had it.</param>
    /// <param name="scales">Per number 1 / standard deviation; 0 where all were alike.</param>
    /// <param name="kept">By table row whether it counts; null: all do.</param>
    public ItemContentScheme(long nowMs, float[][] edges, float[] means, float[] scales, bool[]? kept = null)
    {
        (NowMs, Edges, Means, Scales, this.kept) = (nowMs, edges, means, scales, kept);
    }

    public long NowMs { get; }
    public float[][] Edges { get; }
    public float[] Means { get; }
    public float[] Scales { get; }

    /// <summary>Settles bands, means and deviations.</summary>
    /// <param name="nowMs">As in the constructor.</param>
    /// <param name="numbers">[items × <see cref="NumberCount"/>] from <see cref="ReadNumbers"/>.</param>
    public static ItemContentScheme Fit(long nowMs, float[] numbers)
    {
        var (edges, means, scales) = (new float[NumberCount / 2][], new float[NumberCount / 2], new float[NumberCount / 2]);
        for (var number = 0; number < edges.Length; number++)
        {
            var known = new List<float>();
            for (var at = 2 * number; at < numbers.Length; at += NumberCount)
            {
                if (numbers[at + 1] != 0) known.Add(numbers[at]);
            }
            edges[number] = [];
            if (known.Count == 0) continue;
            double sum = 0, squares = 0;
            foreach (var value in known) (sum, squares) = (sum + value, squares + (double)value * value);
            var mean = sum / known.Count;
            var deviation = Math.Sqrt(Math.Max(squares / known.Count - mean * mean, 0));
            (means[number], scales[number]) = ((float)mean, deviation < 1e-6 ? 0 : (float)(1 / deviation));
            known.Sort();
            edges[number] = [.. Enumerable.Range(1, Bands - 1).Select(band => known[band * known.Count / Bands])];
        }
        return new ItemContentScheme(nowMs, edges, means, scales);
    }

    /// <summary>The same with only some rows counting.</summary>
    public ItemContentScheme Keeping(bool[] rows) => new(NowMs, Edges, Means, Scales, rows);

    /// <summary>The logarithms of an item's numbers; 0 and 0 where one is unknown.</summary>
    public static void ReadNumbers(Item item, long nowMs, Span<float> numbers)
    {
        numbers.Clear();
        Number(item.Price, numbers);
        Number(item.DurationSeconds, numbers[2..]);
        Number(item.CreatedAt is { } created ? Math.Max(0, nowMs - created.ToUnixTimeMilliseconds()) / MsPerDay : null, numbers[4..]);

        static void Number(double? value, Span<float> into)
        {
            if (value is not { } known || !double.IsFinite(known)) return;
            (into[0], into[1]) = ((float)Math.Log(1 + Math.Max(0, known)), 1);
        }
    }

    /// <summary>Appends the rows that count, repeated ones included, and their weights.</summary>
    /// <param name="item">The item.</param>
    /// <param name="numbers">From <see cref="ReadNumbers"/>, not standardised.</param>
    /// <param name="rows">Gets the rows.</param>
    /// <param name="weights">Gets their weights.</param>
    public void AppendRows(Item item, ReadOnlySpan<float> numbers, List<int> rows, List<float> weights)
    {
        Field("category", item.Category, 1);
        Field("creator", item.Creator, 1);
        // A group's weight falls with the root of its size, so that long titles do not drown the rest.
        foreach (var tag in item.Tags) Field("tag", tag, 1 / MathF.Sqrt(item.Tags.Count));
        foreach (var (name, value) in item.Attributes)
        {
            var parts = value.Texts;
            foreach (var part in parts) Field(name, part, 1 / MathF.Sqrt(item.Attributes.Count * parts.Count));
        }
        for (var number = 0; number < Edges.Length; number++)
        {
            if (numbers[2 * number + 1] != 0 && Edges[number].Length > 0)
                Field(bandFields[number], BandOf(Edges[number], numbers[2 * number]), 1);
        }

        var first = rows.Count;
        TextNGrams.Append(item.Title, TextRows, MaxTextRows, rows);
        var grams = rows.Count - first;
        var left = first;
        for (var at = first; at < rows.Count; at++)
        {
            var row = FieldRows + rows[at];
            if (kept?[row] == false) continue;
            rows[left++] = row;
            weights.Add(1 / MathF.Sqrt(grams));
        }
        rows.RemoveRange(left, rows.Count - left);

        void Field(ReadOnlySpan<char> field, string? value, float weight)
        {
            if (string.IsNullOrEmpty(value)) return;
            var row = (int)(StableHash.Of(value, StableHash.Of(field)) % FieldRows);
            if (kept?[row] == false) return;
            rows.Add(row);
            weights.Add(weight);
        }
    }

    /// <summary>
    /// Brings numbers to mean 0 and deviation 1. Unknown ones stay 0, which is the mean; so do those that training never met.
    /// </summary>
    public void Standardise(Span<float> numbers)
    {
        for (var number = 0; number < Edges.Length; number++)
        {
            if (Edges[number].Length == 0) numbers.Slice(2 * number, 2).Clear();
            else if (numbers[2 * number + 1] != 0) numbers[2 * number] = (numbers[2 * number] - Means[number]) * Scales[number];
        }
    }

    private static string BandOf(float[] edges, float value)
    {
        var band = 0;
        foreach (var edge in edges) band += edge <= value ? 1 : 0;
        return bandNames[band];
    }
}
