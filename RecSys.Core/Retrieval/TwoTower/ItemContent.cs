using RecSys.Core.Domain;
using RecSys.Core.Retrieval.Text;
using TorchSharp;
using static RecSys.Core.Retrieval.TwoTower.ItemContentScheme;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// What the item tower reads besides the id: for every item a weighted bag of table rows (category, tags, creator, attributes, text
/// n-grams) and standardised numbers (log price, log duration, log age), each with a flag that says whether it is known; with a text
/// encoder also an embedding of its text.
/// </summary>
internal sealed class ItemContent
{
    /// <summary>A row that fewer known items share says nothing that their ids do not say, and nothing at all about a new item.</summary>
    private const int LeastUses = 2;

    private readonly int[] starts;
    private readonly int[] rows;
    private readonly float[] weights;
    private readonly float[] numbers;
    private readonly TextColumns? text;

    /// <param name="catalog">The items, in ordinal order.</param>
    /// <param name="nowMs">Unix milliseconds from which ages count.</param>
    /// <param name="texts">Text embeddings of the same items; null without a text encoder.</param>
    /// <param name="known">Items that training sees used, by ordinal: rows that are not common to several of them are left out. Null keeps
    /// all rows.</param>
    public ItemContent(ItemCatalog catalog, long nowMs, ItemTexts? texts = null, int[]? known = null)
    {
        Count = catalog.Count;
        if (texts is not null && texts.Count != Count)
            throw new ArgumentException($"{texts.Count} text embeddings for {Count} items.", nameof(texts));
        text = texts is null ? null : new TextColumns(texts);
        starts = new int[Count + 1];
        numbers = new float[Count * NumberCount];
        for (var i = 0; i < Count; i++) ItemContentScheme.ReadNumbers(catalog[i], nowMs, NumbersOf(i));
        var all = ItemContentScheme.Fit(nowMs, numbers);
        var (allRows, allWeights) = (new List<int>(), new List<float>());
        for (var i = 0; i < Count; i++)
        {
            all.AppendRows(catalog[i], NumbersOf(i), allRows, allWeights);
            starts[i + 1] = allRows.Count;
        }
        Kept = known is null ? null : KeepShared(known, allRows, allWeights);
        Scheme = Kept is null ? all : all.Keeping(Kept);
        (rows, weights) = ([.. allRows], [.. allWeights]);
        for (var i = 0; i < Count; i++) Scheme.Standardise(NumbersOf(i));
    }

    /// <summary>How the items were read, for items that come later.</summary>
    public ItemContentScheme Scheme { get; }

    /// <summary>By table row whether it counts; null: all do.</summary>
    public bool[]? Kept { get; }

    /// <summary>How text embeddings were brought to the form that the tower reads; null without a text encoder.</summary>
    public TextColumns? Text => text;

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

    // Which rows several known items use; the others are taken out.
    private bool[] KeepShared(int[] known, List<int> allRows, List<float> allWeights)
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
        var shared = Array.ConvertAll(uses, count => count >= LeastUses);
        var (kept, from) = (0, 0);
        for (var item = 0; item < Count; item++)
        {
            for (var end = starts[item + 1]; from < end; from++)
            {
                if (!shared[allRows[from]]) continue;
                (allRows[kept], allWeights[kept]) = (allRows[from], allWeights[from]);
                kept++;
            }
            starts[item + 1] = kept;
        }
        allRows.RemoveRange(kept, allRows.Count - kept);
        allWeights.RemoveRange(kept, allWeights.Count - kept);
        return shared;
    }

    private Span<float> NumbersOf(int item) => numbers.AsSpan(item * NumberCount, NumberCount);
}

/// <param name="Numbers">[items, <see cref="ItemContentScheme.NumberCount"/>].</param>
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
