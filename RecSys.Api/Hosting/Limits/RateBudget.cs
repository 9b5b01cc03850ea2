namespace RecSys.Api.Hosting.Limits;

/// <summary>
/// What one client has taken: how many requests are in the server at this moment, and its budget, a token bucket as one number (generic
/// cell rate algorithm, ITU-T I.371): the moment at which the bucket would be full again. Lock-free.
/// </summary>
internal sealed class RateBudget
{
    private long fullAt = long.MinValue;
    private int inside;

    /// <summary>Counts a request in, unless the client has <paramref name="most"/> in the server already.</summary>
    public bool TryEnter(int most)
    {
        if (Interlocked.Increment(ref inside) <= most) return true;
        Interlocked.Decrement(ref inside);
        return false;
    }

    /// <summary>Counts a request out.</summary>
    public void Leave() => Interlocked.Decrement(ref inside);

    /// <summary>Takes one request out of the budget.</summary>
    /// <param name="now">Any monotonic clock.</param>
    /// <param name="cost">Ticks of that clock that one request costs: one over the rate.</param>
    /// <param name="burst">Requests in a full budget.</param>
    /// <returns>0 when there was one, else the ticks until there will be.</returns>
    public long Take(long now, long cost, int burst)
    {
        var most = checked(cost * burst);
        while (true)
        {
            var seen = Volatile.Read(ref fullAt);
            var next = Math.Max(seen, now) + cost;
            if (next - now > most) return next - now - most;
            if (Interlocked.CompareExchange(ref fullAt, next, seen) == seen) return 0;
        }
    }

    /// <summary>True when the budget is full and nothing is in the server, so that forgetting it changes nothing.</summary>
    public bool IsIdle(long now) => Volatile.Read(ref fullAt) <= now && Volatile.Read(ref inside) == 0;
}
