using RecSys.Core.Models;

namespace RecSys.Api.Contracts;

/// <summary>Reply of <c>GET /models/{version}</c>.</summary>
/// <param name="Model">The version.</param>
/// <param name="Signature"><c>valid</c>, <c>missing</c>, <c>unchecked</c> or <c>wrong</c>; null where there is no bundle.</param>
/// <param name="Options">Settings that it was trained with.</param>
/// <param name="History">Who changed its state when and why, newest first.</param>
public sealed record ModelDetails(
    ModelBody Model, string? Signature, IReadOnlyDictionary<string, string>? Options, IReadOnlyList<ModelHistoryEntry> History)
{
    private const int MostHistory = 100;

    /// <summary>What the registry knows of a version, or null when there is none.</summary>
    /// <param name="registry">Has it.</param>
    /// <param name="found">From the registry.</param>
    /// <param name="pooled">Of a server: what it has in memory.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    internal static async Task<ModelDetails?> ReadAsync(
        ModelRegistry registry, ModelVersion found, PooledModel? pooled, CancellationToken cancellationToken)
    {
        if (found is { Record: null, Condition: BundleCondition.Absent }) return null;
        var signature = found.Condition == BundleCondition.Valid
            ? (await registry.ExamineAsync(found.Version, cancellationToken)).State.ToString().ToLowerInvariant() : null;
        var history = await registry.TransitionsAsync(found.Version, MostHistory, cancellationToken);
        return new ModelDetails(
            ModelBody.Of(found, pooled), signature, found.Manifest?.Options, [.. history.Select(ModelHistoryEntry.Of)]);
    }
}
