using RecSys.Core.Monitoring.Drift;

namespace RecSys.Api.Contracts;

/// <summary>A histogram beside that of the reference.</summary>
/// <param name="Name">Of the feature.</param>
/// <param name="Psi">Stability index without what chance alone gives; null where nothing can be compared.</param>
/// <param name="RawPsi">The index as its formula gives it.</param>
/// <param name="Noise">What chance alone gives.</param>
/// <param name="Status"><c>no_reference</c>, <c>too_few</c>, <c>not_judged</c>, <c>stable</c>, <c>watch</c> or <c>drift</c>.</param>
/// <param name="Rows">What was counted.</param>
/// <param name="Edges">Inner edges of the bins.</param>
/// <param name="Reference">Shares by bin, one more than edges; empty without a reference.</param>
/// <param name="Current">As long as the reference's.</param>
/// <param name="ReferenceMissing">Share without a value.</param>
/// <param name="CurrentMissing">Share without a value.</param>
public sealed record DriftHistogramBody(
    string Name, double? Psi, double? RawPsi, double? Noise, string Status, int Rows, IReadOnlyList<float> Edges,
    IReadOnlyList<double> Reference, IReadOnlyList<double> Current, double? ReferenceMissing, double? CurrentMissing)
{
    internal static DriftHistogramBody Of(ShiftedHistogram histogram) => new(
        histogram.Name, Rounded.Rate(histogram.Shift.Psi), Rounded.Rate(histogram.Shift.RawPsi), Rounded.Rate(histogram.Shift.Noise),
        histogram.Shift.Status.ToName(), histogram.Rows, histogram.Edges, Bins(histogram.Reference), Bins(histogram.Current),
        Missing(histogram.Reference), Missing(histogram.Current));

    internal static double[] Bins(IReadOnlyList<double> shares) => [.. shares.SkipLast(1).Select(share => Math.Round(share, 6))];

    internal static double? Missing(IReadOnlyList<double> shares) => shares.Count == 0 ? null : Math.Round(shares[^1], 6);
}
