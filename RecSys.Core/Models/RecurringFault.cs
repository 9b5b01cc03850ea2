namespace RecSys.Core.Models;

/// <summary>
/// Decides when a fault that a loop meets again and again is worth a line in the log: at once when the cause is new, then once per
/// interval. Not thread-safe.
/// </summary>
internal sealed class RecurringFault(TimeSpan interval, TimeProvider time)
{
    private string? known;
    private DateTimeOffset logged;
    private int count;

    /// <param name="cause">What is wrong, in words that stay the same as long as the fault does.</param>
    /// <param name="times">How often it was met since the last line, this time included.</param>
    public bool IsDue(string cause, out int times)
    {
        count = cause == known ? count + 1 : 1;
        times = count;
        var now = time.GetUtcNow();
        if (cause == known && now - logged < interval) return false;
        (known, logged, count) = (cause, now, 0);
        return true;
    }

    /// <summary>The fault is over; the next one is new.</summary>
    public void Clear() => known = null;
}
