namespace RecSys.Api.Dashboard.Search;

/// <summary>One event of a user.</summary>
/// <param name="Position">Its place in the log.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Type">What happened.</param>
/// <param name="ItemId">With which item.</param>
/// <param name="Title">Title of the item as of now.</param>
/// <param name="RequestId">The request that showed it.</param>
public sealed record UserHistoryEvent(long Position, DateTimeOffset Time, string Type, string ItemId, string? Title, string? RequestId);
