namespace RecSys.Core.Features;

/// <summary>Read access to item vectors by catalogue ordinal.</summary>
public interface IItemEmbeddings
{
    int Dimension { get; }

    /// <summary>
    /// False when the item has no vector (it is newer than the model); a vector has <see cref="Dimension"/> elements and any length.
    /// </summary>
    bool TryGet(int item, out ReadOnlySpan<float> embedding);
}
