namespace RecSys.Api.Contracts;

/// <summary>Reply of <c>GET /models/{version}</c>.</summary>
/// <param name="Model">The version.</param>
/// <param name="Signature"><c>valid</c>, <c>missing</c>, <c>unchecked</c> or <c>wrong</c>; null where there is no bundle.</param>
/// <param name="Options">Settings that it was trained with.</param>
/// <param name="History">Who changed its state when and why, newest first.</param>
public sealed record ModelDetails(
    ModelBody Model, string? Signature, IReadOnlyDictionary<string, string>? Options, IReadOnlyList<ModelHistoryEntry> History);
