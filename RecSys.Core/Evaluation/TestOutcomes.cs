using RecSys.Core.Domain;
using RecSys.Core.Evaluation.Impressions;

namespace RecSys.Core.Evaluation;

/// <summary>What a protocol found out, row by row: the figures of its report follow from it, and so can anybody's own.</summary>
/// <param name="Log">The log that was tested on.</param>
/// <param name="Choices">Indexes of the events that were to be told.</param>
/// <param name="Ranked">Of each model the ranks of these, in their order.</param>
public sealed record TestOutcomes(InteractionLog Log, int[] Choices, IReadOnlyList<FullRankingResult> Ranked)
{
    /// <summary>
    /// Name of the baseline to beat by the ranks, the one with the best NDCG@10 on validation; null where validation has nothing to tell.
    /// </summary>
    public string? BaselineToBeat { get; init; }

    /// <summary>Impressions of the test part; null where they were not judged.</summary>
    public ImpressionSet? Impressions { get; init; }

    /// <summary>Of each model what it makes of the impressions.</summary>
    public IReadOnlyList<ImpressionScores> Judged { get; init; } = [];
}
