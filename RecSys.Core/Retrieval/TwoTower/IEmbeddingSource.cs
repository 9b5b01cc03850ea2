namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>Item embeddings wherever they lie.</summary>
public interface IEmbeddingSource
{
    /// <summary>Reads without copying. The span is good as long as the model that it belongs to is leased.</summary>
    /// <returns>False when the item has none.</returns>
    bool TryGet(int item, out ReadOnlySpan<float> embedding);
}
