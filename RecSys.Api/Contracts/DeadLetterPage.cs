using RecSys.Core.Storage;

namespace RecSys.Api.Contracts;

/// <summary>Reply of <c>GET /events/dead-letters</c>, oldest first.</summary>
/// <param name="Letters">What could not be stored.</param>
/// <param name="NextCursor">Asks for the next page; null on the last.</param>
public sealed record DeadLetterPage(IReadOnlyList<DeadLetterEntry> Letters, string? NextCursor);

/// <summary>A change that could not be handled.</summary>
/// <param name="Number">Names it in <c>POST /events/dead-letters/{number}/replay</c>.</param>
/// <param name="ReceivedAt">When it failed.</param>
/// <param name="Reason">Why.</param>
/// <param name="Content">The change as JSON.</param>
public sealed record DeadLetterEntry(long Number, DateTimeOffset ReceivedAt, string Reason, string Content)
{
    internal static DeadLetterEntry Of(DeadLetter letter) => new(letter.Number, letter.Received, letter.Reason, letter.Content);
}
