using RecSys.Api.Hosting.Requests;
using RecSys.Core.Events;
using RecSys.Core.Storage;

namespace RecSys.Api.Endpoints;

/// <summary>
/// The parameter <c>min_position</c> of reads: a write returns its position in the log, and a read that names it is answered from a state
/// that knows it, or not at all. A position that no write returned is the caller's fault and waits for nothing.
/// </summary>
/// <param name="tail">Folds the log; null for a state that stands still, which knows all that it will ever know.</param>
/// <param name="log">The log of <paramref name="tail"/>, which other processes may have written to meanwhile.</param>
/// <param name="time">The machine's clock.</param>
internal sealed class FoldWait(EventTail? tail, IEventLog? log, TimeProvider time) : IDisposable
{
    public const string Name = "min_position";

    public const string Description =
        "A position that a write returned: the reply knows everything up to it. Where the server is not there within 250 ms the "
            + "answer is 503 with Retry-After; where the log does not have the position at all, 400.";

    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim looking = new(1, 1);
    private long looked = -1;
    private long end;

    /// <summary>The position asked for; 0 for any.</summary>
    public static long Read(QueryParameters query) => query.Position(Name);

    /// <summary>Waits for the position, where there is something to wait for.</summary>
    /// <returns>The refusal, or null.</returns>
    /// <exception cref="Core.Domain.RecSysException">The store cannot be read.</exception>
    public async ValueTask<IResult?> WaitAsync(HttpContext http, long position)
    {
        if (tail is null || tail.Position >= position) return null;
        var began = time.GetTimestamp();
        try
        {
            if (position > tail.Position + tail.Unfolded && position > await EndAsync(began, http.RequestAborted).WaitAsync(
                Longest, time, http.RequestAborted))
            {
                return Problems.BadRequest(new Dictionary<string, string[]>
                {
                    [Name] = ["The log does not have this position; send one that a write returned."],
                });
            }
        }
        catch (TimeoutException)
        {
            return new RetryLater(Retry, "How far the log is cannot be read in time.");
        }
        return await tail.WaitAsync(position, Longest - time.GetElapsedTime(began), http.RequestAborted)
            ? null : new RetryLater(Retry, "What stands up to min_position in the log does not count yet.");
    }

    public void Dispose() => looking.Dispose();

    // One look at a time, which answers all who came before it began: made-up positions must not become as many questions to the store.
    private async Task<long> EndAsync(long since, CancellationToken cancellationToken)
    {
        await looking.WaitAsync(cancellationToken);
        try
        {
            if (looked >= since) return end;
            var now = time.GetTimestamp();
            end = (await log!.ReadHeadAsync(CancellationToken.None)).Position;
            looked = now;
            return end;
        }
        finally
        {
            looking.Release();
        }
    }
}
