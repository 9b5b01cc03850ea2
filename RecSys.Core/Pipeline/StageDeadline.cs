namespace RecSys.Core.Pipeline;

/// <summary>
/// The time limit of one running stage over a source that is reused from stage to stage, so that a stage that finishes in time
/// costs no allocation.
/// </summary>
internal sealed class StageDeadline : IDisposable
{
    private CancellationTokenSource? source;
    private CancellationTokenRegistration caller;
    private TimeProvider? clock;
    private TimeSpan limit = Timeout.InfiniteTimeSpan;
    private long started;

    public CancellationToken Token => source!.Token;

    /// <summary>True once the budget is used up. Exact, where the token is some milliseconds late.</summary>
    public bool Passed => limit != Timeout.InfiniteTimeSpan && clock!.GetElapsedTime(started) >= limit;

    public StageDeadline Start(TimeSpan budget, TimeProvider time, CancellationToken cancellationToken)
    {
        (clock, limit, started) = (time, budget, time.GetTimestamp());
        source ??= new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        // Timers count whole milliseconds and would round a smaller budget down to "at once".
        source.CancelAfter(budget == Timeout.InfiniteTimeSpan ? budget : TimeSpan.FromMilliseconds(Math.Ceiling(budget.TotalMilliseconds)));
        caller = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), source);
        return this;
    }

    public void Dispose()
    {
        limit = Timeout.InfiniteTimeSpan;
        caller.Dispose();
        if (source!.TryReset()) return;
        source.Dispose();
        source = null;
    }
}
