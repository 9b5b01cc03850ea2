namespace RecSys.Core.Domain;

/// <summary>What a user, item, event or request id may look like.</summary>
public static class Identifiers
{
    /// <summary>Longest id, in UTF-16 code units.</summary>
    public const int MaxLength = 256;

    /// <summary>Says what is wrong with an id, without repeating it; null when it is good.</summary>
    public static string? Fault(string? id)
    {
        if (string.IsNullOrEmpty(id)) return "must not be empty";
        if (id.Length > MaxLength) return $"must not be longer than {MaxLength} characters";
        if (id is "." or ".." || id.Contains("../", StringComparison.Ordinal) || id.Contains("..\\", StringComparison.Ordinal))
            return "must not contain a path";
        // In an address %2F stands for a slash of the id, so that no id can have it as it is.
        if (id.Contains("%2F", StringComparison.OrdinalIgnoreCase))
            return "must not contain %2F (a slash may be part of an id; in an address it is written %2F)";
        return TextFault(id);
    }

    /// <summary>
    /// The same of an id that comes in, by an import or over HTTP: besides, spaces around it, which nobody sees, would make another user or
    /// item of the one that is meant. What is stored with such an id can be asked for and removed all the same.
    /// </summary>
    public static string? FaultOfNew(string? id) => Fault(id) ?? (char.IsWhiteSpace(id![0]) || char.IsWhiteSpace(id[^1])
        ? "must not begin or end with a space" : null);

    /// <summary>Says what makes a text unfit for storage (control characters, lone surrogates); null when it is good.</summary>
    public static string? TextFault(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i])) return "must not contain control characters";
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
                return "must be valid Unicode (it has a lone surrogate)";
            i++;
        }
        return null;
    }
}
