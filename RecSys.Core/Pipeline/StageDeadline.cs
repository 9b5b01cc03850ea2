namespace RecSys.Core.Pipeline;

/// <summary>
/// The time limit of one running stage over a source that is reused from stage to stage, so that a stage that finishes in time
/// costs no allocation, and one that never waits costs no timer.
/// </summary>
internal sealed class StageDeadline : IDisposable
{
    private CancellationTokenSource? source;
    private CancellationTokenRegistration caller;
    private TimeProvider? clock;
    private CancellationToken callerToken;
    private TimeSpan limit = Timeout.InfiniteTimeSpan;
    private long started;
    private bool armed;

    public CancellationToken Token => source!.Token;

    /// <summary>True once the budget is used up. Exact, where the token is some milliseconds late.</summary>
    public bool Passed => limit != Timeout.InfiniteTimeSpan && clock!.GetElapsedTime(started) >= limit;

    public StageDeadline Start(TimeSpan budget, TimeProvider time, CancellationToken cancellationToken)
    {
        (clock, limit, started, callerToken) = (time, budget, time.GetTimestamp(), cancellationToken);
        source ??= new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        return this;
    }

    /// <summary>
    /// From now on the token is cancelled when the budget ends or the caller hangs up. For a stage that did not finish on the request's own
    /// thread.
    /// </summary>
    public void Arm()
    {
        // Timers count whole milliseconds and would round a smaller budget down to "at once".
        if (limit != Timeout.InfiniteTimeSpan)
            source!.CancelAfter(
                TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling((limit - clock!.GetElapsedTime(started)).TotalMilliseconds))));
        caller = callerToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), source);
        armed = true;
    }

    public void Dispose()
    {
        (limit, callerToken) = (Timeout.InfiniteTimeSpan, default);
        if (!armed) return;
        armed = false;
        caller.Dispose();
        if (source!.TryReset()) return;
        source.Dispose();
        source = null;
    }
}
