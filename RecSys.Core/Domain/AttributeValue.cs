using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace RecSys.Core.Domain;

/// <summary>
/// One typed attribute of an item: a number, a text, a list of texts, a truth value or a time. In JSON a number, a string, an array of
/// strings, a boolean, and for a time a string in RFC 3339 with seconds and a zone; a string of that form is always a time.
/// </summary>
[JsonConverter(typeof(AttributeValueConverter))]
public readonly struct AttributeValue : IEquatable<AttributeValue>
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK";

    // A number's bits, 0 or 1, or UTC ticks.
    private readonly long bits;
    private readonly object? texts;

    private AttributeValue(AttributeKind kind, long bits, object? texts) => (Kind, this.bits, this.texts) = (kind, bits, texts);

    public AttributeKind Kind { get; }

    public static AttributeValue Of(string text) => new(AttributeKind.Text, 0, text);

    public static AttributeValue Of(double number) => new(AttributeKind.Number, BitConverter.DoubleToInt64Bits(number), null);

    public static AttributeValue Of(bool flag) => new(AttributeKind.Boolean, flag ? 1 : 0, null);

    /// <summary>Keeps the moment, not the offset.</summary>
    public static AttributeValue Of(DateTimeOffset time) => new(AttributeKind.Time, time.UtcTicks, null);

    /// <summary>Takes a copy.</summary>
    public static AttributeValue Of(IEnumerable<string> texts) => new(AttributeKind.List, 0, texts.ToArray());

    public static implicit operator AttributeValue(string text) => Of(text);

    /// <exception cref="InvalidOperationException">Of another kind.</exception>
    public double Number => Kind == AttributeKind.Number ? BitConverter.Int64BitsToDouble(bits) : throw Not(AttributeKind.Number);

    /// <inheritdoc cref="Number"/>
    public bool Flag => Kind == AttributeKind.Boolean ? bits != 0 : throw Not(AttributeKind.Boolean);

    /// <summary>UTC.</summary>
    /// <inheritdoc cref="Number"/>
    public DateTimeOffset Time => Kind == AttributeKind.Time ? new DateTimeOffset(bits, TimeSpan.Zero) : throw Not(AttributeKind.Time);

    /// <summary>The elements of a list; of any other kind its one canonical text.</summary>
    public IReadOnlyList<string> Texts => texts as string[] ?? [ToString()];

    /// <summary>
    /// The canonical text, which features and towers hash: a text as it is, a number in the shortest form that reads back equal,
    /// <c>true</c> or <c>false</c>, a time in UTC as <c>2026-01-31T12:00:00Z</c> with as many decimals as it has, a list joined by
    /// <c>|</c>.
    /// </summary>
    public override string ToString() => Kind switch
    {
        AttributeKind.Number => Number.ToString("R", CultureInfo.InvariantCulture),
        AttributeKind.Boolean => bits != 0 ? "true" : "false",
        AttributeKind.Time => Time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture),
        AttributeKind.List => string.Join('|', (string[])texts!),
        _ => (string?)texts ?? "",
    };

    /// <summary>
    /// The kind that a bare text, such as a cell of a table, speaks for: a number or truth value only where its canonical text is that very
    /// text (<c>007</c> and <c>1e3</c> stay texts), a time in RFC 3339, otherwise a text.
    /// </summary>
    public static AttributeValue Infer(string text)
    {
        if (text is "true" or "false") return Of(text == "true");
        if (text.Length is > 0 and <= 32 && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
            && Of(number) is var value && value.ToString() == text)
        {
            return value;
        }
        return OfJsonString(text);
    }

    /// <summary>A time where the string is one in RFC 3339, otherwise a text.</summary>
    public static AttributeValue OfJsonString(string text) => TryParseTime(text, out var time) ? Of(time) : Of(text);

    /// <summary>Reads RFC 3339: date, <c>T</c>, time with seconds, at most seven decimals, and <c>Z</c> or an offset.</summary>
    public static bool TryParseTime(ReadOnlySpan<char> text, out DateTimeOffset time)
    {
        time = default;
        return text.Length is >= 20 and <= 33 && text[4] == '-' && text[10] == 'T'
            && (text[^1] == 'Z' || (text[^6] is '+' or '-' && text[^3] == ':'))
            && DateTimeOffset.TryParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out time);
    }

    public bool Equals(AttributeValue other) => Kind == other.Kind && Kind switch
    {
        AttributeKind.List => ((string[])texts!).AsSpan().SequenceEqual((string[])other.texts!),
        AttributeKind.Text => string.Equals((string?)texts ?? "", (string?)other.texts ?? "", StringComparison.Ordinal),
        _ => bits == other.bits,
    };

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is AttributeValue other && Equals(other);

    public override int GetHashCode() =>
        HashCode.Combine(Kind, bits, Kind is AttributeKind.Text or AttributeKind.List
        ? ToString().GetHashCode(StringComparison.Ordinal) : 0);

    public static bool operator ==(AttributeValue left, AttributeValue right) => left.Equals(right);

    public static bool operator !=(AttributeValue left, AttributeValue right) => !left.Equals(right);

    private InvalidOperationException Not(AttributeKind wanted) => new($"The attribute is a {Kind}, not a {wanted}.");
}
