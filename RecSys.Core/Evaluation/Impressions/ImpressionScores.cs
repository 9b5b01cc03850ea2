namespace RecSys.Core.Evaluation.Impressions;

/// <summary>What one model makes of the impressions of a test part.</summary>
/// <param name="Model">Name of its row.</param>
/// <param name="Knows">What it knew when it was asked.</param>
/// <param name="Scores">One per impression, higher is better; no NaN.</param>
/// <param name="Probabilities">Of a click, one per impression; null where it gives none.</param>
public sealed record ImpressionScores(string Model, Knowledge Knows, float[] Scores, float[]? Probabilities = null);
