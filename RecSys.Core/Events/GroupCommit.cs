using Microsoft.Extensions.Logging;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Events;

/// <summary>
/// Writes the changes of many posts in one transaction and answers the posts. Where a change makes the store refuse all of them, it is
/// found by halving, kept among the dead letters, and everything else is written. Of the writer's loop.
/// </summary>
/// <param name="log">The store.</param>
/// <param name="tail">Folds what was written.</param>
/// <param name="deadLetters">Takes what the store cannot.</param>
/// <param name="causes">For the reports, at most one a minute and cause.</param>
/// <param name="time">The clock.</param>
/// <param name="metrics">Told of what became of changes.</param>
/// <param name="logger">Told of refused changes.</param>
/// <param name="written">Called when the store has taken something, before anybody has an answer.</param>
internal sealed class GroupCommit(
    IEventLog log, EventTail tail, IDeadLetters deadLetters, RepeatedReports causes, TimeProvider time, EventMetrics metrics,
    ILogger logger, Action written)
{
    private const int MaxPoison = 64;

    /// <summary>Writes a batch.</summary>
    /// <returns>
    /// Why the store cannot be written; posts that have no answer then are the caller's to refuse. Null when all have one.
    /// </returns>
    public async Task<Exception?> WriteAsync(List<Posted> batch)
    {
        if (await TryAppendAsync(batch, 0, batch.Count) is not { } failure) return null;
        if (!MayBePoison(failure)) return failure;
        // Some change makes the store refuse all of them: halves are tried until it stands alone, and everything else is written.
        var poison = new List<(int Change, Exception Why)>();
        var any = batch.Count == 1;
        var open = new Stack<(int Start, int Count)>();
        open.Push((0, batch.Count));
        while (open.TryPop(out var part))
        {
            if (part.Count == 1)
            {
                poison.Add((part.Start, failure));
                continue;
            }
            (int Start, int Count)[] halves = [(part.Start, part.Count / 2), (part.Start + part.Count / 2, part.Count - part.Count / 2)];
            foreach (var half in halves)
            {
                var why = await TryAppendAsync(batch, half.Start, half.Count);
                if (why is null) any = true;
                else if (!MayBePoison(why) || poison.Count >= MaxPoison || (!any && poison.Count > 1)) return why;
                else if (half.Count == 1) poison.Add((half.Start, why));
                else open.Push(half);
            }
        }
        foreach (var (change, why) in poison.OrderBy(each => each.Change)) await BuryAsync(batch[change], why);
        return null;
    }

    private async Task<Exception?> TryAppendAsync(List<Posted> batch, int start, int count)
    {
        var changes = new LogChange[count];
        for (var i = 0; i < count; i++) changes[i] = batch[start + i].Content;
        try
        {
            var appended = await log.AppendAsync(changes, CancellationToken.None);
            tail.Offer(appended.Entries);
            written();
            for (var i = 0; i < count; i++) Answer(batch[start + i], appended.Results[i]);
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    private void Answer(Posted posted, AppendResult result)
    {
        metrics.Appended(result.Outcome);
        if (!posted.Post.Answer(posted.Change, result)) return;
        if (posted.Post.UntilFolded) tail.Answer(posted.Post, posted.Post.LastPosition());
        else posted.Post.Complete();
    }

    // The store says by RecSysException, with its cause, that it cannot be written; everything else speaks of the changes.
    private static bool MayBePoison(Exception failure) =>
        failure is not (IOException or TimeoutException or OperationCanceledException or UnauthorizedAccessException
            or RecSysException { InnerException: not null });

    private async Task BuryAsync(Posted posted, Exception why)
    {
        var kept = await KeepAsync(posted.Content, why);
        metrics.DeadLetter(kept);
        if (causes.IsDue($"poison {why.GetType().Name}", 1, out var times)) logger.ChangeRefused(why, posted.Content.Kind, kept, times - 1);
        Answer(posted, new AppendResult(AppendOutcome.Rejected, 0));
    }

    private async Task<bool> KeepAsync(LogChange change, Exception why)
    {
        try
        {
            var content = DeadLetterContent.Write(change);
            await deadLetters.AddAsync(
                new DeadLetter(time.GetUtcNow(), null, UserOf(change), why.Message, content),
                CancellationToken.None);
            return true;
        }
        catch (Exception exception) when (exception is RecSysException or IOException or NotSupportedException)
        {
            return false;
        }
    }

    private static string? UserOf(LogChange change) => change switch
    {
        EventChange { Event: var e } => e.UserId,
        UserPut put => put.User.Id,
        UserMerge merge => merge.Into,
        UserErasure erasure => erasure.UserId,
        ListShown shown => shown.UserId,
        _ => null,
    };
}
