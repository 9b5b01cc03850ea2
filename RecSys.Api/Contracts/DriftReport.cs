using RecSys.Core.Monitoring.Drift;

namespace RecSys.Api.Contracts;

/// <summary>Reply of <c>GET /monitoring/drift</c>: how far what is served moved from what the champion was made for.</summary>
/// <param name="Window">As asked for.</param>
/// <param name="Reference">Version of the champion; null where its bundle has nothing to compare with.</param>
/// <param name="From">Where the window begins, up to an hour before its length ago.</param>
/// <param name="To">Now.</param>
/// <param name="Lists">Lists of the champion that were looked at.</param>
/// <param name="Rows">Their places.</param>
/// <param name="NeededLists">Fewest lists that are judged.</param>
/// <param name="Status"><c>no_reference</c>, <c>too_few</c>, <c>stable</c>, <c>watch</c> or <c>drift</c>: the worst of all.</param>
/// <param name="Features">All features, the largest shift first.</param>
/// <param name="Categories">Mix of the places' categories.</param>
/// <param name="Prediction">Click probabilities of the places.</param>
/// <param name="Embedding">Embeddings of the users.</param>
/// <param name="Quality">Events that came in live.</param>
/// <param name="Responsible">What is at <c>watch</c> or worse, the worst first.</param>
/// <param name="Advice">What to do.</param>
public sealed record DriftReport(
    string Window, string? Reference, DateTimeOffset From, DateTimeOffset To, int Lists, int Rows, int NeededLists, string Status,
    IReadOnlyList<DriftHistogramBody> Features, DriftCategoriesBody Categories, DriftHistogramBody Prediction, DriftEmbeddingBody Embedding,
    EventQualityBody Quality, IReadOnlyList<string> Responsible, string Advice)
{
    internal static DriftReport Of(string name, DriftWindow window) => new(
        name, window.Reference, window.From, window.To, window.Lists, window.Rows, DriftLevels.MinLists, window.Status.ToName(),
        [.. window.Features.Select(DriftHistogramBody.Of)], DriftCategoriesBody.Of(window.Categories),
        DriftHistogramBody.Of(window.Prediction), DriftEmbeddingBody.Of(window.Embedding), EventQualityBody.Of(window.Quality),
        window.Responsible, window.Advice);
}

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

/// <summary>Mix of the places' categories.</summary>
/// <param name="Psi">As of a feature.</param>
/// <param name="Status">As of a feature.</param>
/// <param name="Shares">The largest of the reference first.</param>
public sealed record DriftCategoriesBody(double? Psi, string Status, IReadOnlyList<DriftCategoryBody> Shares)
{
    internal static DriftCategoriesBody Of(CategoryShift shift) => new(
        Rounded.Rate(shift.Shift.Psi), shift.Shift.Status.ToName(),
        [.. shift.Shares.Select(share => new DriftCategoryBody(share.Category, Math.Round(share.Reference, 6), Math.Round(share.Current, 6)))]);
}

/// <summary>A category.</summary>
/// <param name="Category">Its name; <c>other</c> for all that have no row.</param>
/// <param name="Reference">Share of the places then.</param>
/// <param name="Current">Share of the places now.</param>
public sealed record DriftCategoryBody(string Category, double Reference, double Current);

/// <summary>Embeddings of the users.</summary>
/// <param name="Psi">Of the cosines with the reference's mean.</param>
/// <param name="Status">As of a feature.</param>
/// <param name="Rows">Users' embeddings looked at.</param>
/// <param name="MeanShift">Squared distance of the means as a share of the reference's spread.</param>
/// <param name="Edges">Inner edges of the bins of cosines.</param>
/// <param name="Reference">Shares by bin.</param>
/// <param name="Current">Shares by bin.</param>
public sealed record DriftEmbeddingBody(
    double? Psi, string Status, int Rows, double? MeanShift, IReadOnlyList<float> Edges, IReadOnlyList<double> Reference,
    IReadOnlyList<double> Current)
{
    internal static DriftEmbeddingBody Of(EmbeddingShift shift) => new(
        Rounded.Rate(shift.Cosines.Shift.Psi), shift.Cosines.Shift.Status.ToName(), shift.Cosines.Rows, Rounded.Rate(shift.MeanShift),
        shift.Cosines.Edges, DriftHistogramBody.Bins(shift.Cosines.Reference), DriftHistogramBody.Bins(shift.Cosines.Current));
}

/// <summary>Events that came in live.</summary>
/// <param name="Accepted">In the log.</param>
/// <param name="Parked">Wait for their item.</param>
/// <param name="Duplicates">Came before.</param>
/// <param name="Refused">Rejected.</param>
/// <param name="Share">Accepted by all; null when none came.</param>
public sealed record EventQualityBody(long Accepted, long Parked, long Duplicates, long Refused, double? Share)
{
    internal static EventQualityBody Of(EventQuality quality) =>
        new(quality.Accepted, quality.Parked, quality.Duplicates, quality.Refused, Rounded.Rate(quality.Share));
}
