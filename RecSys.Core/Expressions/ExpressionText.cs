using RecSys.Core.Domain;

namespace RecSys.Core.Expressions;

/// <summary>How faults speak of what they found.</summary>
internal static class ExpressionText
{
    private const int Most = 40;

    /// <summary>A piece of the expression, short and without what does not print.</summary>
    public static string Shown(ReadOnlySpan<char> text)
    {
        var shown = text.Length > Most ? string.Concat(text[..Most], "…") : text.ToString();
        return string.Concat(shown.Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) ? '?' : letter));
    }

    /// <summary>The word or sign at an offset.</summary>
    public static string At(string text, int offset)
    {
        if (offset >= text.Length) return "the end";
        var end = offset;
        while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '_' or '.')) end++;
        if (text[offset] is '"' or '\'') return HasEnd(text.AsSpan(offset)) ? "a text" : "a text without an end";
        return Shown(text.AsSpan(offset, Math.Max(1, end - offset)));
    }

    private static bool HasEnd(ReadOnlySpan<char> text)
    {
        for (var at = 1; at < text.Length; at++)
        {
            if (text[at] == '\\') at++;
            else if (text[at] == text[0]) return true;
        }
        return false;
    }

    /// <summary>A kind of attribute, with its article.</summary>
    public static string Of(AttributeKind kind) => kind switch
    {
        AttributeKind.Number => "a number",
        AttributeKind.Boolean => "true or false",
        AttributeKind.Time => "a time",
        AttributeKind.List => "a list of texts",
        _ => "a text",
    };

    /// <summary>A type, with its article.</summary>
    public static string Of(ExpressionType type) => type switch
    {
        ExpressionType.Number => "a number",
        ExpressionType.Text => "a text",
        ExpressionType.Truth => "a condition",
        ExpressionType.Time => "a time",
        ExpressionType.List => "a list of texts",
        _ => "a field of any type",
    };
}
