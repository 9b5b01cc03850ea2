using System.Text.Json;
using RecSys.Core.Features;
using RecSys.Core.Training.Rows;

namespace RecSys.Core.Training.Nightly.Judging;

/// <summary>
/// Population stability index between the feature histograms of two bundles: the sum over bins of (p - q) ln(p / q), with what is missing as
/// a bin of its own and half a row added to each bin, so that an empty one stays finite. 0 where both are alike; above 0.25 by custom a shift.
/// </summary>
internal static class StabilityIndex
{
    private const double Smoothing = 0.5;

    /// <summary>All features that both have with the same bins, the largest shift first; empty where one has no histograms.</summary>
    public static IReadOnlyList<FeatureDrift> Between(ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> after, FeatureCatalogue catalogue)
    {
        var (then, now) = (Parse(before), Parse(after));
        if (then is null || now is null) return [];
        var drifts = new List<FeatureDrift>();
        foreach (var feature in catalogue.Features)
        {
            if (!then.Features.TryGetValue(feature.Name, out var was) || !now.Features.TryGetValue(feature.Name, out var has)
                || !was.Edges.SequenceEqual(has.Edges))
                continue;
            drifts.Add(new FeatureDrift(feature.Name, Of([.. was.Counts, was.Missing], [.. has.Counts, has.Missing]), feature.FromModel));
        }
        return [.. drifts.OrderByDescending(drift => drift.Index)];
    }

    /// <param name="before">Rows by bin.</param>
    /// <param name="after">Rows by the same bins.</param>
    public static double Of(ReadOnlySpan<int> before, ReadOnlySpan<int> after)
    {
        var (all, now) = (Sum(before), Sum(after));
        var index = 0.0;
        for (var i = 0; i < before.Length; i++)
        {
            var (p, q) = ((after[i] + Smoothing) / now, (before[i] + Smoothing) / all);
            index += (p - q) * Math.Log(p / q);
        }
        return index;
    }

    private static double Sum(ReadOnlySpan<int> counts)
    {
        var sum = Smoothing * counts.Length;
        foreach (var count in counts) sum += count;
        return sum;
    }

    private static FeatureHistograms? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            var histograms = JsonSerializer.Deserialize(json.Span, FeatureReferenceJson.Default.FeatureHistograms);
            return histograms is { Features: not null, Rows: > 0 } ? histograms : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
