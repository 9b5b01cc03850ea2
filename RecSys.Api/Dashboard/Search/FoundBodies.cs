namespace RecSys.Api.Dashboard.Search;

/// <summary>Reply of <c>GET /dashboard/search/items</c>.</summary>
/// <param name="Items">In the order in which they were first stored; one whose id is the text comes first.</param>
/// <param name="NextCursor">Goes on with the search, also where nothing was found so far; null when all were looked at.</param>
public sealed record FoundItems(IReadOnlyList<FoundItem> Items, string? NextCursor);

/// <summary>An item that was found.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="Title">Its title.</param>
/// <param name="Category">Its primary category.</param>
/// <param name="Servable">False: in no reply.</param>
public sealed record FoundItem(string ItemId, string Title, string Category, bool Servable);

/// <summary>Reply of <c>GET /dashboard/search/users</c>.</summary>
/// <param name="UserIds">In the order of their characters.</param>
public sealed record FoundUsers(IReadOnlyList<string> UserIds);

/// <summary>Reply of <c>GET /dashboard/users/{id}/history</c>.</summary>
/// <param name="UserId">As asked for.</param>
/// <param name="Events">The latest, newest first.</param>
public sealed record UserHistory(string UserId, IReadOnlyList<UserHistoryEvent> Events);

/// <summary>One event of a user.</summary>
/// <param name="Position">Its place in the log.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Type">What happened.</param>
/// <param name="ItemId">With which item.</param>
/// <param name="Title">Title of the item as of now.</param>
/// <param name="RequestId">The request that showed it.</param>
public sealed record UserHistoryEvent(long Position, DateTimeOffset Time, string Type, string ItemId, string? Title, string? RequestId);
