namespace RecSys.Core.Features;

/// <summary>What users turn to after an item, by item ordinal.</summary>
public interface IItemTransitions
{
    /// <summary>Items that follow an item and how strongly, in no particular order.</summary>
    /// <param name="item">Ordinal.</param>
    /// <param name="followers">Gets ordinals; <see cref="MaxFollowers"/> long.</param>
    /// <param name="weights">Gets as many weights, above 0.</param>
    /// <returns>How many there are.</returns>
    int Read(int item, Span<int> followers, Span<float> weights);

    /// <summary>False where the model has no such table: the features are then unknown instead of 0.</summary>
    bool HasTransitions { get; }

    /// <summary>Most followers of an item.</summary>
    int MaxFollowers { get; }
}
