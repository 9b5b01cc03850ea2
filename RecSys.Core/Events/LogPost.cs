using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Events;

/// <summary>Changes of one caller on their way into the log, with the place where the caller waits.</summary>
internal sealed class LogPost
{
    private readonly TaskCompletionSource<IReadOnlyList<AppendResult>> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AppendResult[] results;
    private int next;
    private int answered;

    public LogPost(IReadOnlyList<LogChange> changes)
    {
        Changes = changes;
        results = new AppendResult[changes.Count];
        Sizes = new int[changes.Count];
        for (var i = 0; i < Sizes.Length; i++) Bytes += Sizes[i] = ChangeSize.Of(changes[i]);
    }

    public IReadOnlyList<LogChange> Changes { get; }

    /// <summary>Bytes of each change, about.</summary>
    public int[] Sizes { get; }
    public long Bytes { get; }

    /// <summary>Changes that no commit has taken yet.</summary>
    public int Left => Changes.Count - next;
    public int Next => next;
    public Task<IReadOnlyList<AppendResult>> Done => done.Task;

    /// <summary>True once the caller has an answer.</summary>
    public bool IsAnswered => done.Task.IsCompleted;

    /// <summary>Takes the next changes off; they are the caller's of a commit now.</summary>
    public void Take(int count) => next += count;

    /// <summary>Says what became of a change.</summary>
    public void Answer(int change, AppendResult result)
    {
        results[change] = result;
        if (++answered == results.Length) done.TrySetResult(results);
    }

    public void Fail(Exception why) => done.TrySetException(why);
}
