using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Paging;

/// <summary>A place of a list behind its first page. 16 bytes.</summary>
/// <param name="Item">Number in the catalogue, which lasts as long as the catalogue does.</param>
/// <param name="Score">What the list is ordered by.</param>
/// <param name="Probability">Calibrated click probability; NaN when the item was not ranked.</param>
/// <param name="Sources">Who proposed it.</param>
internal readonly record struct OpenItem(int Item, float Score, float Probability, CandidateSources Sources);
