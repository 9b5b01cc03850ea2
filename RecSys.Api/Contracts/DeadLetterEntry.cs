using RecSys.Core.Storage;

namespace RecSys.Api.Contracts;

/// <summary>A change that could not be handled.</summary>
/// <param name="Number">Names it in <c>POST /events/dead-letters/{number}/replay</c>.</param>
/// <param name="ReceivedAt">When it failed.</param>
/// <param name="Reason">Why.</param>
/// <param name="Content">The change as JSON.</param>
public sealed record DeadLetterEntry(long Number, DateTimeOffset ReceivedAt, string Reason, string Content)
{
    internal static DeadLetterEntry Of(DeadLetter letter) => new(letter.Number, letter.Received, letter.Reason, letter.Content);
}
