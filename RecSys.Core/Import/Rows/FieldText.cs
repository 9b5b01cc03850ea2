using System.Globalization;

namespace RecSys.Core.Import.Rows;

/// <summary>Strict readings of text fields. Failures are <see cref="RowException"/>s that name the field.</summary>
internal static class FieldText
{
    private const NumberStyles Plain = NumberStyles.Float & ~NumberStyles.AllowLeadingWhite & ~NumberStyles.AllowTrailingWhite;

    /// <summary>A finite decimal number with a point, without thousands separators.</summary>
    internal static double Number(string text, string field) =>
        double.TryParse(text, Plain, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw new RowException($"{field} is not a number");

    internal static int Whole(double number, string field) =>
        number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue ? (int)number
            : throw new RowException($"{field} is not a whole number");

    /// <summary>true, false, yes, no, 1 or 0, in whatever case.</summary>
    internal static bool Flag(string text, string field) => text.ToLowerInvariant() switch
    {
        "true" or "1" or "yes" => true,
        "false" or "0" or "no" => false,
        _ => throw new RowException($"{field} is neither true nor false"),
    };
}
