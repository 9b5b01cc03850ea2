using RecSys.Core.Domain;
using RecSys.Core.Expressions.Plans;

namespace RecSys.Core.Expressions;

/// <summary>Which items pass, for one request: those of which the condition is true, not those of which it is unknown.</summary>
public sealed class ItemFilter
{
    private readonly TruthPlan plan;
    private readonly ItemCatalog catalog;

    internal ItemFilter(TruthPlan plan, ItemCatalog catalog) => (this.plan, this.catalog) = (plan, catalog);

    /// <summary>Finds all items that pass and may be served, column by column.</summary>
    /// <param name="count">How many items there are to look at, from number 0 on.</param>
    /// <param name="bits">Gets one bit per item, (count + 63) / 64 words.</param>
    /// <returns>How many pass.</returns>
    public int Select(int count, Span<ulong> bits)
    {
        Span<ulong> no = stackalloc ulong[ItemBatch.Most / 64];
        Span<ulong> servable = stackalloc ulong[ItemBatch.Most / 64];
        var passed = 0;
        for (var first = 0; first < count; first += ItemBatch.Most)
        {
            var batch = ItemBatch.Run(catalog, first, Math.Min(ItemBatch.Most, count - first));
            var words = bits.Slice(first >> 6, batch.Words);
            plan.Evaluate(in batch, words, no[..batch.Words]);
            ServableBits.Read(catalog, first, servable[..batch.Words]);
            for (var word = 0; word < words.Length; word++) words[word] &= servable[word];
            if (batch.Count % 64 != 0) words[^1] &= (1UL << (batch.Count % 64)) - 1;
            foreach (var word in words) passed += (int)ulong.PopCount(word);
        }
        return passed;
    }

    /// <summary>Says of each item whether it passes, whether it may be served or not.</summary>
    /// <param name="items">Their numbers.</param>
    /// <param name="passes">As long.</param>
    public void Test(ReadOnlySpan<int> items, Span<bool> passes)
    {
        Span<ulong> yes = stackalloc ulong[ItemBatch.Most / 64];
        Span<ulong> no = stackalloc ulong[ItemBatch.Most / 64];
        for (var from = 0; from < items.Length; from += ItemBatch.Most)
        {
            var batch = ItemBatch.Of(catalog, items.Slice(from, Math.Min(ItemBatch.Most, items.Length - from)));
            plan.Evaluate(in batch, yes[..batch.Words], no[..batch.Words]);
            for (var i = 0; i < batch.Count; i++) passes[from + i] = (yes[i >> 6] >> (i & 63) & 1) != 0;
        }
    }

    /// <summary>The same of one item.</summary>
    public bool Passes(int item)
    {
        Span<bool> passes = stackalloc bool[1];
        Test([item], passes);
        return passes[0];
    }
}
