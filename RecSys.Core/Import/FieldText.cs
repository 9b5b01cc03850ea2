using System.Globalization;
using System.Text.RegularExpressions;
using RecSys.Core.Storage;

namespace RecSys.Core.Import;

/// <summary>Strict readings of text fields. Failures are <see cref="RowException"/>s that name the field.</summary>
internal static partial class FieldText
{
    // Unix seconds read as milliseconds fall into early 1970; nothing that is imported happened before this.
    private static readonly DateTimeOffset EarliestUnixTime = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A finite decimal number with a point, without thousands separators.</summary>
    internal static double Number(string text, string field) =>
        double.TryParse(text, NumberStyles.Float & ~NumberStyles.AllowLeadingWhite & ~NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw new RowException($"{field} is not a number");

    internal static int Whole(double number, string field) =>
        number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue ? (int)number : throw new RowException($"{field} is not a whole number");

    internal static bool Flag(string text, string field) => text switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        _ => throw new RowException($"{field} is neither true nor false"),
    };

    /// <summary>ISO 8601 with a zone, or Unix milliseconds as digits; UTC.</summary>
    internal static DateTimeOffset Time(string text, string field)
    {
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) ? UnixMs(ms, field) : Iso(text, field);
    }

    /// <summary>ISO 8601 with a zone; UTC.</summary>
    internal static DateTimeOffset Iso(string text, string field)
    {
        // Without a zone the time of an event would depend on the machine that imports it.
        if (!WithZone().IsMatch(text)) throw new RowException($"{field} is neither ISO 8601 with a zone, as in 2026-01-31T12:00:00Z, nor Unix milliseconds");
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw new RowException($"{field} is not a time that exists");
    }

    /// <summary>Unix milliseconds between 1990 and 2199, UTC.</summary>
    internal static DateTimeOffset UnixMs(long ms, string field)
    {
        if (ms < EarliestUnixTime.ToUnixTimeMilliseconds()) throw new RowException($"{field} is before 1990; Unix times are counted in milliseconds");
        if (ms >= RecordRules.End.ToUnixTimeMilliseconds()) throw new RowException($"{field} is after 2199; Unix times are counted in milliseconds");
        return DateTimeOffset.FromUnixTimeMilliseconds(ms);
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:?\d\d)$", RegexOptions.CultureInvariant)]
    private static partial Regex WithZone();
}
