namespace RecSys.Core.Events;

/// <summary>
/// Who waits for a position to be folded. Readers wait each for a time of its own; posts, of which there are many, all wait equally long
/// and are answered by whoever folds, so that one costs neither a timer nor a second wake-up. Thread-safe.
/// </summary>
internal sealed class FoldWaiters : IDisposable
{
    private readonly LiveState state;
    private readonly TimeProvider time;
    private readonly TimeSpan longest;
    private readonly ITimer timer;
    private readonly Lock gate = new();
    private readonly Queue<(LogPost Post, long Position, long Since)> posts = new();
    private readonly List<LogPost> done = [];
    private TaskCompletionSource advanced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool ticking;

    /// <param name="state">Whose position is waited for.</param>
    /// <param name="time">The clock.</param>
    /// <param name="longest">How long posts wait.</param>
    public FoldWaiters(LiveState state, TimeProvider time, TimeSpan longest)
    {
        (this.state, this.time, this.longest) = (state, time, longest);
        timer = time.CreateTimer(
            static waiters => ((FoldWaiters)waiters!).Expire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Waits until a position is folded.</summary>
    /// <returns>False when the time was not enough.</returns>
    public async ValueTask<bool> WaitAsync(long position, TimeSpan timeout, CancellationToken ct)
    {
        if (state.Position >= position) return true;
        var started = time.GetTimestamp();
        while (true)
        {
            var next = Volatile.Read(ref advanced).Task;
            if (state.Position >= position) return true;
            var left = timeout - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero) return false;
            try
            {
                await next.WaitAsync(left, time, ct);
            }
            catch (TimeoutException)
            {
                return state.Position >= position;
            }
        }
    }

    /// <summary>Answers a post, which is written up to the position, once that is folded, or when its time is over.</summary>
    public void Add(LogPost post, long position)
    {
        lock (gate)
        {
            if (state.Position < position && longest > TimeSpan.Zero)
            {
                posts.Enqueue((post, position, time.GetTimestamp()));
                if (ticking) return;
                ticking = timer.Change(longest, Timeout.InfiniteTimeSpan);
                return;
            }
        }
        post.Complete();
    }

    /// <summary>Tells all who wait that the state has moved on.</summary>
    public void Advance()
    {
        Release(TimeSpan.MaxValue);
        Interlocked.Exchange(ref advanced, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    public void Dispose()
    {
        timer.Dispose();
        Release(TimeSpan.Zero);
    }

    private void Expire()
    {
        Release(longest);
        lock (gate)
        {
            // Those that came since the timer was set have waited for less.
            if (!posts.TryPeek(out var next))
            {
                ticking = false;
                return;
            }
            var left = longest - time.GetElapsedTime(next.Since);
            ticking = timer.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    // Posts stand in the order of their commits. A duplicate, whose position is an earlier one, waits no longer than who stands before it.
    private void Release(TimeSpan over)
    {
        LogPost[] free;
        lock (gate)
        {
            if (posts.Count == 0) return;
            var folded = state.Position;
            while (posts.TryPeek(out var next) && (next.Position <= folded || time.GetElapsedTime(next.Since) >= over))
                done.Add(posts.Dequeue().Post);
            free = [.. done];
            done.Clear();
        }
        foreach (var post in free) post.Complete();
    }
}
