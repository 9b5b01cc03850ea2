namespace RecSys.Core.Monitoring.Alerts.Sources;

/// <summary>
/// The share of the last minutes of two counters that only grow: of what was counted, how much was bad. One reading a look, so its memory
/// is bounded by the window. Not thread-safe.
/// </summary>
/// <param name="read">All, and the bad ones among them, since the start.</param>
/// <param name="window">Length of the window.</param>
/// <param name="least">With fewer in the window there is nothing to judge.</param>
/// <param name="time">The clock.</param>
internal sealed class ReplyWindow(Func<(long All, long Bad)> read, TimeSpan window, long least, TimeProvider time)
{
    private readonly Queue<(DateTimeOffset At, long All, long Bad)> readings = new();

    public AlertReading? Read()
    {
        var now = time.GetUtcNow();
        var (all, bad) = read();
        readings.Enqueue((now, all, bad));
        // Readings from later than now were taken before the clock was set back.
        while (readings.Count > 1 && (now - readings.Peek().At > window || readings.Peek().At > now)) readings.Dequeue();
        var first = readings.Peek();
        return all - first.All >= least ? new AlertReading((double)(bad - first.Bad) / (all - first.All)) : null;
    }
}
