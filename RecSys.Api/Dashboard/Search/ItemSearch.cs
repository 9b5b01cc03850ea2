using RecSys.Core.Domain;

namespace RecSys.Api.Dashboard.Search;

/// <summary>
/// Finds items by the beginning of their ids or of words in their titles, without regard to case. Looks at a bounded number at a time and
/// says where to go on: a catalogue of ten million items is searched in pieces, none of which holds up a processor.
/// </summary>
internal static class ItemSearch
{
    /// <summary>Items looked at by one call.</summary>
    public const int LookedAt = 100_000;

    /// <summary>Searches from a number on.</summary>
    /// <param name="catalog">The items.</param>
    /// <param name="text">An id's beginning, or words: each must begin a word of the title.</param>
    /// <param name="from">First number to look at.</param>
    /// <param name="most">Stops with so many.</param>
    /// <param name="next">Where to go on; null when all were looked at.</param>
    public static IReadOnlyList<int> Find(ItemCatalog catalog, string text, int from, int most, out int? next)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var (found, count) = (new List<int>(), catalog.Count);
        // Who types a whole id wants that item first.
        if (from == 0 && catalog.TryGetNumber(text, out var exact) && !catalog.IsRemoved(exact)) found.Add(exact);
        else exact = -1;
        var end = Math.Min(count, from + LookedAt);
        var at = from;
        for (; at < end && found.Count < most; at++)
        {
            if (at != exact && !catalog.IsRemoved(at) && IsMeant(catalog, at, text, words)) found.Add(at);
        }
        next = at < count ? at : null;
        return found;
    }

    private static bool IsMeant(ItemCatalog catalog, int item, string text, string[] words)
    {
        if (catalog.IdOf(item).StartsWith(text, StringComparison.OrdinalIgnoreCase)) return true;
        if (words.Length == 0) return false;
        var title = catalog.TitleOf(item);
        foreach (var word in words)
        {
            if (!BeginsAWord(title, word)) return false;
        }
        return true;
    }

    private static bool BeginsAWord(string title, string word)
    {
        for (var at = 0; (at = title.IndexOf(word, at, StringComparison.OrdinalIgnoreCase)) >= 0; at++)
        {
            if (at == 0 || !char.IsLetterOrDigit(title[at - 1])) return true;
        }
        return false;
    }
}
