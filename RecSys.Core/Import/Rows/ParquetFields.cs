using System.Collections;
using System.Globalization;
using System.Numerics;
using RecSys.Core.Domain;

namespace RecSys.Core.Import.Rows;

/// <summary>Fields of a Parquet row: columns have kinds; numbers that are not a number count as absent, as data frames write
/// them.</summary>
internal sealed class ParquetFields(IReadOnlyDictionary<string, int> columns, object?[] values, bool holdsRatings) : RecordFields
{
    // Beyond this a floating-point number may have lost digits.
    private const double MostExact = 9_007_199_254_740_992;

    internal override IEnumerable<string> Names => columns.Keys;

    internal override bool HoldsRatings => holdsRatings;

    internal override string? Text(string name) => Find(name) switch
    {
        null => null,
        string text => text.Length == 0 ? null : text,
        _ => throw new RowException($"{name} is not a text"),
    };

    internal override string? Id(string name) => Find(name) switch
    {
        null => null,
        string text => text.Length == 0 ? null : text,
        double or float => FromFraction(Number(name)!.Value, name),
        Guid id => id.ToString(),
        var value when Whole(value) is { } digits => digits,
        _ => throw new RowException($"{name} is neither a text nor a whole number"),
    };

    internal override double? Number(string name) => Find(name) switch
    {
        null => null,
        double number => Finite(number, name),
        float number => Finite(number, name),
        decimal number => (double)number,
        BigInteger number => Finite((double)number, name),
        string text => NoValue.IsTyped(text) || text.Length == 0 ? null : throw FieldText.NoNumber(text, name),
        var value when Whole(value) is not null => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        _ => throw new RowException($"{name} is not a number"),
    };

    internal override bool? Flag(string name) => Find(name) switch
    {
        null => null,
        bool flag => flag,
        string text => FieldText.Flag(text, name),
        var value when Whole(value) is "0" or "1" => Whole(value) == "1",
        _ => throw new RowException($"{name} is neither true nor false"),
    };

    internal override IReadOnlyList<string> List(string name) => Find(name) switch
    {
        null => [],
        string text => text.Split('|', StringSplitOptions.RemoveEmptyEntries),
        IDictionary => throw new RowException($"{name} is not a list of texts"),
        IEnumerable list => [.. list.Cast<object?>().Select(element => element as string
            ?? throw new RowException($"{name} is not a list of texts"))],
        _ => throw new RowException($"{name} is not a list of texts"),
    };

    internal override DateTimeOffset? Time(string name, TimeReading times, bool dayIsEnough = false) => Find(name) switch
    {
        null => null,
        string text => NoValue.IsTyped(text) ? null : times.Read(text, name, dayIsEnough),
        DateTimeOffset time => time.ToUniversalTime(),
        DateTime { Kind: DateTimeKind.Utc } time => new DateTimeOffset(time),
        DateTime time => times.Read(time.ToString("yyyy-MM-ddTHH:mm:ss.fffffff", CultureInfo.InvariantCulture), name),
        DateOnly day => times.Read(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), name, dayIsEnough),
        double or float or decimal => times.OfNumber(Number(name)!.Value, name),
        var value when Whole(value) is { } digits => times.Read(digits, name),
        _ => throw new RowException($"{name} is no time"),
    };

    internal override string? Scalar(string name) => Find(name) switch
    {
        null => null,
        string text => text,
        bool flag => flag ? "true" : "false",
        DateTime time => time.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture),
        IEnumerable => throw new RowException($"{name} is a list or object; give its parts as columns of their own"),
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new RowException($"{name} is of a kind that cannot be taken"),
    };

    internal override AttributeValue? Attribute(string name) => Find(name) switch
    {
        null => (AttributeValue?)null,
        string text => AttributeValue.Of(text),
        bool flag => AttributeValue.Of(flag),
        DateTime { Kind: DateTimeKind.Utc } time => AttributeValue.Of(new DateTimeOffset(time)),
        DateTime or DateOnly or Guid => AttributeValue.Of(Scalar(name)!),
        IEnumerable => List(name) is { Count: > 0 } list ? AttributeValue.Of(list) : (AttributeValue?)null,
        _ => AttributeValue.Of(Number(name)!.Value),
    };

    private object? Find(string name) =>
        columns.TryGetValue(name, out var at) && values[at] is not (double.NaN or float.NaN) ? values[at] : null;

    private static string? Whole(object value) => value is sbyte or byte or short or ushort or int or uint or long or ulong or BigInteger
        ? ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture) : null;

    private static string FromFraction(double number, string name) => number == Math.Floor(number) && Math.Abs(number) <= MostExact
        ? number.ToString("F0", CultureInfo.InvariantCulture) : throw new RowException($"{name} is a number with a fraction");

    private static double Finite(double number, string name) =>
        double.IsFinite(number) ? number : throw new RowException($"{name} is not a finite number");
}
