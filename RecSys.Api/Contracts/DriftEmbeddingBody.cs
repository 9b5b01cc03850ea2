using RecSys.Core.Monitoring.Drift;

namespace RecSys.Api.Contracts;

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
