using RecSys.Core.Features;
using RecSys.Core.Retrieval.Neighbours;

namespace RecSys.Core.Training.Towers;

/// <summary>
/// Stage 1 of a model in front of a log: what features and candidate search need of it, whether it was trained just now or serves already.
/// Rows are item ordinals of the log's catalogue.
/// </summary>
internal interface ITowerView : IItemEmbeddings, IItemTransitions, IItemNeighbours, INeighbourModel
{
    /// <inheritdoc cref="IItemNeighbours.ReadNeighbours"/>
    new int ReadNeighbours(int item, Span<int> neighbours, Span<float> similarities);

    /// <summary>The user's embedding from its state; without history by profile and context alone, as in serving.</summary>
    /// <param name="user">Ordinal in the log's directory.</param>
    /// <param name="state">What is known; null: nothing.</param>
    /// <param name="device">Code of the request's device.</param>
    /// <param name="location">Code of the request's location.</param>
    /// <param name="output">Gets <see cref="IItemEmbeddings.Dimension"/> floats.</param>
    void Embed(int user, UserState? state, byte device, byte location, Span<float> output);

    /// <summary>The nearest items, best first, as many as <paramref name="items"/> is long where there are so many.</summary>
    /// <returns>How many were found.</returns>
    int Search(ReadOnlySpan<float> embedding, Span<long> items, Span<float> scores);
}
