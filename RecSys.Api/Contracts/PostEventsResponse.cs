namespace RecSys.Api.Contracts;

/// <summary>Reply of <c>POST /events</c>: what became of each event, in the order of the request.</summary>
/// <param name="Accepted">Events that are in the log now, or wait beside it for their item.</param>
/// <param name="Duplicate">Events whose id was known; they changed nothing.</param>
/// <param name="Rejected">Events that were not taken; the <c>code</c> of each says why.</param>
/// <param name="Position">The log's position behind the last of them; pass it as <c>min_position</c> to see their effect. 0 when none of
/// them is in the log.</param>
/// <param name="Folded">True when everything up to that position counts already.</param>
/// <param name="Events">One per event.</param>
public sealed record PostEventsResponse(int Accepted, int Duplicate, int Rejected, long Position, bool Folded,
    IReadOnlyList<PostedEvent> Events);
