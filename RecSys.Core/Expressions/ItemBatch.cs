using RecSys.Core.Domain;
using RecSys.Core.Domain.Columns;

namespace RecSys.Core.Expressions;

/// <summary>
/// Up to <see cref="Most"/> items whose fields are read at once: a run of numbers, read where the columns lie, or any items, gathered.
/// Values behind the last item, up to a multiple of 64, mean nothing.
/// </summary>
internal readonly ref struct ItemBatch
{
    /// <summary>Items of a batch: its intermediate results stay in the nearest cache.</summary>
    public const int Most = 1024;

    private readonly ReadOnlySpan<int> items;

    private ItemBatch(ItemCatalog catalog, int first, ReadOnlySpan<int> items, int count)
    {
        (Catalog, Fields, First, Count) = (catalog, catalog.Fields, first, count);
        this.items = items;
    }

    public ItemCatalog Catalog { get; }
    public FieldColumns Fields { get; }

    /// <summary>Of a run: the number of its first item.</summary>
    public int First { get; }

    public int Count { get; }
    public int Words => (Count + 63) >> 6;
    public int Padded => Words << 6;

    /// <summary>True for a run of numbers.</summary>
    public bool IsRun => items.IsEmpty;

    /// <summary>Any items.</summary>
    public ReadOnlySpan<int> Items => items;

    /// <param name="catalog">The items.</param>
    /// <param name="first">A multiple of <see cref="Most"/>.</param>
    /// <param name="count">1 to <see cref="Most"/>.</param>
    public static ItemBatch Run(ItemCatalog catalog, int first, int count) => new(catalog, first, [], count);

    /// <param name="catalog">The items.</param>
    /// <param name="items">1 to <see cref="Most"/> numbers.</param>
    public static ItemBatch Of(ItemCatalog catalog, ReadOnlySpan<int> items) => new(catalog, 0, items, items.Length);

    /// <summary>The values of a column, <see cref="Padded"/> of them.</summary>
    public ReadOnlySpan<T> Read<T>(ValueColumn<T> column, Span<T> scratch)
        where T : struct
    {
        if (IsRun) return column.Chunk(First).Slice(First % ValueColumn<T>.ChunkItems, Padded);
        for (var i = 0; i < items.Length; i++) scratch[i] = column[items[i]];
        return scratch[..Padded];
    }
}
