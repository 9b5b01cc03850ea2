namespace RecSys.Api.Contracts;

/// <summary>A page of <c>GET /rules/{id}/history</c>.</summary>
/// <param name="Id">The rule.</param>
/// <param name="Changes">The latest first.</param>
/// <param name="NextCursor">Asks for the next page; null on the last.</param>
public sealed record RuleHistoryBody(string Id, IReadOnlyList<RuleChangeBody> Changes, string? NextCursor);

/// <summary>A change of a rule.</summary>
/// <param name="Position">Its place in the log.</param>
/// <param name="Time">When it was stored.</param>
/// <param name="By">Who made it: the subject of the token.</param>
/// <param name="Before">The rule before; null: there was none.</param>
/// <param name="After">The rule after; null: it was removed.</param>
public sealed record RuleChangeBody(long Position, DateTimeOffset Time, string By, RuleBody? Before, RuleBody? After);
