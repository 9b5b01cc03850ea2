using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Events;

/// <summary>Changes of one caller on their way into the log, with the place where the caller waits.</summary>
/// <param name="changes">What to append.</param>
/// <param name="untilFolded">True for a caller who wants to wait a moment until the effect is folded.</param>
internal sealed class LogPost(IReadOnlyList<LogChange> changes, bool untilFolded = false)
{
    private readonly TaskCompletionSource<IReadOnlyList<AppendResult>> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AppendResult[] results = new AppendResult[changes.Count];
    private int answered;

    public IReadOnlyList<LogChange> Changes => changes;

    /// <summary>Bytes of each change, about.</summary>
    public int[] Sizes { get; } = SizesOf(changes);

    /// <summary>Bytes of all changes that no commit has taken yet, about.</summary>
    public long BytesLeft
    {
        get
        {
            var bytes = 0L;
            for (var i = Next; i < Sizes.Length; i++) bytes += Sizes[i];
            return bytes;
        }
    }

    /// <summary>Changes that no commit has taken yet.</summary>
    public int Left => changes.Count - Next;

    /// <summary>The first of them.</summary>
    public int Next { get; private set; }

    public bool UntilFolded => untilFolded;

    public Task<IReadOnlyList<AppendResult>> Done => done.Task;

    /// <summary>True once it is known what became of all changes, or the caller has gone.</summary>
    public bool IsAnswered => answered == results.Length || done.Task.IsCompleted;

    /// <summary>Takes the next change off; it is the caller's of a commit now.</summary>
    public void Take() => Next++;

    /// <summary>Notes what became of a change. With the last one <see cref="Complete"/> is due.</summary>
    /// <returns>True with the last one.</returns>
    public bool Answer(int change, AppendResult result)
    {
        results[change] = result;
        return ++answered == results.Length;
    }

    /// <summary>Lets the caller go on.</summary>
    public void Complete() => done.TrySetResult(results);

    public void Fail(Exception why) => done.TrySetException(why);

    /// <summary>The caller has gone.</summary>
    public void Cancel(CancellationToken ct) => done.TrySetCanceled(ct);

    /// <summary>The last position of what is in the log now.</summary>
    public long LastPosition()
    {
        var last = 0L;
        foreach (var result in results) last = Math.Max(last, result.Position);
        return last;
    }

    private static int[] SizesOf(IReadOnlyList<LogChange> changes)
    {
        var sizes = new int[changes.Count];
        for (var i = 0; i < sizes.Length; i++) sizes[i] = ChangeSize.Of(changes[i]);
        return sizes;
    }
}
