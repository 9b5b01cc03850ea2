using System.Globalization;

namespace RecSys.Core.Monitoring.Alerts;

/// <summary>When a value is an alert, and what an alert of it sets in motion. What it reads is its <see cref="AlertSource"/>.</summary>
/// <param name="Name">Name in lower case with underscores: the tag of metrics, and the heading in the runbook.</param>
/// <param name="Yellow">From here on it is yellow.</param>
/// <param name="Red">From here on it is red; null where it never is.</param>
/// <param name="Unit">Of the value: <c>s</c>, <c>share</c>, <c>index</c>, <c>entries</c> or <c>nights</c>.</param>
/// <param name="Summary">What is wrong when it fires, without figures.</param>
public sealed record AlertRule(string Name, double Yellow, double? Red, string Unit, string Summary)
{
    /// <summary>On which side of the thresholds a value is bad. Default above.</summary>
    public AlertDirection Direction { get; init; } = AlertDirection.Above;

    /// <summary>How long a value must be bad at every look before it counts. Default 0: one look is enough.</summary>
    public TimeSpan Hold { get; init; } = TimeSpan.Zero;

    /// <summary>
    /// How far, as a share of the threshold, a value must come back behind it before it counts as good again. Default 0.1: an alert at 100
    /// clears below 90.
    /// </summary>
    public double Hysteresis { get; init; } = 0.1;

    /// <summary>How long a value must be good at every look before the alert clears. Default 0.</summary>
    public TimeSpan ClearAfter { get; init; } = TimeSpan.Zero;

    /// <summary>True where a new model can be the cause: red may then roll it back.</summary>
    public bool ModelCanCause { get; init; }

    /// <summary>True where more servers help: red then asks for them.</summary>
    public bool ScalesUp { get; init; }

    /// <summary>Where an operator reads on.</summary>
    public string Runbook => $"docs/runbook.md#{Anchor}";

    /// <summary>The heading of the rule in the runbook, as an anchor: <c>alert-latency_p99</c>.</summary>
    public string Anchor => $"alert-{Name}";

    /// <summary>The threshold of a level; null for green, or where the rule has none.</summary>
    public double? Threshold(AlertLevel level) => level switch
    {
        AlertLevel.Yellow => Yellow,
        AlertLevel.Red => Red,
        _ => null,
    };

    /// <summary>True when the value is on the bad side of a level's threshold.</summary>
    public bool IsBad(double value, AlertLevel level) => Threshold(level) is { } threshold
        && (Direction == AlertDirection.Above ? value >= threshold : value <= threshold);

    /// <summary>True when the value is so far on the good side of a level's threshold that the level may clear.</summary>
    public bool IsGood(double value, AlertLevel level) => Threshold(level) is not { } threshold
        || (Direction == AlertDirection.Above ? value < ClearsAt(threshold) : value > ClearsAt(threshold));

    /// <summary>Where a value of a level must come back behind for the level to clear.</summary>
    /// <param name="threshold">Of the level.</param>
    public double ClearsAt(double threshold) =>
        threshold * (Direction == AlertDirection.Above ? 1 - Hysteresis : 1 + Hysteresis);

    /// <summary>A value of this rule as people read it; the page of alerts writes it the same way.</summary>
    public string Format(double value) => Unit switch
    {
        "nights" when value == 1 => "1 night",
        "entries" when value == 1 => "1 entry",
        "s" when Math.Abs(value) < 10 => string.Create(CultureInfo.InvariantCulture, $"{value * 1000:0.#} ms"),
        "s" when Math.Abs(value) < 600 => string.Create(CultureInfo.InvariantCulture, $"{value:0.#} s"),
        "s" => string.Create(CultureInfo.InvariantCulture, $"{value / 3600:0.#} h"),
        "share" => string.Create(CultureInfo.InvariantCulture, $"{value * 100:0.###} %"),
        "index" => string.Create(CultureInfo.InvariantCulture, $"{value:0.###}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value:#,0.##} {Unit}"),
    };
}
