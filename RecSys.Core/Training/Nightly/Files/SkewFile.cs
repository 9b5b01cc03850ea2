using RecSys.Core.Training.Skew;

namespace RecSys.Core.Training.Nightly.Files;

/// <summary>Whether features mean in serving what they mean in training, <c>skew.json</c>.</summary>
/// <param name="Requests">Answered requests that were compared; 0 where none could be.</param>
/// <param name="Rows">Their places.</param>
/// <param name="Skipped">Requests with features that could not be compared, by reason.</param>
/// <param name="ToleratedShare">Share of differing values above which a feature is skewed.</param>
/// <param name="Skewed">Features above it, the worst first.</param>
/// <param name="Differing">Every feature with a value that differs, the one with the most first.</param>
internal sealed record SkewFile(
    int Requests, int Rows, IReadOnlyDictionary<string, int> Skipped, double ToleratedShare, IReadOnlyList<string> Skewed,
    IReadOnlyList<FeatureSkew> Differing)
{
    public static SkewFile Of(SkewReport report) => new(
        report.Requests, report.Rows, report.Skipped, report.ToleratedShare, report.Skewed,
        [.. report.Features.Where(feature => feature.Mismatches > 0)]);
}
