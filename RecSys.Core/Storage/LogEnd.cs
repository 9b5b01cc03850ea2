namespace RecSys.Core.Storage;

/// <summary>Where the bulk of a log ends.</summary>
internal static class LogEnd
{
    // So many stragglers are few: a thousandth of the events, in small logs a hundredth, at most ten.
    private static double Few(double events) => Math.Max(0.001 * events, Math.Min(10, 0.01 * events));

    /// <summary>
    /// The last moment, Unix milliseconds, behind which a window of that length is not nearly empty. What is passed over on the way is few
    /// in all: a sparse log, of which every window is nearly empty, ends with its last event. Null without events.
    /// </summary>
    /// <param name="moments">Times, latest first, with the number of events that happened then.</param>
    /// <param name="windowMs">Length of the window.</param>
    internal static long? Find(IReadOnlyList<(long TimeMs, long Count)> moments, long windowMs)
    {
        if (moments.Count == 0) return null;
        var few = Few(moments.Sum(moment => (double)moment.Count));
        var (first, passed) = (0, 0L);
        while (true)
        {
            var (inside, next) = (0L, first);
            while (next < moments.Count && moments[next].TimeMs > moments[first].TimeMs - windowMs) inside += moments[next++].Count;
            if (inside > few || next == moments.Count) return moments[first].TimeMs;
            passed += inside;
            if (passed > few) return moments[0].TimeMs;
            first = next;
        }
    }
}
