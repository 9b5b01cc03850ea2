namespace RecSys.Core.Pipeline;

/// <summary>
/// Lets one report per interval through and counts the others, so that a fault that lasts does not fill the log. Thread-safe.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class OncePerInterval(TimeProvider time)
{
    /// <summary>Time between two reports of one cause.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    // Timestamp from which on the next report is due; 0 before the first.
    private long due;
    private long held;

    /// <summary>Notes one occurrence.</summary>
    /// <param name="unreported">Occurrences since the last report that were held back, this one not counted.</param>
    /// <returns>True when it should be reported.</returns>
    public bool IsDue(out long unreported) => IsDue(1, out unreported);

    /// <summary>The same for several occurrences at once.</summary>
    public bool IsDue(long occurrences, out long unreported)
    {
        var now = Math.Max(1, time.GetTimestamp());
        var known = Volatile.Read(ref due);
        unreported = 0;
        if (now < known
            || Interlocked.CompareExchange(ref due, now + (long)(Interval.TotalSeconds * time.TimestampFrequency), known) != known)
        {
            Interlocked.Add(ref held, occurrences);
            return false;
        }
        unreported = Interlocked.Exchange(ref held, 0);
        return true;
    }
}
