using System.Runtime.CompilerServices;
using RecSys.Core.Domain;

namespace RecSys.Core.Features;

/// <summary>What features need of an item, in one cache line.</summary>
internal struct ItemFacts
{
    /// <summary>Unix milliseconds; <see cref="long.MinValue"/> when unknown.</summary>
    public long CreatedMs;
    /// <summary>Hash of the category name. Names survive a renumbering of the catalogue, and replicas agree on them.</summary>
    public uint Category;
    /// <summary>Hash of the creator's name; 0 when there is none.</summary>
    public uint Creator;
    /// <summary>ln(1 + price); NaN when unknown.</summary>
    public float LogPrice;
    /// <summary>ln(1 + seconds); NaN when unknown.</summary>
    public float LogDuration;
    public float DurationSeconds;
    public ItemAttributes Attributes;

    /// <summary>Attributes that become features. A change of any fact's meaning changes <see cref="ItemColumns.Version"/>.</summary>
    public const int Slots = 4;

    public static readonly ItemFacts Unknown = new()
    {
        CreatedMs = long.MinValue, LogPrice = float.NaN, LogDuration = float.NaN, DurationSeconds = float.NaN,
            Attributes = ItemAttributes.None,
    };

    public static ItemFacts Of(Item item)
    {
        var duration = item.DurationSeconds is > 0 and < 1e15 ? (float)item.DurationSeconds.Value : float.NaN;
        return new ItemFacts
        {
            CreatedMs = item.CreatedAt?.ToUnixTimeMilliseconds() ?? long.MinValue,
            Category = Key(item.Category),
            Creator = Key(item.Creator),
            LogPrice = item.Price is >= 0 and < 1e15 ? MathF.Log(1 + (float)item.Price.Value) : float.NaN,
            LogDuration = MathF.Log(1 + duration),
            DurationSeconds = duration,
            Attributes = ItemAttributes.Of(item),
        };
    }

    private static uint Key(string? name) => string.IsNullOrEmpty(name) ? 0 : (uint)StableHash.Of(name) | 1;
}

/// <summary>Numbers for the first attributes in ordinal order of their keys, as for profiles; NaN where there is none.</summary>
[InlineArray(ItemFacts.Slots)]
internal struct ItemAttributes
{
    private float first;

    public static ItemAttributes None { get; } = Of([]);

    public static ItemAttributes Of(Item item) => item.Attributes.Count == 0 ? None : Of(item.Attributes);

    private static ItemAttributes Of(IEnumerable<KeyValuePair<string, AttributeValue>> attributes)
    {
        var codes = new ItemAttributes();
        ((Span<float>)codes).Fill(float.NaN);
        var slot = 0;
        foreach (var (_, value) in attributes.OrderBy(attribute => attribute.Key, StringComparer.Ordinal).Take(ItemFacts.Slots))
            codes[slot++] = ProfileCodes.Code(value.ToString());
        return codes;
    }
}
