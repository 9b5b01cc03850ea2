namespace RecSys.Core.Models;

/// <summary>What differs between two bundles.</summary>
/// <param name="First">The one.</param>
/// <param name="Second">The other.</param>
/// <param name="Metrics">Every metric that one of them has, by name.</param>
/// <param name="Options">Options that are not the same in both, by name.</param>
/// <param name="FeaturesAdded">Features that only the second has, in its order.</param>
/// <param name="FeaturesRemoved">Features that only the first has, in its order.</param>
/// <param name="Importance">Share of the gain of all splits by feature, the largest change first; empty where one of them has no
/// importance file.</param>
public sealed record ModelComparison(
    BundleManifest First, BundleManifest Second, IReadOnlyList<ComparedValue<double>> Metrics,
    IReadOnlyList<ComparedValue<string?>> Options, IReadOnlyList<string> FeaturesAdded, IReadOnlyList<string> FeaturesRemoved,
    IReadOnlyList<ComparedValue<double>> Importance)
{
    /// <param name="first">The one.</param>
    /// <param name="second">The other.</param>
    /// <param name="firstImportance">Of the one; null where it has none.</param>
    /// <param name="secondImportance">Of the other; null where it has none.</param>
    public static ModelComparison Of(
        BundleManifest first, BundleManifest second, RankerImportance? firstImportance, RankerImportance? secondImportance)
    {
        var options = Joined(first.Options, second.Options, string? (value, had) => had ? value : null)
            .Where(each => each.First != each.Second).ToList();
        return new ModelComparison(
            first, second, [.. Joined(first.Metrics, second.Metrics, (value, had) => had ? value : double.NaN)], options,
            [.. second.FeatureNames.Except(first.FeatureNames, StringComparer.Ordinal)],
            [.. first.FeatureNames.Except(second.FeatureNames, StringComparer.Ordinal)],
            firstImportance is null || secondImportance is null ? [] : Importances(firstImportance, secondImportance));
    }

    // A feature that one of them does not have explains nothing there.
    private static List<ComparedValue<double>> Importances(RankerImportance first, RankerImportance second) =>
    [
        .. Joined(Shares(first), Shares(second), (value, had) => had ? value : 0)
            .Where(each => each.First != each.Second)
            .OrderByDescending(each => Math.Abs(each.Second - each.First)).ThenBy(each => each.Name, StringComparer.Ordinal),
    ];

    private static Dictionary<string, double> Shares(RankerImportance importance) =>
        importance.Features.ToDictionary(feature => feature.Feature, feature => feature.GainShare, StringComparer.Ordinal);

    private static IEnumerable<ComparedValue<TShown>> Joined<TValue, TShown>(
        IReadOnlyDictionary<string, TValue> first, IReadOnlyDictionary<string, TValue> second, Func<TValue, bool, TShown> show) =>
        first.Keys.Union(second.Keys).Order(StringComparer.Ordinal).Select(name => new ComparedValue<TShown>(
            name, show(first.GetValueOrDefault(name)!, first.ContainsKey(name)), show(second.GetValueOrDefault(name)!,
                second.ContainsKey(name))));
}
