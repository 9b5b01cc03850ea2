namespace RecSys.Core.Evaluation;

/// <summary>Anything that can order the whole catalogue for a user. Scoring is safe from several threads at once.</summary>
public interface IRecommender
{
    /// <summary>
    /// Name of the row in an <see cref="EvaluationReport"/>: <c>random</c>, <c>popular</c>, <c>item-knn</c>, <c>retrieval</c> or
    /// <c>two-stage</c>.
    /// </summary>
    string Name { get; }

    /// <summary>Writes one score per item, higher is better; every element is overwritten.</summary>
    /// <param name="user">Ordinal of the user; -1 when unknown.</param>
    /// <param name="history">Item ordinals the user has consumed, oldest first; may be empty.</param>
    /// <param name="scores">Indexed by item ordinal, as long as the catalogue. NaN or negative infinity: never recommend.</param>
    void Score(int user, ReadOnlySpan<int> history, Span<float> scores);
}
