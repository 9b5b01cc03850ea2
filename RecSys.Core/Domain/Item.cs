namespace RecSys.Core.Domain;

/// <summary>Something that can be recommended.</summary>
public sealed record Item
{
    internal static readonly IReadOnlyDictionary<string, AttributeValue> NoAttributes = new Dictionary<string, AttributeValue>();

    /// <summary>1 to 256 characters, no control characters.</summary>
    public required string Id { get; init; }
    public required string Title { get; init; }
    /// <summary>Primary category; diversity and affinities count by it.</summary>
    public required string Category { get; init; }
    /// <summary>Further categories or tags, the primary one excluded.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];
    /// <summary>Author, brand or studio.</summary>
    public string? Creator { get; init; }
    /// <summary>In the shop's currency.</summary>
    public double? Price { get; init; }
    public double? DurationSeconds { get; init; }
    /// <summary>When the item became available; drives item age and the freshness rule.</summary>
    public DateTimeOffset? CreatedAt { get; init; }
    public string? ThumbnailUrl { get; init; }
    /// <summary>False: never recommended, at any fallback level.</summary>
    public bool Available { get; init; } = true;
    /// <summary>True: unsafe content, never recommended, at any fallback level.</summary>
    public bool Flagged { get; init; }
    /// <summary>Free text beyond the title, for the text encoder.</summary>
    public string? Description { get; init; }
    /// <summary>Any further facts, typed, by name.</summary>
    public IReadOnlyDictionary<string, AttributeValue> Attributes { get; init; } = NoAttributes;
}
