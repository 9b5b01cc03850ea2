namespace RecSys.Core.Evaluation;

/// <summary>Anything that can order the whole catalogue for a user. Scoring is safe from several threads at once.</summary>
public interface IRecommender
{
    /// <summary>Name of the row in an <see cref="EvaluationReport"/>, such as <c>popular</c> or <c>retrieval</c>.</summary>
    string Name { get; }

    /// <summary>What it makes use of when it is asked.</summary>
    Knowledge Knows { get; }

    /// <summary>Writes one score per item, higher is better; every element is overwritten.</summary>
    /// <param name="query">Who asks, and when.</param>
    /// <param name="scores">Indexed by item ordinal, as long as the catalogue. NaN or negative infinity: never recommend.</param>
    void Score(in RankingQuery query, Span<float> scores);
}
