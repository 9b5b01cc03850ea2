namespace RecSys.Api.Contracts;

/// <summary>Body of <c>POST /rules:preview</c>; everything may be left out. For the OpenAPI document.</summary>
/// <param name="Rules">New rules, and others for those that have their ids; at most 500.</param>
/// <param name="Remove">Ids of rules that are left away; at most 500.</param>
/// <param name="From">Requests from then on are repeated; a day before the end when left out.</param>
/// <param name="To">Requests before then are repeated; now when left out.</param>
/// <param name="Lists">How many of them, 1 to 1000; 200 when left out.</param>
public sealed record RulePreviewRequest(
    IReadOnlyList<RuleRequest>? Rules = null,
    IReadOnlyList<string>? Remove = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    int? Lists = null);
