namespace RecSys.Core.Recommendations;

/// <summary>
/// A value that the request which finds it old computes anew, while other requests go on with the old one. Only the very first computation makes
/// others wait.
/// </summary>
internal sealed class Refreshed<T>(Func<T> compute, TimeSpan maxAge, TimeProvider time) where T : class
{
    private readonly Lock refreshing = new();
    private volatile Entry? entry;

    public T Current()
    {
        var known = entry;
        if (known is null) refreshing.Enter();
        else if (time.GetElapsedTime(known.At) < maxAge || !refreshing.TryEnter()) return known.Value;
        try
        {
            // Another request may have been here meanwhile.
            if (entry is { } latest && latest != known) return latest.Value;
            var next = new Entry(compute(), time.GetTimestamp());
            entry = next;
            return next.Value;
        }
        finally
        {
            refreshing.Exit();
        }
    }

    private sealed record Entry(T Value, long At);
}
