namespace RecSys.Core.Pipeline;

/// <summary>
/// The time limit of one running stage over a source that is reused from stage to stage, so that a stage that finishes in time
/// costs no allocation.
/// </summary>
internal sealed class StageDeadline : IDisposable
{
    private CancellationTokenSource? source;
    private CancellationTokenRegistration caller;

    public CancellationToken Token => source!.Token;

    public StageDeadline Start(TimeSpan budget, TimeProvider time, CancellationToken cancellationToken)
    {
        source ??= new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        // Timers count whole milliseconds and would round a smaller budget down to "at once".
        source.CancelAfter(budget == Timeout.InfiniteTimeSpan ? budget : TimeSpan.FromMilliseconds(Math.Ceiling(budget.TotalMilliseconds)));
        caller = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), source);
        return this;
    }

    public void Dispose()
    {
        caller.Dispose();
        if (source!.TryReset()) return;
        source.Dispose();
        source = null;
    }
}
