namespace RecSys.Core.Features;

/// <summary>One row to compute.</summary>
/// <param name="Item">Ordinal of the item.</param>
/// <param name="RetrievalScore">Score of the first stage; NaN when unknown.</param>
/// <param name="RetrievalRank">Zero-based rank in the first stage; -1 when unknown.</param>
/// <param name="Position">Position at which the item was shown, for training rows; serving leaves -1, which reads as position 0.</param>
public readonly record struct CandidateInput(int Item, float RetrievalScore = float.NaN, int RetrievalRank = -1, int Position = -1);
