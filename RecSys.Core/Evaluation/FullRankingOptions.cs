namespace RecSys.Core.Evaluation;

/// <summary>How <see cref="FullRanking"/> measures.</summary>
public sealed record FullRankingOptions
{
    /// <summary>False: predict the test item from everything before it. True: predict the validation item, for tuning.</summary>
    public bool Validation { get; init; }

    /// <summary>At most so many choices are ranked, drawn evenly from all: enough to choose settings by.</summary>
    public int MaxChoices { get; init; } = int.MaxValue;

    public TiePolicy Ties { get; init; } = TiePolicy.Pessimistic;

    /// <summary>Length of the lists that coverage, Gini and novelty look at.</summary>
    public int ListLength { get; init; } = 10;

    /// <summary>Threads; 0 for one per core.</summary>
    public int Threads { get; init; }
}
