using System.Globalization;

namespace RecSys.Core.Import.Rows;

/// <summary>Strict readings of text fields. Failures are <see cref="RowException"/>s that name the field and what stands in it.</summary>
internal static class FieldText
{
    private const NumberStyles Plain = NumberStyles.Float & ~NumberStyles.AllowLeadingWhite & ~NumberStyles.AllowTrailingWhite;
    private const int MostShown = 40;

    /// <summary>
    /// A finite decimal number with a point, without thousands separators; null for a word that says that there is none.
    /// </summary>
    internal static double? Number(string text, string field)
    {
        if (NoValue.IsTyped(text)) return null;
        return double.TryParse(text, Plain, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number : throw NoNumber(text, field);
    }

    /// <summary>What to say of a text that is no number.</summary>
    internal static RowException NoNumber(string text, string field) =>
        new($"{field} is not a number: {Shown(text)}{Advice(text)}");

    internal static int Whole(double number, string field) =>
        number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue ? (int)number
            : throw new RowException($"{field} is not a whole number");

    /// <summary>true, false, yes, no, 1 or 0, in whatever case; null for a word that says that there is none.</summary>
    internal static bool? Flag(string text, string field) => text.ToLowerInvariant() switch
    {
        "true" or "1" or "yes" => true,
        "false" or "0" or "no" => false,
        _ => NoValue.IsTyped(text) ? null : throw new RowException($"{field} is neither true nor false: {Shown(text)}"),
    };

    /// <summary>The beginning of a text in quotes, for a message.</summary>
    internal static string Shown(string text) => $"'{(text.Length > MostShown ? text[..MostShown] + "…" : text)}'";

    private static string Advice(string text)
    {
        var bare = text.Trim();
        var comma = bare.LastIndexOf(',');
        if (comma < 0 || !bare.All(sign => char.IsAsciiDigit(sign) || sign is ',' or '.' or '-' or '+' or ' '))
            return bare.Length > 0 && bare.Length < text.Length ? "; write it without spaces around it" : "";
        // 1,234.50 has its decimals behind the point, 1.234,50 behind the comma; 1,234 may be either.
        var point = bare.LastIndexOf('.');
        var digits = string.Concat(bare.Where(sign => sign is not (',' or '.' or ' ')));
        if (point < 0 && bare.Count(sign => sign == ',') == 1 && bare.Length - comma == 4)
            return $"; write '{digits}' or '{bare.Replace(',', '.')}', with a point in front of decimals and nothing between thousands";
        var decimals = bare.Length - 1 - Math.Max(comma, point);
        var isThousands = point < 0 && bare.Count(sign => sign == ',') > 1;
        var written = isThousands || decimals == 0 || decimals >= digits.Length ? digits : $"{digits[..^decimals]}.{digits[^decimals..]}";
        return $"; write '{written}', with a point in front of decimals and nothing between thousands";
    }
}
