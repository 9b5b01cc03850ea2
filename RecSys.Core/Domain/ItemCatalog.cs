using System.Collections.Frozen;

namespace RecSys.Core.Domain;

/// <summary>
/// An immutable snapshot of all items with dense ordinals 0 to <see cref="Count"/> - 1. A successor made by <see cref="With"/>
/// keeps every ordinal, so state arrays that are indexed by ordinal stay valid.
/// </summary>
public sealed class ItemCatalog
{
    private readonly Item[] items;
    private readonly int[] categories;
    private readonly int[] creators;
    private readonly string[] categoryNames;
    private readonly FrozenDictionary<string, int> ordinals;

    private ItemCatalog(Item[] items)
    {
        this.items = items;
        ordinals = items.Select((item, at) => KeyValuePair.Create(item.Id, at)).ToFrozenDictionary(StringComparer.Ordinal);
        var categoryCodes = new Dictionary<string, int>(StringComparer.Ordinal);
        var creatorCodes = new Dictionary<string, int>(StringComparer.Ordinal);
        categories = new int[items.Length];
        creators = new int[items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            categories[i] = CodeOf(categoryCodes, items[i].Category);
            creators[i] = items[i].Creator is { Length: > 0 } creator ? CodeOf(creatorCodes, creator) : -1;
        }
        categoryNames = [.. categoryCodes.Keys];
        CreatorCount = creatorCodes.Count;
    }

    public static ItemCatalog Empty { get; } = new([]);

    /// <summary>Number of items.</summary>
    public int Count => items.Length;
    public int CategoryCount => categoryNames.Length;
    public int CreatorCount { get; }

    public Item this[int ordinal] => items[ordinal];

    /// <summary>Items in ordinal order.</summary>
    public ReadOnlySpan<Item> Items => items;

    /// <summary>Numbers items in the order given. A repeated id replaces the earlier item and keeps its ordinal.</summary>
    public static ItemCatalog Create(IEnumerable<Item> items) => Empty.With(items);

    /// <summary>A successor with items added or, where the id is known, replaced.</summary>
    public ItemCatalog With(IEnumerable<Item> changes)
    {
        var next = new List<Item>(items);
        var added = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in changes)
        {
            if (ordinals.TryGetValue(item.Id, out var at) || added.TryGetValue(item.Id, out at)) next[at] = item;
            else
            {
                added.Add(item.Id, next.Count);
                next.Add(item);
            }
        }
        return new ItemCatalog([.. next]);
    }

    public bool TryGetOrdinal(string id, out int ordinal) => ordinals.TryGetValue(id, out ordinal);

    /// <summary>Dense code of the primary category, numbered by first appearance.</summary>
    public int CategoryOf(int ordinal) => categories[ordinal];

    public string CategoryName(int category) => categoryNames[category];

    /// <summary>Dense code of the creator, or -1.</summary>
    public int CreatorOf(int ordinal) => creators[ordinal];

    /// <summary>False for items that may never leave the server: unavailable or flagged.</summary>
    public bool IsServable(int ordinal) => items[ordinal] is { Available: true, Flagged: false };

    private static int CodeOf(Dictionary<string, int> codes, string name)
    {
        if (!codes.TryGetValue(name, out var code)) codes.Add(name, code = codes.Count);
        return code;
    }
}
