namespace RecSys.Core.Domain;

/// <summary>
/// An immutable snapshot of all items with dense ordinals 0 to <see cref="Count"/> - 1. A successor made by <see cref="With"/>
/// keeps every ordinal, so state arrays that are indexed by ordinal stay valid. What a request asks of hundreds of items stands in columns of its own:
/// reading the items themselves would cost a cache miss or two for each.
/// </summary>
public sealed class ItemCatalog
{
    private readonly Item[] items;
    private readonly int[] categories;
    private readonly int[] creators;
    private readonly bool[] servable;
    private readonly long[] createdMs;
    private readonly ulong[] duplicateKeys;
    private readonly string[] categoryNames;
    private readonly Dictionary<string, int> ordinals;

    private ItemCatalog(Item[] items, Dictionary<string, int> ordinals)
    {
        this.items = items;
        this.ordinals = ordinals;
        var categoryCodes = new Dictionary<string, int>(StringComparer.Ordinal);
        var creatorCodes = new Dictionary<string, int>(StringComparer.Ordinal);
        (categories, creators, servable) = (new int[items.Length], new int[items.Length], new bool[items.Length]);
        (createdMs, duplicateKeys) = (new long[items.Length], new ulong[items.Length]);
        for (var i = 0; i < items.Length; i++)
        {
            var item = items[i];
            categories[i] = CodeOf(categoryCodes, item.Category);
            creators[i] = item.Creator is { Length: > 0 } creator ? CodeOf(creatorCodes, creator) : -1;
            servable[i] = item is { Available: true, Flagged: false };
            createdMs[i] = item.CreatedAt?.ToUnixTimeMilliseconds() ?? long.MinValue;
            duplicateKeys[i] = StableHash.Of(item.Title) ^ (item.Creator is null ? 0 : StableHash.Of(item.Creator, seed: 1));
        }
        categoryNames = [.. categoryCodes.Keys];
        CreatorCount = creatorCodes.Count;
    }

    public static ItemCatalog Empty { get; } = new([], new Dictionary<string, int>(StringComparer.Ordinal));

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
        var all = new Dictionary<string, int>(ordinals, StringComparer.Ordinal);
        if (changes.TryGetNonEnumeratedCount(out var most)) all.EnsureCapacity(Math.Max(all.Count, most));
        foreach (var item in changes)
        {
            if (all.TryGetValue(item.Id, out var at)) next[at] = item;
            else
            {
                all.Add(item.Id, next.Count);
                next.Add(item);
            }
        }
        return new ItemCatalog([.. next], all);
    }

    public bool TryGetOrdinal(string id, out int ordinal) => ordinals.TryGetValue(id, out ordinal);

    public bool TryGetOrdinal(ReadOnlySpan<char> id, out int ordinal) => ordinals.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(id, out ordinal);

    /// <summary>Dense code of the primary category, numbered by first appearance.</summary>
    public int CategoryOf(int ordinal) => categories[ordinal];

    public string CategoryName(int category) => categoryNames[category];

    /// <summary>Dense code of the creator, or -1.</summary>
    public int CreatorOf(int ordinal) => creators[ordinal];

    /// <summary>False for items that may never leave the server: unavailable or flagged.</summary>
    public bool IsServable(int ordinal) => servable[ordinal];

    /// <summary>When the item became available, Unix milliseconds; <see cref="long.MinValue"/> when unknown.</summary>
    public long CreatedMs(int ordinal) => createdMs[ordinal];

    /// <summary>Equal for items of the same title and creator, and for others once in 2^64 pairs.</summary>
    public ulong DuplicateKey(int ordinal) => duplicateKeys[ordinal];

    private static int CodeOf(Dictionary<string, int> codes, string name)
    {
        if (!codes.TryGetValue(name, out var code)) codes.Add(name, code = codes.Count);
        return code;
    }
}
