using System.Collections.Frozen;

namespace RecSys.Core.Domain;

/// <summary>What titles say about items.</summary>
public static class ItemTitles
{
    // What systems write where there is no title, without case and signs.
    private static readonly FrozenSet<string> Placeholders = new[]
    {
        "", "na", "none", "null", "nil", "nan", "untitled", "unknown", "notitle", "noname", "unnamed", "title", "tbd", "todo", "test",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>
    /// True where title and creator together tell one product from others, so that two items with both the same are one product listed
    /// twice. A title alone does not (many songs are called Home), and one that only says that there is none does not either.
    /// </summary>
    public static bool Identify(Item item) => !string.IsNullOrWhiteSpace(item.Creator) && !IsPlaceholder(item.Title);

    /// <summary>True for a title that is empty or says that there is none.</summary>
    public static bool IsPlaceholder(string title)
    {
        Span<char> plain = stackalloc char[16];
        var length = 0;
        foreach (var letter in title)
        {
            if (!char.IsLetterOrDigit(letter)) continue;
            // Longer than any placeholder.
            if (length == plain.Length) return false;
            plain[length++] = char.ToLowerInvariant(letter);
        }
        return Placeholders.GetAlternateLookup<ReadOnlySpan<char>>().Contains(plain[..length]);
    }
}
