using System.Collections.Frozen;
using RecSys.Core.Domain;

namespace RecSys.Core.Import.Meaning;

/// <summary>Words that senders use for types of events.</summary>
/// <param name="mapped">Words of the import's own, which come first.</param>
internal sealed class TypeNames(IReadOnlyDictionary<string, MappedType> mapped)
{
    // Without case, hyphens, spaces and underscores.
    private static readonly FrozenDictionary<string, MappedType> Common = new Dictionary<string, MappedType>
    {
        ["pageview"] = new(EventType.View), ["detailview"] = new(EventType.View), ["productview"] = new(EventType.View),
        ["pv"] = new(EventType.View), ["watch"] = new(EventType.View), ["play"] = new(EventType.View), ["read"] = new(EventType.View),
        ["cart"] = new(EventType.AddToCart), ["basket"] = new(EventType.AddToCart), ["addtobasket"] = new(EventType.AddToCart),
        ["removefromcart"] = new(EventType.AddToCart, EventMeaning.Undo),
        ["buy"] = new(EventType.Purchase), ["order"] = new(EventType.Purchase), ["transaction"] = new(EventType.Purchase),
        ["refund"] = new(EventType.Purchase, EventMeaning.Undo), ["cancellation"] = new(EventType.Purchase, EventMeaning.Undo),
        ["return"] = new(EventType.Purchase, EventMeaning.Undo),
        ["fav"] = new(EventType.Like), ["favorite"] = new(EventType.Like), ["favourite"] = new(EventType.Like),
        ["star"] = new(EventType.Like), ["upvote"] = new(EventType.Like), ["unlike"] = new(EventType.Like, EventMeaning.Undo),
        ["downvote"] = new(EventType.Dislike), ["rate"] = new(EventType.Rating), ["show"] = new(EventType.Impression),
        ["exposure"] = new(EventType.Impression),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly SortedDictionary<string, (MappedType Type, long Count)> met = new(StringComparer.Ordinal);

    /// <summary>Words other than the types' own that were met, such as "buy as purchase (120)"; null for none.</summary>
    internal string? Found => met.Count == 0 ? null : string.Join(", ", met.Select(pair => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{pair.Key} as {Describe(pair.Value.Type)} ({pair.Value.Count:#,0})")));

    /// <summary>What the word stands for, or null.</summary>
    internal MappedType? Find(string word)
    {
        // The import's own words come first, so that it may read a word otherwise than usual.
        if (mapped.Count == 0 && EventTypes.TryParse(word, out var type)) return new MappedType(type);
        if (!mapped.TryGetValue(word, out var found))
        {
            if (EventTypes.TryParse(word, out type)) return new MappedType(type);
            if (FindType(word) is { } spelt) found = new MappedType(spelt);
            else if (!Common.TryGetValue(Plain(word), out found)) return null;
        }
        met[word] = (found, met.GetValueOrDefault(word).Count + 1);
        return found;
    }

    /// <summary>A type by its name in any spelling, or null.</summary>
    internal static EventType? FindType(string name)
    {
        var plain = Plain(name);
        for (var type = 0; type < EventTypes.Count; type++)
        {
            if (Plain(((EventType)type).ToName()) == plain) return (EventType)type;
        }
        return null;
    }

    /// <summary>Reads <c>purchase</c> or <c>purchase:undo</c>; null when it is neither.</summary>
    internal static MappedType? Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (FindType(colon < 0 ? text : text[..colon]) is not { } type) return null;
        if (colon < 0) return new MappedType(type);
        for (var meaning = 0; meaning < EventNames.Meanings.Count; meaning++)
        {
            if (EventNames.Meanings[meaning] == text[(colon + 1)..]) return new MappedType(type, (EventMeaning)meaning);
        }
        return null;
    }

    private static string Describe(MappedType mapped) => mapped.Meaning switch
    {
        null => mapped.Type.ToName(),
        EventMeaning.Undo => $"{mapped.Type.ToName()} taken back",
        { } meaning => $"{mapped.Type.ToName()}, {meaning.ToName()}",
    };

    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant));
}
