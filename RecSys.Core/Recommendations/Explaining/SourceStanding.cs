namespace RecSys.Core.Recommendations.Explaining;

/// <summary>Where an item stands in what a source proposes to a request.</summary>
/// <param name="Source">Name of the source, as candidates have it.</param>
/// <param name="Rank">
/// Zero-based, among what the user may get of it; null where the source does not know the item, or the user may not get it.
/// </param>
/// <param name="Places">Candidates that the source may add; 0 where it was not asked.</param>
/// <param name="Score">What the source orders by; null where the item has none.</param>
/// <param name="LastScore">The same of the last item that it added; null where there is none.</param>
public sealed record SourceStanding(string Source, int? Rank, int Places, double? Score = null, double? LastScore = null);
