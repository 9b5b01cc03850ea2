namespace RecSys.Core.Ranking;

/// <summary>Rows to train or validate a ranker on.</summary>
public sealed record RankerDataset
{
    /// <summary>Row-major, <see cref="Rows"/> × <see cref="Features"/>; NaN means missing.</summary>
    public required float[] Values { get; init; }
    public required int Rows { get; init; }
    public required int Features { get; init; }
    /// <summary>One per row: 0 or 1 for a binary objective, a grade from 0 to 30 for lambdarank.</summary>
    public required float[] Labels { get; init; }
    /// <summary>One per row, finite and not negative; null weighs every row 1.</summary>
    public float[]? Weights { get; init; }
    /// <summary>Index in the log of the impression that each row is of; null where rows are of none.</summary>
    public int[]? Events { get; init; }
    /// <summary>Rows per list, in row order, adding up to <see cref="Rows"/>; lambdarank needs them.</summary>
    public int[]? GroupSizes { get; init; }
    /// <summary>Zero-based position at which each row was shown; lambdarank takes the effect of the position out of the model.</summary>
    public int[]? Positions { get; init; }
}
