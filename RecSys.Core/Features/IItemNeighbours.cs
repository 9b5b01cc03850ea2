namespace RecSys.Core.Features;

/// <summary>Which items the same users took, by item ordinal.</summary>
public interface IItemNeighbours
{
    /// <summary>Items that go with an item and how similar they are, in no particular order.</summary>
    /// <param name="item">Ordinal.</param>
    /// <param name="neighbours">Gets ordinals; <see cref="MaxNeighbours"/> long.</param>
    /// <param name="similarities">Gets as many similarities, above 0.</param>
    /// <returns>How many there are.</returns>
    int ReadNeighbours(int item, Span<int> neighbours, Span<float> similarities);

    /// <summary>False where the model has no such table: the features are then unknown instead of 0.</summary>
    bool HasNeighbours { get; }

    /// <summary>Most neighbours of an item.</summary>
    int MaxNeighbours { get; }
}
