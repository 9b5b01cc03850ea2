namespace RecSys.Api.Contracts;

/// <summary>A list of items that is the same for everybody.</summary>
/// <param name="Items">Best first.</param>
/// <param name="ModelVersion">Version of the bundle that the list comes from; null when no model was involved.</param>
public sealed record ItemListResponse(IReadOnlyList<ListedItem> Items, string? ModelVersion);

/// <summary>One place of the list.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="Title">Its title.</param>
/// <param name="Score">What the list is ordered by: cosine similarity, or the number of positive events.</param>
/// <param name="Rank">From 1.</param>
/// <param name="Thumbnail">Address of a picture, or null.</param>
public sealed record ListedItem(string ItemId, string Title, double Score, int Rank, string? Thumbnail);
