namespace RecSys.Core.Training.Nightly.Files;

/// <summary>What the rows are, <c>rows.json</c>; their places are in <c>rows.parquet</c>, their values in <c>rows.f32</c>.</summary>
/// <param name="FeatureHash">Hash of the feature catalogue.</param>
/// <param name="Features">Columns.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Offered">Impressions of the window by part; fewer are rows where a limit says so.</param>
/// <param name="Used">Rows by part.</param>
/// <param name="Limits">Why they are fewer than offered, by part, in words.</param>
internal sealed record RowsHeader(
    string FeatureHash, IReadOnlyList<string> Features, int Rows, IReadOnlyDictionary<string, long> Offered,
    IReadOnlyDictionary<string, long> Used, IReadOnlyDictionary<string, string> Limits);
