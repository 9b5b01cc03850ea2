namespace RecSys.Api.Contracts;

/// <summary>Reply of <c>GET /events/dead-letters</c>, oldest first.</summary>
/// <param name="Letters">What could not be stored.</param>
/// <param name="NextCursor">Asks for the next page; null on the last.</param>
public sealed record DeadLetterPage(IReadOnlyList<DeadLetterEntry> Letters, string? NextCursor);
