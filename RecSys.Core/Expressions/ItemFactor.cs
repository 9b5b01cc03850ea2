using RecSys.Core.Domain;
using RecSys.Core.Expressions.Plans;

namespace RecSys.Core.Expressions;

/// <summary>By what the scores of items are multiplied, for one request.</summary>
public sealed class ItemFactor
{
    /// <summary>What lies outside counts as the nearer of the two; what is unknown as 1.</summary>
    public const double Least = 0.1, Most = 10;

    private readonly NumberPlan plan;
    private readonly ItemCatalog catalog;

    internal ItemFactor(NumberPlan plan, ItemCatalog catalog) => (this.plan, this.catalog) = (plan, catalog);

    /// <summary>Reads the factor of each item, <see cref="Least"/> to <see cref="Most"/>.</summary>
    /// <param name="items">Their numbers.</param>
    /// <param name="factors">As long.</param>
    public void Read(ReadOnlySpan<int> items, Span<double> factors)
    {
        ReadPlain(items, factors);
        foreach (ref var factor in factors) factor = double.IsNaN(factor) ? 1 : Math.Clamp(factor, Least, Most);
    }

    /// <summary>The same as the expression says, NaN where it is unknown.</summary>
    internal void ReadPlain(ReadOnlySpan<int> items, Span<double> numbers)
    {
        Span<double> scratch = stackalloc double[ItemBatch.Most];
        for (var from = 0; from < items.Length; from += ItemBatch.Most)
        {
            var batch = ItemBatch.Of(catalog, items.Slice(from, Math.Min(ItemBatch.Most, items.Length - from)));
            plan.Read(in batch, scratch)[..batch.Count].CopyTo(numbers[from..]);
        }
    }
}
