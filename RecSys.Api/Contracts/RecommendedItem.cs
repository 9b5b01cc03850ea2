using System.Text.Json.Serialization;

namespace RecSys.Api.Contracts;

/// <summary>One place of the list.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="Title">Its title.</param>
/// <param name="Score">What the list is ordered by, 0 to 1: the ranker's probability, lowered by how far the item is from the user, after
/// the business rules.</param>
/// <param name="Rank">From 1, counted through all pages.</param>
/// <param name="Thumbnail">Address of a picture, or null.</param>
/// <param name="Reasons">Why it is here, what says most about the user first, when asked for with <c>include=reasons</c>.</param>
/// <param name="Propensity">Probability of showing the item at this place, when asked for with <c>include=propensity</c>.</param>
/// <param name="Sources">Who proposed the item, and <c>explored</c> for one that was drawn by chance, with <c>include=reasons</c>.</param>
public sealed record RecommendedItem(
    string ItemId,
    string Title,
    double Score,
    int Rank,
    string? Thumbnail,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<RecommendedReason>? Reasons = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Propensity = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Sources = null);

/// <summary>Why an item is in a list.</summary>
/// <param name="Code">For programs, such as <c>because_you_chose</c>; docs/architecture.md has all.</param>
/// <param name="Text">For people, in English.</param>
/// <param name="ItemId">The item that the text speaks of, where it does.</param>
public sealed record RecommendedReason(
    string Code, string Text, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ItemId = null);
