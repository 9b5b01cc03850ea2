namespace RecSys.Api.Dashboard.Search;

/// <summary>Reply of <c>GET /dashboard/search/users</c>.</summary>
/// <param name="UserIds">In the order of their characters.</param>
public sealed record FoundUsers(IReadOnlyList<string> UserIds);
