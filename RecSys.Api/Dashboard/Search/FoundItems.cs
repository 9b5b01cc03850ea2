namespace RecSys.Api.Dashboard.Search;

/// <summary>Reply of <c>GET /dashboard/search/items</c>.</summary>
/// <param name="Items">In the order in which they were first stored; one whose id is the text comes first.</param>
/// <param name="NextCursor">Goes on with the search, also where nothing was found so far; null when all were looked at.</param>
public sealed record FoundItems(IReadOnlyList<FoundItem> Items, string? NextCursor);
