namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>What one setting of the search parameter gives.</summary>
/// <param name="Value">Of <c>nprobe</c> or <c>efSearch</c>; 0 where the kind has none.</param>
/// <param name="Recall">Mean share of the true neighbours found.</param>
/// <param name="StandardError">Of that mean.</param>
/// <param name="Milliseconds">Median time of a search on one thread.</param>
public sealed record OperatingPoint(int Value, double Recall, double StandardError, double Milliseconds);
