namespace RecSys.Core.Domain;

/// <summary>One answered request, as logged after the response.</summary>
public sealed record ServedList
{
    public required string RequestId { get; init; }
    public required string UserId { get; init; }
    public required DateTimeOffset Time { get; init; }
    public required string ModelVersion { get; init; }
    public required string Variant { get; init; }
    /// <summary>Fallback level and failed parts; empty when the answer is fully personalised.</summary>
    public IReadOnlyList<string> Degraded { get; init; } = [];
    public required double LatencyMs { get; init; }
    public string? Device { get; init; }
    public string? Location { get; init; }
    public required IReadOnlyList<ServedListItem> Items { get; init; }
}

/// <summary>One position of a served list.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="Position">Zero-based.</param>
/// <param name="Score">Final score, 0 to 1 when calibrated.</param>
/// <param name="Propensity">Probability with which the policy shows the item at this position; 1 for a deterministic policy.</param>
public sealed record ServedListItem(string ItemId, int Position, double Score, double Propensity);
