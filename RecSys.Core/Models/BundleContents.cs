using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Ranking.Calibration;
using RecSys.Core.Retrieval.ItemTables;
using RecSys.Core.Retrieval.Neighbours;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Retrieval.VectorSearch;

namespace RecSys.Core.Models;

/// <summary>Everything that training hands over to become a bundle.</summary>
public sealed record BundleContents
{
    /// <summary>One per row of <see cref="Embeddings"/>; distinct.</summary>
    public required IReadOnlyList<string> ItemIds { get; init; }

    /// <summary>[items × <see cref="UserTower.Dimension"/>], row-major; rows of unit length.</summary>
    public required ReadOnlyMemory<float> Embeddings { get; init; }
    /// <summary>
    /// Index over <see cref="Embeddings"/>, which stays the caller's. A FAISS one is stored and its figures join <see cref="Metrics"/> and
    /// <see cref="Options"/>; without one, the exact index serves.
    /// </summary>
    public BuiltIndex? Index { get; init; }
    public required UserTower UserTower { get; init; }

    /// <summary>Embeds items that come later; null: such items are found by the other sources only.</summary>
    public ItemTower? ItemTower { get; init; }

    /// <summary>By row of <see cref="Embeddings"/>; null: known items keep their embedding when their content changes.</summary>
    public IdTable? Ids { get; init; }

    /// <summary>By row of <see cref="Embeddings"/>; null: the bundle gets none.</summary>
    public ItemTable? Transitions { get; init; }

    /// <summary>By row of <see cref="Embeddings"/>; null: item-kNN proposes nothing.</summary>
    public NeighbourSource? Neighbours { get; init; }

    /// <summary>LightGBM's text model, its feature names those of <see cref="Catalogue"/>.</summary>
    public required string RankerText { get; init; }
    public required ICalibrator Calibrator { get; init; }

    /// <summary>See <see cref="BundleManifest.RetrievalWeight"/>.</summary>
    public double RetrievalWeight { get; init; }
    public required FeatureCatalogue Catalogue { get; init; }

    /// <summary>Histograms of the training features as JSON.</summary>
    public string FeatureReferenceJson { get; init; } = "{}";

    /// <summary>What the ranker leans on; null: no importance file is written.</summary>
    public RankerImportance? Importance { get; init; }
    public required TrainingWindow TrainingWindow { get; init; }

    /// <summary>See <see cref="BundleManifest.LogPosition"/>.</summary>
    public long? LogPosition { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public string GitCommit { get; init; } = "unknown";
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>Real users to check the bundle with at every load; empty: a few seeded ones.</summary>
    public IReadOnlyList<GoldenInput> GoldenUsers { get; init; } = [];

    /// <summary>Rows with their items, to check <see cref="ItemTower"/> with at every load; a few are enough.</summary>
    public IReadOnlyList<(int Row, Item Item)> GoldenItems { get; init; } = [];

    /// <summary>Real feature rows to check the bundle with at every load; empty: a few seeded ones.</summary>
    public IReadOnlyList<float[]> GoldenFeatures { get; init; } = [];
}
