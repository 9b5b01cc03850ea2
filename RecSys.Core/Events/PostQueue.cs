using RecSys.Core.Domain;

namespace RecSys.Core.Events;

/// <summary>One change of a commit and the post that it belongs to.</summary>
internal readonly record struct Posted(LogPost Post, int Change)
{
    public LogChange Content => Post.Changes[Change];
}

/// <summary>
/// Posts that wait to be written, in two lanes: live ones, bounded in number and bytes, and those of bulk loads, which come after them.
/// Thread-safe.
/// </summary>
internal sealed class PostQueue(EventOptions options)
{
    // A steady stream of live posts must not keep a bulk load out for ever.
    private const int LiveCommitsBeforeBulk = 8;

    private readonly Lock gate = new();
    private readonly Queue<LogPost> live = new();
    private readonly Queue<LogPost> bulk = new();
    private long changes;
    private long bytes;
    private int liveInARow;
    private bool closed;

    /// <summary>Live changes that wait.</summary>
    public long Waiting => Volatile.Read(ref changes);

    /// <summary>Puts a live post into its lane. One that is larger than the whole queue gets in only while nothing waits.</summary>
    /// <returns>Why not, or null.</returns>
    public LogRefusal? TryAdd(LogPost post)
    {
        lock (gate)
        {
            if (closed) return LogRefusal.Stopping;
            if (changes > 0
                && (changes + post.Changes.Count > options.MaxWaitingChanges || bytes + post.BytesLeft > options.MaxWaitingBytes))
                return LogRefusal.QueueFull;
            changes += post.Changes.Count;
            bytes += post.BytesLeft;
            live.Enqueue(post);
            return null;
        }
    }

    /// <summary>Puts a post of a bulk load into its lane; whoever loads in bulk bounds how many wait.</summary>
    public LogRefusal? TryAddBulk(LogPost post)
    {
        lock (gate)
        {
            if (closed) return LogRefusal.Stopping;
            bulk.Enqueue(post);
            return null;
        }
    }

    /// <summary>Takes what goes into the next commit.</summary>
    /// <param name="into">Emptied and filled.</param>
    /// <param name="bulkChanges">Most changes of bulk loads; 0 while they pause.</param>
    /// <returns>True when the changes are those of a bulk load.</returns>
    public bool Take(List<Posted> into, int bulkChanges)
    {
        into.Clear();
        lock (gate)
        {
            if (bulkChanges > 0 && bulk.Count > 0 && (live.Count == 0 || liveInARow >= LiveCommitsBeforeBulk))
            {
                liveInARow = 0;
                Take(bulk, into, bulkChanges);
                return true;
            }
            liveInARow++;
            Take(live, into, options.CommitChanges);
            foreach (var posted in into) bytes -= posted.Post.Sizes[posted.Change];
            changes -= into.Count;
            return false;
        }
    }

    /// <summary>True when something waits that may be written now.</summary>
    public bool HasWork(bool bulkToo)
    {
        lock (gate) return live.Count > 0 || (bulkToo && bulk.Count > 0);
    }

    /// <summary>Takes everything out.</summary>
    public LogPost[] TakeAll()
    {
        lock (gate)
        {
            LogPost[] all = [.. live, .. bulk];
            live.Clear();
            bulk.Clear();
            (changes, bytes) = (0, 0);
            return all;
        }
    }

    /// <summary>Takes no more posts; those that wait can still be taken.</summary>
    public void Close()
    {
        lock (gate) closed = true;
    }

    // A post whose caller has gone, or has had a failure, is left out.
    private void Take(Queue<LogPost> lane, List<Posted> into, int most)
    {
        var size = 0L;
        while (into.Count < most && lane.TryPeek(out var post))
        {
            while (post.Left > 0 && into.Count < most && !post.IsAnswered)
            {
                var next = post.Sizes[post.Next];
                if (into.Count > 0 && size + next > options.CommitBytes) return;
                size += next;
                into.Add(new Posted(post, post.Next));
                post.Take();
            }
            if (post.Left > 0 && !post.IsAnswered) return;
            if (lane == live && post.Left > 0)
            {
                changes -= post.Left;
                bytes -= post.BytesLeft;
            }
            lane.Dequeue();
        }
    }
}
