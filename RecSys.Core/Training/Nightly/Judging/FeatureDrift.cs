using RecSys.Core.Features;
using RecSys.Core.Models.Reference;

namespace RecSys.Core.Training.Nightly.Judging;

/// <summary>How far the values of a feature moved since the champion was made.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="Index">Population stability index; see <see cref="StabilityIndex"/>.</param>
/// <param name="FromModel">A model stands behind the value, so that another model alone moves it.</param>
internal sealed record FeatureDrift(string Feature, double Index, bool FromModel)
{
    /// <summary>
    /// All features that both bundles have with the same bins, the largest shift first; empty where one has no histograms.
    /// </summary>
    public static IReadOnlyList<FeatureDrift> Between(ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> after, FeatureCatalogue catalogue)
    {
        var (then, now) = (DriftReference.Parse(before), DriftReference.Parse(after));
        if (then is null || now is null) return [];
        var drifts = new List<FeatureDrift>();
        foreach (var feature in catalogue.Features)
        {
            if (!then.Features.TryGetValue(feature.Name, out var was) || !now.Features.TryGetValue(feature.Name, out var has)
                || !was.Edges.SequenceEqual(has.Edges))
                continue;
            drifts.Add(new FeatureDrift(feature.Name, StabilityIndex.Of(was.WithMissing, has.WithMissing), feature.FromModel));
        }
        return [.. drifts.OrderByDescending(drift => drift.Index)];
    }
}
