using RecSys.Core.Models;
using RecSys.Core.Training.Nightly;

namespace RecSys.Api.Contracts;

/// <summary>What <c>models diff --json</c> prints; a value that a version does not have is null.</summary>
/// <param name="First">The one version.</param>
/// <param name="Second">The other.</param>
/// <param name="Metrics">Both values of every metric, each of its version's own validation rows, and so not comparable.</param>
/// <param name="Options">Both values of every option that differs.</param>
/// <param name="FeaturesAdded">Features that only the second has.</param>
/// <param name="FeaturesRemoved">Features that only the first has.</param>
/// <param name="Importance">Both shares of the gain, the largest change first.</param>
/// <param name="Judged">Both on the test rows of one night; null where none judged both.</param>
public sealed record ModelDiffBody(
    ModelDiffSide First, ModelDiffSide Second, IReadOnlyDictionary<string, double?[]> Metrics,
    IReadOnlyDictionary<string, string?[]> Options, IReadOnlyList<string> FeaturesAdded, IReadOnlyList<string> FeaturesRemoved,
    IReadOnlyDictionary<string, double?[]> Importance, ModelDiffJudged? Judged)
{
    internal static ModelDiffBody Of(ModelComparison comparison, JudgedNight? judged) => new(
        ModelDiffSide.Of(comparison.First), ModelDiffSide.Of(comparison.Second), Numbers(comparison.Metrics),
        comparison.Options.ToDictionary(each => each.Name, string?[] (each) => [each.First, each.Second]), comparison.FeaturesAdded,
        comparison.FeaturesRemoved, Numbers(comparison.Importance),
        judged is null ? null : ModelDiffJudged.Of(judged, comparison.First.Version, comparison.Second.Version));

    private static Dictionary<string, double?[]> Numbers(IReadOnlyList<ComparedValue<double>> values) =>
        values.ToDictionary(each => each.Name, double?[] (each) => [OrNull(each.First), OrNull(each.Second)]);

    internal static double? OrNull(double value) => double.IsNaN(value) ? null : value;
}
