namespace RecSys.Core.Domain;

/// <summary>The features of one answered request as they were when its candidates were ranked, with what a replay needs to compute them again.</summary>
public sealed record ServedFeatures
{
    public required string RequestId { get; init; }
    public required string UserId { get; init; }

    /// <summary>When the request arrived.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The moment that features and windows referred to; differs from <see cref="Time"/> on a log that ended long ago.</summary>
    public required DateTimeOffset FeatureTime { get; init; }

    /// <summary>The bundle whose embeddings were used.</summary>
    public required string ModelVersion { get; init; }

    /// <summary>Hash of the feature catalogue that names the columns of <see cref="ServedFeatureRow.Values"/>.</summary>
    public required string CatalogueHash { get; init; }
    public string? Device { get; init; }
    public string? Location { get; init; }

    /// <summary>The events that the state held.</summary>
    public required FoldMark Fold { get; init; }

    /// <summary>The served items by position.</summary>
    public required IReadOnlyList<ServedFeatureRow> Rows { get; init; }
}

/// <summary>One served item.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="RetrievalScore">Score of the first stage; NaN when there was none.</param>
/// <param name="RetrievalRank">Zero-based rank in the first stage; -1 when unknown.</param>
/// <param name="Values">One value per feature of the catalogue, in its order; NaN for missing.</param>
public sealed record ServedFeatureRow(string ItemId, float RetrievalScore, int RetrievalRank, float[] Values);
