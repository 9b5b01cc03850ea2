namespace RecSys.Core.Events;

/// <summary>
/// How fast bulk loads go. While the process serves nobody else they go as fast as the fold. Beside requests they take a bounded share of
/// one processor: a small commit, its fold, and a rest in proportion to how long both took, which is longer on a busy machine by itself. Of
/// the writer's loop.
/// </summary>
internal sealed class BulkPace(EventTail tail, EventOptions options, IServedRequests? requests, TimeProvider time)
{
    private const int SmallestCommit = 50;
    // Even on a machine that is busy with something else a load gets on.
    private static readonly TimeSpan LongestRest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestFold = TimeSpan.FromSeconds(1);

    private int changes = options.BulkChanges;
    private long served = requests?.Served ?? 0;
    private long startedAt;
    private long position;
    private TimeSpan rest;
    private long restedFrom;
    private bool folding;

    /// <summary>Most changes of bulk loads that may be committed now; 0 while they rest.</summary>
    public int MostChanges()
    {
        if (tail.Unfolded > options.BulkPauseEntries) return 0;
        if (folding)
        {
            if (tail.Position < position) return 0;
            Fold();
        }
        if (rest > TimeSpan.Zero && time.GetElapsedTime(restedFrom) < rest) return 0;
        rest = TimeSpan.Zero;
        return changes;
    }

    /// <summary>A commit of a bulk load begins.</summary>
    public void Start() => startedAt = time.GetTimestamp();

    /// <summary>It is written, as the last entries that are known of.</summary>
    public void Committed() => (position, folding) = (tail.Position + tail.Unfolded, true);

    /// <summary>Waits until it is worth asking again.</summary>
    public Task RestAsync(CancellationToken ct)
    {
        if (folding) return tail.WaitAsync(position, LongestFold, ct).AsTask();
        var left = rest - time.GetElapsedTime(restedFrom);
        return left > TimeSpan.Zero
            ? Task.Delay(left, time, ct)
            : tail.WaitAsync(tail.Position + 1, TimeSpan.FromMilliseconds(options.BulkCommitMs), ct).AsTask();
    }

    private void Fold()
    {
        folding = false;
        var took = time.GetElapsedTime(startedAt);
        var now = requests?.Served ?? 0;
        var others = now - served;
        served = now;
        var most = others > 0 ? options.BulkBesideMs : options.BulkCommitMs;
        var wanted = took.TotalMilliseconds > most ? changes / 2 : changes * 5 / 4 + 1;
        changes = Math.Clamp(wanted, Math.Min(SmallestCommit, options.BulkChanges), options.BulkChanges);
        if (others == 0) return;
        rest = took * (1 / options.BulkShare - 1);
        if (rest > LongestRest) rest = LongestRest;
        restedFrom = time.GetTimestamp();
    }
}
