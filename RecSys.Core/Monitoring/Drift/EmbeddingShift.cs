namespace RecSys.Core.Monitoring.Drift;

/// <summary>Embeddings of users.</summary>
/// <param name="Cosines">How near they are to the mean of the reference; its index is what is judged.</param>
/// <param name="MeanShift">
/// Squared distance of the means, without what chance gives, as a share of the spread around the reference's mean: the squared maximum mean
/// discrepancy of a linear kernel (Gretton et al. 2012). Null without a reference or lists.
/// </param>
public sealed record EmbeddingShift(ShiftedHistogram Cosines, double? MeanShift);
