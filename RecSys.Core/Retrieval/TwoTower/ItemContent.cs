using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Retrieval.Text;
using TorchSharp;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// What the item tower reads besides the id: for every item a weighted bag of table rows (category, tags, creator, attributes, text n-grams)
/// and standardised numbers (log price, log duration, log age), each with a flag that says whether it is known; with a text encoder also an
/// embedding of its text.
/// </summary>
internal sealed class ItemContent
{
    public const int NumberCount = 6;

    /// <summary>Rows for category, tags, creator, attributes and bands of numbers: several times as many as creators, since those that share a row by chance are not alike.</summary>
    private const int FieldRows = 32_768;
    private const int TextRows = 16384;

    /// <summary>A row that fewer known items share says nothing that their ids do not say, and nothing at all about a new item.</summary>
    private const int LeastUses = 2;

    private const int MaxTextRows = 256;
    public const int TableRows = FieldRows + TextRows;

    /// <summary>Equally large groups of items by each number, so that what is neither new nor old, short nor long can be liked.</summary>
    private const int Bands = 16;

    private static readonly string[] bandFields = ["price band", "duration band", "age band"];

    private readonly int[] starts;
    private readonly int[] rows;
    private readonly float[] weights;
    private readonly float[] numbers;
    private readonly TextColumns? text;

    /// <param name="catalog">The items, in ordinal order.</param>
    /// <param name="nowMs">Unix milliseconds from which ages count.</param>
    /// <param name="texts">Text embeddings of the same items; null without a text encoder.</param>
    /// <param name="known">Items that training sees used, by ordinal: rows that are not common to several of them are left out. Null keeps all rows.</param>
    public ItemContent(ItemCatalog catalog, long nowMs, ItemTexts? texts = null, int[]? known = null)
    {
        Count = catalog.Count;
        if (texts is not null && texts.Count != Count) throw new ArgumentException($"{texts.Count} text embeddings for {Count} items.", nameof(texts));
        text = texts is null ? null : new TextColumns(texts);
        starts = new int[Count + 1];
        numbers = new float[Count * NumberCount];
        for (var i = 0; i < Count; i++)
        {
            var item = catalog[i];
            Number(i, 0, item.Price);
            Number(i, 1, item.DurationSeconds);
            Number(i, 2, item.CreatedAt is { } created ? Math.Max(0, nowMs - created.ToUnixTimeMilliseconds()) / 86_400_000.0 : null);
        }
        float[][] edges = [.. Enumerable.Range(0, NumberCount / 2).Select(Edges)];
        var (allRows, allWeights, grams) = (new List<int>(), new List<float>(), new List<int>());
        for (var i = 0; i < Count; i++)
        {
            var item = catalog[i];
            Field("category", item.Category, 1);
            Field("creator", item.Creator, 1);
            // A group's weight falls with the root of its size, so that long titles do not drown the rest.
            foreach (var tag in item.Tags) Field("tag", tag, 1 / MathF.Sqrt(item.Tags.Count));
            foreach (var (name, value) in item.Attributes)
            {
                var parts = value.Texts;
                foreach (var part in parts) Field(name, part, 1 / MathF.Sqrt(item.Attributes.Count * parts.Count));
            }
            for (var number = 0; number < edges.Length; number++)
            {
                if (numbers[i * NumberCount + 2 * number + 1] != 0) Field(bandFields[number], BandOf(edges[number], numbers[i * NumberCount + 2 * number]), 1);
            }
            grams.Clear();
            TextNGrams.Append(item.Title, TextRows, MaxTextRows, grams);
            foreach (var row in grams)
            {
                allRows.Add(FieldRows + row);
                allWeights.Add(1 / MathF.Sqrt(grams.Count));
            }
            starts[i + 1] = allRows.Count;
        }
        if (known is not null) KeepShared(known, allRows, allWeights);
        (rows, weights) = ([.. allRows], [.. allWeights]);
        for (var column = 0; column < NumberCount; column += 2) Standardise(column);

        void Field(ReadOnlySpan<char> field, string? value, float weight)
        {
            if (string.IsNullOrEmpty(value)) return;
            allRows.Add((int)(StableHash.Of(value, StableHash.Of(field)) % FieldRows));
            allWeights.Add(weight);
        }
    }

    public int Count { get; }

    /// <summary>Values per text embedding; 0 without.</summary>
    public int TextDimension => text?.Dimension ?? 0;

