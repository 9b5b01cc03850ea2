using System.Globalization;
using System.Text.RegularExpressions;
using RecSys.Core.Domain;

namespace RecSys.Core.Import.Meaning;

/// <summary>Which events of a type a meaning applies to, such as <c>rating>=4</c>, or <c>view</c> for all of them.</summary>
/// <param name="Type">The type.</param>
/// <param name="Comparison">One of <c>&gt;=</c>, <c>&lt;=</c>, <c>&gt;</c>, <c>&lt;</c>, <c>=</c>; empty for all values and none.</param>
/// <param name="Bound">What the value is compared with.</param>
public sealed partial record MeaningRule(EventType Type, string Comparison, double Bound)
{
    /// <exception cref="RecSysException">It is no rule.</exception>
    public static MeaningRule Parse(string text)
    {
        if (Form().Match(text) is { Success: true } match && TypeNames.FindType(match.Groups["type"].Value) is { } type)
        {
            var comparison = match.Groups["comparison"].Value;
            if (comparison.Length == 0) return new MeaningRule(type, "", 0);
            if (double.TryParse(match.Groups["bound"].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var bound)
                && double.IsFinite(bound))
                return new MeaningRule(type, comparison, bound);
        }
        throw new RecSysException(
            $"'{text}' is no rule for the meaning of events. Write a type, or a type, a comparison and a number, such as \"rating>=4\" or "
                + $"dislike; types are {EventTypes.AllNames}.");
    }

    /// <summary>True when the rule speaks of such an event; one that compares needs a value.</summary>
    public bool Applies(EventType type, double? value) => type == Type && Comparison switch
    {
        "" => true,
        ">=" => value >= Bound,
        "<=" => value <= Bound,
        ">" => value > Bound,
        "<" => value < Bound,
        _ => value is { } number && number.Equals(Bound),
    };

    /// <summary>
    /// A value of which both rules speak: 0 where they speak of all; null where there is none, as between <c>rating>=4</c> and
    /// <c>rating&lt;4</c>.
    /// </summary>
    public double? Shared(MeaningRule other)
    {
        if (Type != other.Type) return null;
        var (low, isLowOpen) = Low > other.Low || (Low.Equals(other.Low) && Comparison == ">") ? (Low, Comparison == ">")
            : (other.Low, other.Comparison == ">");
        var (high, isHighOpen) = High < other.High || (High.Equals(other.High) && Comparison == "<") ? (High, Comparison == "<")
            : (other.High, other.Comparison == "<");
        if (low > high || (low.Equals(high) && (isLowOpen || isHighOpen))) return null;
        if (double.IsFinite(low) && !isLowOpen) return low;
        if (double.IsFinite(high) && !isHighOpen) return high;
        return (double.IsFinite(low), double.IsFinite(high)) switch
        {
            (true, true) => (low + high) / 2,
            (true, false) => low + 1,
            (false, true) => high - 1,
            _ => 0,
        };
    }

    /// <summary>True when a value between two, both included, may be one that the rule speaks of.</summary>
    public bool Reaches(double low, double high) =>
        (Comparison == ">" ? high > Bound : high >= Low) && (Comparison == "<" ? low < Bound : low <= High);

    private double Low => Comparison is ">=" or ">" or "=" ? Bound : double.NegativeInfinity;

    private double High => Comparison is "<=" or "<" or "=" ? Bound : double.PositiveInfinity;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Type.ToName()}{Comparison}{(Comparison.Length == 0 ? "" : Bound.ToString(CultureInfo.InvariantCulture))}");

    [GeneratedRegex(@"^\s*(?<type>[A-Za-z_]+)\s*((?<comparison>>=|<=|>|<|=)\s*(?<bound>-?\d+(\.\d+)?)\s*)?$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
