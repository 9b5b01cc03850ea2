using System.Globalization;

namespace RecSys.Core.Storage;

/// <summary>Finds out why ids name nothing: writes them as other programs do and looks whether these are known.</summary>
public static class UnknownIdCause
{
    private const int MostTried = 20;

    private static readonly (Func<string, string?> Form, string What, string Advice)[] Forms =
    [
        (WithoutPoint, "the ids look like numbers with .0, as data frames write them",
            "import the events again with --whole-ids, which reads 12.0 as 12"),
        (id => id.Trim() is var trimmed && trimmed != id ? trimmed : null, "the ids have spaces around them",
            "remove the spaces and import again"),
        (id => id is ['"' or '\'', .., '"' or '\''] ? id[1..^1] : null, "the ids stand in quotes that are part of them",
            "remove the quotes and import again"),
        (id => id.ToLowerInvariant() is var lower && lower != id ? lower : null, "the ids differ in case",
            "write them as the catalogue does and import again"),
        (id => id.ToUpperInvariant() is var upper && upper != id ? upper : null, "the ids differ in case",
            "write them as the catalogue does and import again"),
        (id => id.TrimStart('0') is { Length: > 0 } bare && bare != id ? bare : null,
            "the ids have zeros in front that the catalogue has not", "write them as the catalogue does and import again"),
        (Digits, "the ids have letters around a number that the catalogue has not", "write them as the catalogue does and import again"),
        (WithPoint, "the catalogue's ids look like numbers with .0, as data frames write them",
            "import the catalogue again with --whole-ids: the events that wait come in, and the items with .0 can be removed"),
    ];

    /// <summary>The likely cause and what to do.</summary>
    /// <param name="ids">Ids that are not known; the first 20 are tried.</param>
    /// <param name="what">What they should name, in the plural, such as items.</param>
    /// <param name="isKnown">Tells whether an id is.</param>
    /// <param name="knowsAny">False when nothing of the kind is stored at all.</param>
    public static async Task<string> FindAsync(IEnumerable<string> ids, string what, Func<string, Task<bool>> isKnown, bool knowsAny)
    {
        if (!knowsAny) return $"no {what} are stored yet: import them, and the events that wait come in by themselves";
        var tried = ids.Take(MostTried).ToList();
        foreach (var (form, cause, advice) in Forms)
        {
            foreach (var id in tried)
            {
                if (form(id) is { Length: > 0 } other && await isKnown(other)) return $"{cause} ('{id}' for '{other}'): {advice}";
            }
        }
        if (tried.Count > 0 && tried.All(id => id.EndsWith(".0", StringComparison.Ordinal) && WithoutPoint(id) is not null))
            return "the ids look like numbers with .0, as data frames write them, but those numbers are not known either: "
                + $"import the {what} first, then the events with --whole-ids";
        return $"these {what} are not stored under any similar id: import them, or check that events and {what} are of the same data";
    }

    private static string? WithoutPoint(string id) => id.EndsWith(".0", StringComparison.Ordinal)
        && long.TryParse(id.AsSpan(0, id.Length - 2), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? id[..^2] : null;

    private static string? WithPoint(string id) =>
        long.TryParse(id, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? id + ".0" : null;

    private static string? Digits(string id)
    {
        var digits = string.Concat(id.Where(char.IsAsciiDigit));
        return digits.Length > 0 && digits.Length < id.Length ? digits : null;
    }
}
