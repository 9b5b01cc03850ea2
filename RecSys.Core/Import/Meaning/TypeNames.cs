using System.Collections.Frozen;
using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Import.Rows;

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

    private const int MostUnknown = 1_000, MostNamed = 5;

    private readonly SortedDictionary<string, (MappedType Type, long Count)> met = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> unknown = new(StringComparer.Ordinal);
    private long others;

    /// <summary>Words other than the types' own that were met, such as "buy as purchase (120)"; null for none.</summary>
    internal string? Found => met.Count == 0 ? null : string.Join(", ", met.Select(pair => string.Create(
        CultureInfo.InvariantCulture, $"{pair.Key} as {Describe(pair.Value.Type)} ({pair.Value.Count:#,0})")));

    /// <summary>The most frequent words that no row may have, with their number and what to do about them; null for none.</summary>
    internal string? Unknown
    {
        get
        {
            if (unknown.Count == 0) return null;
            var words = unknown.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).ToList();
            var named = words.Take(MostNamed).ToList();
            var rest = words.Skip(MostNamed).Sum(pair => pair.Value) + others;
            return string.Create(CultureInfo.InvariantCulture,
                $"unknown words for types are {string.Join(", ", named.Select(pair => $"{FieldText.Shown(pair.Key)} ({pair.Value:#,0})"))}"
                    + $"{(rest > 0 ? $" and others ({rest:#,0})" : "")}; say what each stands for: "
                    + $"{string.Join(' ', named.Select(pair => Advice(pair.Key)))}, with one of {EventTypes.AllNames}");
        }
    }

    /// <summary>What the word stands for.</summary>
    /// <param name="word">As it stands in the file.</param>
    /// <param name="field">Where, for the message.</param>
    /// <exception cref="RowException">It is not known.</exception>
    internal MappedType Read(string word, string field)
    {
        if (Find(word) is { } found) return found;
        if (unknown.Count < MostUnknown || unknown.ContainsKey(word)) unknown[word] = unknown.GetValueOrDefault(word) + 1;
        else others++;
        throw new RowException($"{field} is {FieldText.Shown(word)}, which is none of {EventTypes.AllNames}; say what it stands for with "
            + "--map");
    }

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

    // With the type whose name or usual word is nearest, where one is near.
    private static string Advice(string word)
    {
        var near = NearestName.Of(word, AllWords) is { } name ? FindType(name) is { } type ? type.ToName() : Text(Common[name]) : "…";
        var pair = $"{word}={near}";
        var isOneWord = pair.All(sign => char.IsLetterOrDigit(sign) || sign is '_' or '-' or '=' or '…' or '.');
        return isOneWord ? $"--map {pair}" : $"--map \"{pair}\"";
    }

    private static IEnumerable<string> AllWords => Enumerable.Range(0, EventTypes.Count).Select(type => ((EventType)type).ToName())
        .Concat(Common.Keys.Order(StringComparer.Ordinal));

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    internal static string Text(MappedType mapped) =>
        mapped.Meaning is { } meaning ? $"{mapped.Type.ToName()}:{meaning.ToName()}" : mapped.Type.ToName();

    private static string Describe(MappedType mapped) => mapped.Meaning switch
    {
        null => mapped.Type.ToName(),
        EventMeaning.Undo => $"{mapped.Type.ToName()} taken back",
        { } meaning => $"{mapped.Type.ToName()}, {meaning.ToName()}",
    };

    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant));
}
