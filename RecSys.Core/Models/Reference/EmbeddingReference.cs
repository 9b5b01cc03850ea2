namespace RecSys.Core.Models.Reference;

/// <summary>User embeddings, each scaled to length one.</summary>
/// <param name="Mean">Their mean.</param>
/// <param name="Cosines">Of each with the mean.</param>
public sealed record EmbeddingReference(float[] Mean, FeatureHistogram Cosines);
