using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace RecSys.Core.Retrieval.Text;

/// <summary>
/// Takes the marks off letters (é to e, ё to е) as uncased BERT models expect. Does so from its own table, since .NET decomposes nothing
/// when it runs without ICU.
/// </summary>
internal static class AccentFolding
{
    private const int FirstSyllable = 0xAC00;
    private const int Syllables = 11172;
    private const int Vowels = 21;
    private const int Tails = 28;

    private static readonly FrozenDictionary<char, string> Bare = Table();

    /// <summary>The text in canonical decomposition without non-spacing marks; the same instance when nothing changes.</summary>
    public static string Apply(string text)
    {
        if (Ascii.IsValid(text)) return text;
        var folded = new StringBuilder(text.Length);
        Span<char> units = stackalloc char[2];
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark) continue;
            if (rune.IsBmp && Bare.TryGetValue((char)rune.Value, out var bare)) folded.Append(bare);
            else if (rune.Value - FirstSyllable is >= 0 and < Syllables) AppendJamo(folded, rune.Value - FirstSyllable);
            else folded.Append(units[..rune.EncodeToUtf16(units)]);
        }
        return folded.Length == text.Length && folded.Equals(text) ? text : folded.ToString();
    }

    // Unicode standard, section 3.12: a syllable is a lead, a vowel and perhaps a tail.
    private static void AppendJamo(StringBuilder folded, int syllable)
    {
        folded.Append((char)(0x1100 + syllable / (Vowels * Tails))).Append((char)(0x1161 + syllable / Tails % Vowels));
        if (syllable % Tails != 0) folded.Append((char)(0x11A7 + syllable % Tails));
    }

    private static FrozenDictionary<char, string> Table()
    {
        var table = new Dictionary<char, string>();
        foreach (var group in AccentTable.Groups.Split(' '))
        {
            foreach (var composed in group.AsSpan(1)) table.Add(composed, group[..1]);
        }
        foreach (var group in AccentTable.Expansions.Split(' ')) table.Add(group[0], group[1..]);
        return table.ToFrozenDictionary();
    }
}
