using RecSys.Api.Hosting.Requests;
using RecSys.Api.Hosting.Telemetry;
using RecSys.Core.Events;

namespace RecSys.Api.Endpoints;

/// <summary>
/// The parameter <c>min_position</c> of reads: a write returns its position in the log, and a read that names it is answered from a state
/// that knows it, or not at all.
/// </summary>
/// <param name="tail">Folds the log; null for a state that stands still, which knows all that it will ever know.</param>
internal sealed class FoldWait(EventTail? tail)
{
    public const string Name = "min_position";

    public const string Description =
        "A position that a write returned: the reply knows everything up to it. Where the server is not there within 250 ms the "
            + "answer is 503 with Retry-After.";

    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    /// <summary>The position asked for; 0 for any.</summary>
    public static long Read(QueryParameters query) => query.Position(Name);

    /// <summary>Waits for the position, where there is something to wait for.</summary>
    /// <returns>The refusal, or null.</returns>
    public async ValueTask<IResult?> WaitAsync(HttpContext http, long position)
    {
        if (tail is null || tail.Position >= position) return null;
        // Nobody waits for what nobody wrote: a made-up position would hold a place for nothing.
        if (position > tail.Position + tail.Unfolded)
        {
            http.Features.Get<RequestClock>()?.Refuse();
            return new RetryLater(Retry, "The log does not reach min_position here; send a position that a write returned.");
        }
        return await tail.WaitAsync(position, Longest, http.RequestAborted)
            ? null : new RetryLater(Retry, "What stands up to min_position in the log does not count yet.");
    }
}