    /// <summary>Tensors of the listed items in the listed order.</summary>
    public ItemContentTensors Select(ReadOnlySpan<int> items)
    {
        var values = new float[items.Length * NumberCount];
        for (var i = 0; i < items.Length; i++) numbers.AsSpan(items[i] * NumberCount, NumberCount).CopyTo(values.AsSpan(i * NumberCount));

        // How many items use each row, then a place for each row that is used.
        var counts = new int[TableRows];
        foreach (var item in items)
        {
            foreach (var row in rows.AsSpan(starts[item]..starts[item + 1])) counts[row]++;
        }
        var (used, places, users) = (new List<long>(), new int[TableRows], new List<long>());
        var total = 0;
        for (var row = 0; row < TableRows; row++)
        {
            if (counts[row] == 0) continue;
            places[row] = used.Count;
            used.Add(row);
            users.Add(total);
            total += counts[row];
        }

        var (indices, offsets, bagWeights) = (new long[total], new long[items.Length], new float[total]);
        var (members, memberWeights, next) = (new long[total], new float[total], users.ToArray());
        var at = 0;
        for (var i = 0; i < items.Length; i++)
        {
            offsets[i] = at;
            for (var source = starts[items[i]]; source < starts[items[i] + 1]; source++, at++)
            {
                var place = places[rows[source]];
                (indices[at], bagWeights[at]) = (place, weights[source]);
                var member = next[place]++;
                (members[member], memberWeights[member]) = (i, weights[source]);
            }
        }
        return new ItemContentTensors(torch.tensor(values, [items.Length, NumberCount]), torch.tensor(used.ToArray()),
            new Bags(torch.tensor(indices), torch.tensor(offsets), torch.tensor(bagWeights)),
            new Bags(torch.tensor(members), torch.tensor(users.ToArray()), torch.tensor(memberWeights)),
            text?.Select(items));
    }

    private void KeepShared(int[] known, List<int> allRows, List<float> allWeights)
    {
        // Which item was the last to use a row, so that an item counts once.
        var (uses, last) = (new int[TableRows], new int[TableRows]);
        Array.Fill(last, -1);
        foreach (var item in known)
        {
            for (var at = starts[item]; at < starts[item + 1]; at++)
            {
                var row = allRows[at];
                if (last[row] == item) continue;
                (last[row], uses[row]) = (item, uses[row] + 1);
            }
        }
        var (kept, from) = (0, 0);
        for (var item = 0; item < Count; item++)
        {
            for (var end = starts[item + 1]; from < end; from++)
            {
                if (uses[allRows[from]] < LeastUses) continue;
                (allRows[kept], allWeights[kept]) = (allRows[from], allWeights[from]);
                kept++;
            }
            starts[item + 1] = kept;
        }
        allRows.RemoveRange(kept, allRows.Count - kept);
        allWeights.RemoveRange(kept, allWeights.Count - kept);
    }

    private void Number(int item, int field, double? value)
    {
        if (value is not { } known || !double.IsFinite(known)) return;
        numbers[item * NumberCount + 2 * field] = (float)Math.Log(1 + Math.Max(0, known));
        numbers[item * NumberCount + 2 * field + 1] = 1;
    }

    // Where the bands of a number begin, but for the first.
    private float[] Edges(int number)
    {
        var known = new List<float>();
        for (var at = 2 * number; at < numbers.Length; at += NumberCount)
        {
            if (numbers[at + 1] != 0) known.Add(numbers[at]);
        }
        known.Sort();
        return known.Count == 0 ? [] : [.. Enumerable.Range(1, Bands - 1).Select(band => known[band * known.Count / Bands])];
    }

    private static string BandOf(float[] edges, float value) => edges.Count(edge => edge <= value).ToString(CultureInfo.InvariantCulture);

    // Unknown values stay 0, which is the mean.
    private void Standardise(int column)
    {
        double sum = 0, squares = 0;
        var known = 0;
        for (var at = column; at < numbers.Length; at += NumberCount)
        {
            if (numbers[at + 1] == 0) continue;
            known++;
            sum += numbers[at];
            squares += (double)numbers[at] * numbers[at];
        }
        if (known == 0) return;
        var mean = sum / known;
        var deviation = Math.Sqrt(Math.Max(squares / known - mean * mean, 0));
        for (var at = column; at < numbers.Length; at += NumberCount)
        {
            if (numbers[at + 1] != 0) numbers[at] = deviation < 1e-6 ? 0 : (float)((numbers[at] - mean) / deviation);
        }
    }
}

/// <param name="Numbers">[items, <see cref="ItemContent.NumberCount"/>].</param>
/// <param name="Rows">Table rows that the items use, each once, int64.</param>
/// <param name="ByItem">Per item its places in <paramref name="Rows"/>.</param>
/// <param name="ByRow">The transpose, per row the items that use it: the sums of their gradients are the row's gradient.</param>
/// <param name="Texts">[items, <see cref="ItemContent.TextDimension"/>]; null without a text encoder.</param>
internal sealed record ItemContentTensors(torch.Tensor Numbers, torch.Tensor Rows, Bags ByItem, Bags ByRow, torch.Tensor? Texts)
{
    /// <summary>The same with every tensor on the device.</summary>
    public ItemContentTensors To(torch.Device device) =>
        new(Numbers.Send(device), Rows.Send(device), ByItem.To(device), ByRow.To(device), Texts?.Send(device));
}
