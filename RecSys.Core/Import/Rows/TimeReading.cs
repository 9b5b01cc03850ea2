using System.Globalization;
using System.Text.RegularExpressions;
using RecSys.Core.Storage;

namespace RecSys.Core.Import.Rows;

/// <summary>
/// Reads times as people write them: ISO 8601, or seconds, milliseconds, microseconds or nanoseconds since 1970. Counts what it met, so
/// that the import can say what it took them for.
/// </summary>
/// <param name="unit">What numbers count.</param>
/// <param name="zone">Of times that name none; null: they are refused.</param>
internal sealed partial class TimeReading(TimeUnit unit, TimeZoneInfo? zone)
{
    // A number of seconds taken for milliseconds would fall into early 1970; nothing that is imported happened before this.
    private const long Earliest = 631_152_000;
    private static readonly long End = RecordRules.End.ToUnixTimeSeconds();
    private static readonly string[] Names = ["ISO 8601", "seconds", "milliseconds", "microseconds", "nanoseconds"];
    private static readonly double[] PerSecond = [0, 1, 1e3, 1e6, 1e9];

    private readonly long[] met = new long[Names.Length];

    /// <summary>Kinds of times and how many there were of each, such as "seconds (200)"; null when all were milliseconds or none were
    /// read.</summary>
    internal string? Found => met.Sum() - met[(int)TimeUnit.Milliseconds] > 0
        ? string.Join(", ", met.Select((count, kind) => (count, kind)).Where(found => found.count > 0)
            .Select(found => string.Create(CultureInfo.InvariantCulture, $"{Names[found.kind]} ({found.count:#,0})")))
        : null;

    /// <summary>UTC, to the millisecond.</summary>
    /// <param name="text">As it stands in the file.</param>
    /// <param name="field">For the message.</param>
    /// <param name="dayIsEnough">True where a date without a time of day means its beginning, UTC.</param>
    internal DateTimeOffset Read(string text, string field, bool dayIsEnough = false)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole)) return OfNumber(whole, field);
        if (Decimal().IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return OfNumber(number, field);
        return Iso(text, field, dayIsEnough);
    }

    /// <inheritdoc cref="Read"/>
    internal DateTimeOffset OfNumber(long number, string field)
    {
        var kind = Kind(number, field);
        met[kind]++;
        return DateTimeOffset.FromUnixTimeMilliseconds((TimeUnit)kind switch
        {
            TimeUnit.Seconds => number * 1000,
            TimeUnit.Milliseconds => number,
            TimeUnit.Microseconds => number / 1000,
            _ => number / 1_000_000,
        });
    }

    /// <inheritdoc cref="Read"/>
    internal DateTimeOffset OfNumber(double number, string field)
    {
        var kind = Kind(number, field);
        met[kind]++;
        return DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(number / PerSecond[kind] * 1000));
    }

    private int Kind(double number, string field)
    {
        if (unit != TimeUnit.Auto)
        {
            var seconds = number / PerSecond[(int)unit];
            if (seconds >= Earliest && seconds < End) return (int)unit;
            throw new RowException($"{field} is not between 1990 and 2199 when counted in {Names[(int)unit]}, as --time-unit says");
        }
        for (var kind = (int)TimeUnit.Seconds; kind < Names.Length; kind++)
        {
            if (number >= Earliest * PerSecond[kind] && number < End * PerSecond[kind]) return kind;
        }
        throw new RowException(number < Earliest
            ? $"{field} is before 1990, in whatever unit it counts" : $"{field} is no time between 1990 and 2199 in any unit");
    }

    private DateTimeOffset Iso(string text, string field, bool dayIsEnough)
    {
        if (text.EndsWith(" UTC", StringComparison.Ordinal)) text = text[..^4] + "Z";
        if (Zoned().IsMatch(text))
        {
            met[0]++;
            return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var time)
                ? time : throw new RowException($"{field} is not a time that exists");
        }
        var hasDay = Day().IsMatch(text);
        // Without a zone the time of an event would depend on the machine that imports it.
        if (!hasDay && !Unzoned().IsMatch(text))
            throw new RowException($"{field} is neither ISO 8601 with a zone, as in 2026-01-31T12:00:00Z, nor a number of seconds or "
                + $"milliseconds since 1970");
        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            throw new RowException($"{field} is not a time that exists");
        if (zone is null && !(hasDay && dayIsEnough))
            throw new RowException($"{field} names no time zone; say which one is meant with --zone, such as --zone UTC or --zone +01:00");
        met[0]++;
        if (zone is null) return new DateTimeOffset(local, TimeSpan.Zero);
        return zone.IsInvalidTime(local)
            ? throw new RowException($"{field} is in the hour that the clock of {zone.Id} skipped")
            : new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$", RegexOptions.CultureInvariant)]
    private static partial Regex Zoned();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Unzoned();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d$", RegexOptions.CultureInvariant)]
    private static partial Regex Day();

    [GeneratedRegex(@"^\d+\.\d+$|^\d+(\.\d+)?[eE]\+?\d+$", RegexOptions.CultureInvariant)]
    private static partial Regex Decimal();
}
