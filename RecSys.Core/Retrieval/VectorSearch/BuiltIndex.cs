using System.Globalization;

namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>An index with what its building has measured.</summary>
/// <param name="Index">The caller's to dispose.</param>
/// <param name="Kind">A factory string, or <c>exact</c>.</param>
/// <param name="Why">Why it became this kind.</param>
/// <param name="BuildSeconds">Training and adding, without tuning.</param>
/// <param name="Parameter"><c>nprobe</c>, <c>efSearch</c>, or null.</param>
/// <param name="Curve">Recall against time, by rising parameter; empty for the exact index.</param>
/// <param name="Chosen">The setting the index is left at; null for the exact index.</param>
/// <param name="Shortfall">A warning in words when no setting finds as much as the options ask for; null when one does.</param>
public sealed record BuiltIndex(
    IVectorIndex Index, string Kind, string Why, double BuildSeconds, string? Parameter,
    IReadOnlyList<OperatingPoint> Curve, OperatingPoint? Chosen, string? Shortfall)
{
    /// <summary>Key of <see cref="Shortfall"/> among the options of a bundle's manifest.</summary>
    public const string ShortfallKey = "index.shortfall";

    /// <summary>For the metrics of a bundle's manifest.</summary>
    public IReadOnlyDictionary<string, double> Metrics => Chosen is null
        ? new Dictionary<string, double>()
        : new Dictionary<string, double>
        {
            ["index.recall_500"] = Chosen.Recall,
            ["index.recall_500_standard_error"] = Chosen.StandardError,
            ["index.ms_p50"] = Chosen.Milliseconds,
            ["index.build_s"] = BuildSeconds,
        };

    /// <summary>For the options of a bundle's manifest: kind, setting and the measured curve as <c>value:recall:ms</c>.</summary>
    public IReadOnlyDictionary<string, string> Options
    {
        get
        {
            var options = new Dictionary<string, string> { ["index.kind"] = Kind };
            if (Chosen is null) return options;
            if (Parameter is not null)
                options["index.parameter"] = string.Create(CultureInfo.InvariantCulture, $"{Parameter}={Chosen.Value}");
            options["index.curve"] = string.Join(
                ' ', Curve.Select(point => string.Create(
                CultureInfo.InvariantCulture, $"{point.Value}:{point.Recall:0.0000}:{point.Milliseconds:0.000}")));
            if (Shortfall is not null) options[ShortfallKey] = Shortfall;
            return options;
        }
    }
}
