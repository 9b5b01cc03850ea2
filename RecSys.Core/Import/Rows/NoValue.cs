using System.Collections.Frozen;

namespace RecSys.Core.Import.Rows;

/// <summary>Words that data frames, databases and spreadsheets write where there is nothing.</summary>
internal static class NoValue
{
    // Exactly as programs write them: in other spellings they may be somebody's words.
    private static readonly FrozenSet<string> Texts =
        new[] { "nan", "NaN", "null", "NULL", "None", "\\N" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Typed =
        new[] { "nan", "null", "none", "na", "n/a", "<na>", "#n/a", "\\n" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>True for such a word where any text may stand: an id, or a column whose kind nobody states.</summary>
    internal static bool IsText(string text) => Texts.Contains(text);

    /// <summary>True for such a word where only a number, a time, a truth value or one of a few words may stand, in whatever
    /// case.</summary>
    internal static bool IsTyped(string text) => Typed.Contains(text);
}
