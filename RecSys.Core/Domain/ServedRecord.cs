namespace RecSys.Core.Domain;

/// <summary>
/// One answered request as it is kept for attribution, off-policy evaluation, next pages and the skew check: an append-only record outside
/// the log, with retention.
/// </summary>
public sealed record ServedRecord
{
    /// <summary>Raised when the stored form changes; older forms stay readable.</summary>
    public const short FormatVersion = 4;

    /// <summary>Most characters that are kept of an expression of the request.</summary>
    public const int MostOfExpression = 1024;

    public required string RequestId { get; init; }

    /// <summary>Who got the list.</summary>
    public required string UserId { get; init; }
    public required DateTimeOffset Time { get; init; }

    /// <summary>Epoch of the log that the world was folded from.</summary>
    public required long Epoch { get; init; }

    /// <summary>Position of the world that the request saw.</summary>
    public required long Position { get; init; }
    public required Assignment Assignment { get; init; }

    /// <summary>Named placement; null for the default one.</summary>
    public string? Scenario { get; init; }
    public string? Device { get; init; }
    public string? Location { get; init; }

    /// <summary>Fallback level and failed parts; empty when nothing failed.</summary>
    public IReadOnlyList<string> Degraded { get; init; } = [];

    /// <summary>Why the list is not personal; null when it is.</summary>
    public string? NotPersonal { get; init; }
    public required double LatencyMs { get; init; }

    /// <summary>The moment that features and windows referred to.</summary>
    public required DateTimeOffset FeatureTime { get; init; }

    /// <summary>Hash of the feature catalogue of the items' features; null where the request was not sampled.</summary>
    public string? CatalogueHash { get; init; }

    /// <summary>
    /// The request's filter as it was sent; of one of more than <see cref="MostOfExpression"/> characters <c>sha256:</c> and the digest of
    /// its UTF-8. Null where it had none, and in records from before format 4.
    /// </summary>
    public string? Filter { get; init; }

    /// <summary>The request's boost, in the same way.</summary>
    public string? Boost { get; init; }

    /// <summary>Names the merchandising rules that were in force; null where there were none.</summary>
    public string? RulesHash { get; init; }

    /// <summary>By position.</summary>
    public required IReadOnlyList<ServedItem> Items { get; init; }
}

/// <summary>One place of a served list.</summary>
public sealed record ServedItem
{
    /// <summary>Number of the item.</summary>
    public required int Item { get; init; }

    /// <summary>Bits of the sources that proposed it.</summary>
    public int Sources { get; init; }

    /// <summary>Score of the first stage; NaN when there was none.</summary>
    public float RetrievalScore { get; init; } = float.NaN;

    /// <summary>Zero-based rank in the first stage; -1 when there was none.</summary>
    public int RetrievalRank { get; init; } = -1;

    /// <summary>What the ranker's heads said, the click probability first; empty when the list was not ranked.</summary>
    public IReadOnlyList<float> Scores { get; init; } = [];

    /// <summary>What the list was ordered by.</summary>
    public double FinalScore { get; init; }

    /// <summary>Zero-based place by the ranker, before the rules; -1 when unknown.</summary>
    public int RankBeforeRules { get; init; } = -1;
    public SlotKind Slot { get; init; }

    /// <summary>Probability with which the policy shows the item at this place; 1 for a deterministic one.</summary>
    public double Propensity { get; init; } = 1;

    /// <summary>Most items in the pools of one record; a pool that does not fit any more is not kept.</summary>
    public const int MostInPools = 1000;

    /// <summary>
    /// Numbers of the items that this one was drawn from, each as likely, itself among them, ascending; null where nothing was drawn or
    /// <see cref="MostInPools"/> was reached.
    /// </summary>
    public IReadOnlyList<int>? Pool { get; init; }

    /// <summary>Features in the order of the catalogue; null where the request was not sampled.</summary>
    public float[]? Features { get; init; }
}
