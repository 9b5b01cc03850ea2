namespace RecSys.Api.Dashboard.Search;

/// <summary>Reply of <c>GET /dashboard/users/{id}/history</c>.</summary>
/// <param name="UserId">As asked for.</param>
/// <param name="Events">The latest, newest first.</param>
public sealed record UserHistory(string UserId, IReadOnlyList<UserHistoryEvent> Events);
