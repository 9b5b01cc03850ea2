using RecSys.Core.Models;

namespace RecSys.Api.Contracts;

/// <summary>What <c>models diff --json</c> prints; a value that a version does not have is null.</summary>
/// <param name="First">The one version.</param>
/// <param name="Second">The other.</param>
/// <param name="Metrics">Both values of every metric.</param>
/// <param name="Options">Both values of every option that differs.</param>
/// <param name="FeaturesAdded">Features that only the second has.</param>
/// <param name="FeaturesRemoved">Features that only the first has.</param>
/// <param name="Importance">Both shares of the gain, the largest change first.</param>
public sealed record ModelDiffBody(
    ModelDiffSide First, ModelDiffSide Second, IReadOnlyDictionary<string, double?[]> Metrics,
    IReadOnlyDictionary<string, string?[]> Options, IReadOnlyList<string> FeaturesAdded, IReadOnlyList<string> FeaturesRemoved,
    IReadOnlyDictionary<string, double?[]> Importance)
{
    internal static ModelDiffBody Of(ModelComparison comparison) => new(
        ModelDiffSide.Of(comparison.First), ModelDiffSide.Of(comparison.Second), Numbers(comparison.Metrics),
        comparison.Options.ToDictionary(each => each.Name, string?[] (each) => [each.First, each.Second]), comparison.FeaturesAdded,
        comparison.FeaturesRemoved, Numbers(comparison.Importance));

    private static Dictionary<string, double?[]> Numbers(IReadOnlyList<ComparedValue<double>> values) =>
        values.ToDictionary(each => each.Name, double?[] (each) => [OrNull(each.First), OrNull(each.Second)]);

    private static double? OrNull(double value) => double.IsNaN(value) ? null : value;
}
