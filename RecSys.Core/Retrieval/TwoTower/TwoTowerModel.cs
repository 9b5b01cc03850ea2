namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>What training leaves behind and serving needs; holds no native memory.</summary>
public sealed class TwoTowerModel
{
    /// <summary>Items x Dimension, row-major, L2-normalised; the row is the item's ordinal in the catalogue that was trained on.</summary>
    public required float[] ItemEmbeddings { get; init; }

    public required UserTower UserTower { get; init; }

    /// <summary>Embeds items that come later; null for towers that were not trained.</summary>
    public ItemTower? ItemTower { get; init; }

    /// <summary>By row of <see cref="ItemEmbeddings"/>; null without <see cref="ItemTower"/>.</summary>
    public IdTable? Ids { get; init; }

    /// <summary>The epoch whose weights these are.</summary>
    public required TowerEpoch BestEpoch { get; init; }

    /// <summary>All epochs in order.</summary>
    public required IReadOnlyList<TowerEpoch> Epochs { get; init; }

    /// <summary>
    /// How much the log told of each item and which settings that led to, for a person; empty for towers that were not trained.
    /// </summary>
    public string Settings { get; init; } = "";

    /// <summary>Of the softmax that it was trained with; 0 for towers that were not trained.</summary>
    public double Temperature { get; init; }

    /// <summary>True where the log told little of each item, see <see cref="TowerDefaults"/>.</summary>
    public bool SparseLog { get; init; }

    /// <summary>Entries that an epoch predicted; 0 where nothing was trained or it is not known.</summary>
    public long Targets { get; init; }

    /// <summary>
    /// The settings that it was trained with, those filled in that were left open; null for towers that were not trained.
    /// </summary>
    public TwoTowerOptions? Used { get; init; }

    public int Dimension => UserTower.Dimension;
}
