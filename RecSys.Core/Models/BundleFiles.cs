namespace RecSys.Core.Models;

/// <summary>Names of the files of a bundle.</summary>
public static class BundleFiles
{
    /// <summary>Written last: a folder without it is torn.</summary>
    public const string Manifest = "manifest.json";

    /// <summary>Signature of the bytes of <see cref="Manifest"/>, not listed there; absent where nothing was signed.</summary>
    public const string Signature = "manifest.sig";

    /// <summary>[items × dimension] float32, little-endian, row-major, rows of unit length.</summary>
    public const string ItemEmbeddings = "item_embeddings.f32";

    /// <summary>UTF-8, one id per line in row order, every line ended by a line feed.</summary>
    public const string ItemIds = "item_ids";

    /// <summary>In FAISS's own format, ids are rows of the embeddings; absent where the exact index serves.</summary>
    public const string Index = "index.faiss";
    public const string UserTower = "user_tower.safetensors";

    /// <summary>
    /// Embeds items that come after the training; absent in bundles of towers that were not trained and of earlier programs.
    /// </summary>
    public const string ItemTower = "item_tower.safetensors";

    /// <summary>
    /// What training learnt of each id, needed when the content of a known item changes: [items] float32 scales, then [items × dimension]
    /// int16 to be multiplied with them, little-endian; scale 0 where nothing was learnt. Absent without an item tower.
    /// </summary>
    public const string IdVectors = "item_id_vectors.i16";

    /// <summary>What users turn to after each item, rows of the embeddings; absent where nothing was counted.</summary>
    public const string Transitions = "item_transitions.bin";

    /// <summary>Which items the same users took, rows of the embeddings; absent where item-kNN proposes no candidates.</summary>
    public const string Neighbours = "item_neighbours.bin";

    /// <summary>A LightGBM text model.</summary>
    public const string Ranker = "ranker.txt";
    public const string Calibration = "calibration.json";

    /// <summary>Histograms of the training features, for drift.</summary>
    public const string FeatureReference = "feature_reference.json";

    /// <summary>What the ranker leans on, see <see cref="RankerImportance"/>; to read, not needed to serve.</summary>
    public const string Importance = "importance.json";

    /// <summary>Queries with expected results, run at every load.</summary>
    public const string Golden = "golden.json";
}
