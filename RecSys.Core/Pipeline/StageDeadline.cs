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
    private TimeSpan patience = Timeout.InfiniteTimeSpan;
    private long started;
    private bool armed;

    public CancellationToken Token => source!.Token;

    /// <summary>True once the time for work is used up. Exact, where the token is some milliseconds late.</summary>
    public bool Passed => patience != Timeout.InfiniteTimeSpan && clock!.GetElapsedTime(started) >= patience;

    /// <param name="budget">For waiting: the token is cancelled when it ends.</param>
    /// <param name="patience">For work, which <see cref="Passed"/> tells: the budget, or more where stages before left some of
    /// theirs.</param>
    /// <param name="time">Clock of both.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public StageDeadline Start(TimeSpan budget, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        (clock, limit, this.patience, started, callerToken) = (time, budget, patience, time.GetTimestamp(), cancellationToken);
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
        (limit, patience, callerToken) = (Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan, default);
        if (!armed) return;
        armed = false;
        caller.Dispose();
        if (source!.TryReset()) return;
        source.Dispose();
        source = null;
    }
}
