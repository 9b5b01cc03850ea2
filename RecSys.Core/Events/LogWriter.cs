using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Events;

/// <summary>
/// The way into the log: many posters share one commit, and so one flush to the disk. One loop takes what waits, live posts first, and
/// writes it. When it returns, the caller's changes are on disk. What waits is bounded: beyond it posts are refused at once.
/// </summary>
public sealed class LogWriter : BackgroundService
{
    // While the store fails, one post in this time tries it; the others are refused at once.
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(8);
    private const int BulkPosts = 4;
    private const int SmallestBulk = 50;
    private const int MaxPoison = 64;

    private readonly IEventLog log;
    private readonly EventTail tail;
    private readonly IDeadLetters deadLetters;
    private readonly EventOptions options;
    private readonly TimeProvider time;
    private readonly EventMetrics metrics;
    private readonly ILogger<LogWriter> logger;
    private readonly RepeatedReports causes;
    private readonly PostQueue queue;
    private readonly SemaphoreSlim bulkRoom = new(BulkPosts, BulkPosts);
    private readonly Channel<bool> wake =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly List<Posted> commit = [];
    private long failedAt;
    private TimeSpan retry;
    private int bulkChanges;

    public LogWriter(
        IEventLog log, EventTail tail, IDeadLetters deadLetters,
        IOptions<EventOptions> options, TimeProvider time, EventMetrics metrics, ILogger<LogWriter> logger)
    {
        (this.log, this.tail, this.deadLetters, this.options) = (log, tail, deadLetters, options.Value);
        (this.time, this.metrics, this.logger) = (time, metrics, logger);
        queue = new PostQueue(this.options);
        causes = new RepeatedReports(time, RepeatedReports.EveryMinute);
        bulkChanges = this.options.BulkChanges;
        metrics.Observe(queue);
    }

    /// <summary>Appends live changes.</summary>
    /// <param name="changes">At least one, each of which keeps <see cref="RecordRules"/>.</param>
    /// <param name="ct">Stops waiting; what is being written is written all the same.</param>
    /// <returns>What became of each, in the order given, durable.</returns>
    /// <exception cref="LogRefusedException">Too much waits, the store cannot be written, or the server stops.</exception>
    /// <exception cref="RecSysException">A change breaks the rules; nothing is appended.</exception>
    public async Task<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<LogChange> changes, CancellationToken ct = default)
    {
        var post = PostOf(changes);
        if (changes.Count == 0) return [];
        if (Refusal(queue.Waiting == 0) is { } down) throw Refused(down);
        if (queue.TryAdd(post) is { } refusal) throw Refused(RefusalOf(refusal));
        wake.Writer.TryWrite(true);
        return await WaitAsync(post, ct);
    }

    /// <summary>As <see cref="AppendAsync"/>, and waits up to <see cref="EventOptions.FoldWaitMs"/> until the effect is folded.</summary>
    public async Task<IReadOnlyList<AppendResult>> PostAsync(IReadOnlyList<LogChange> changes, CancellationToken ct = default)
    {
        var results = await AppendAsync(changes, ct);
        var last = 0L;
        foreach (var result in results) last = Math.Max(last, result.Position);
        await tail.WaitAsync(last, TimeSpan.FromMilliseconds(options.FoldWaitMs), ct);
        return results;
    }

    /// <summary>Appends changes of a bulk load, behind live posts and in small commits; waits for room instead of being refused.</summary>
    /// <inheritdoc cref="AppendAsync"/>
    public async Task<IReadOnlyList<AppendResult>> AppendBulkAsync(IReadOnlyList<LogChange> changes, CancellationToken ct = default)
    {
        var post = PostOf(changes);
        if (changes.Count == 0) return [];
        await bulkRoom.WaitAsync(ct);
        try
        {
            if (Refusal(tryIt: true) is { } down) throw Refused(down);
            if (queue.TryAddBulk(post) is { } refusal) throw Refused(RefusalOf(refusal));
            wake.Writer.TryWrite(true);
            return await WaitAsync(post, ct);
        }
        finally
        {
            bulkRoom.Release();
        }
    }

    /// <summary>Refuses new posts, writes what waits and ends.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Close();
        wake.Writer.TryComplete();
        if (ExecuteTask is { } running) await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
        foreach (var post in queue.TakeAll()) post.Fail(RefusalOf(LogRefusal.Stopping));
    }

    public override void Dispose()
    {
        bulkRoom.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Ends when StopAsync completes the channel, not by the token: who was let in gets an answer.
        do
        {
            while (await WriteNextAsync())
            {
            }
        }
        while (await wake.Reader.WaitToReadAsync(CancellationToken.None) && wake.Reader.TryRead(out _));
        while (await WriteNextAsync())
        {
        }
    }

    // False when nothing waits that may be written.
    private async Task<bool> WriteNextAsync()
    {
        var pausing = tail.Unfolded > options.BulkPauseEntries;
        if (!queue.HasWork(bulkToo: !pausing))
        {
            if (!pausing || !queue.HasWork(bulkToo: true)) return false;
            await tail.WaitAsync(tail.Position + 1, TimeSpan.FromMilliseconds(options.BulkCommitMs));
            return true;
        }
        var bulk = queue.Take(commit, pausing ? 0 : bulkChanges);
        if (commit.Count == 0) return true;
        var started = time.GetTimestamp();
        await CommitAsync(commit);
        var took = time.GetElapsedTime(started);
        metrics.Committed(commit.Count, took);
        if (bulk)
            bulkChanges = Math.Clamp(took.TotalMilliseconds > options.BulkCommitMs
                ? bulkChanges / 2 : bulkChanges * 3 / 2, SmallestBulk, options.BulkChanges);
        return true;
    }

    private async Task CommitAsync(List<Posted> batch)
    {
        if (await TryAppendAsync(batch, 0, batch.Count) is not { } failure) return;
        if (!MayBePoison(failure))
        {
            Fail(batch, failure);
            return;
        }
        // Some change makes the store refuse all of them: halves are tried until it stands alone, and everything else is written.
        var poison = new List<(int Change, Exception Why)>();
        var written = batch.Count == 1;
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
                if (why is null) written = true;
                else if (!MayBePoison(why) || poison.Count >= MaxPoison || (!written && poison.Count > 1))
                {
                    Fail(batch, why);
                    return;
                }
                else if (half.Count == 1) poison.Add((half.Start, why));
                else open.Push(half);
            }
        }
        foreach (var (change, why) in poison.OrderBy(each => each.Change)) await BuryAsync(batch[change], why);
    }

    private async Task<Exception?> TryAppendAsync(List<Posted> batch, int start, int count)
    {
        var changes = new LogChange[count];
        for (var i = 0; i < count; i++) changes[i] = batch[start + i].Content;
        try
        {
            var appended = await log.AppendAsync(changes, CancellationToken.None);
            tail.Offer(appended.Entries);
            Recovered();
            for (var i = 0; i < count; i++)
            {
                batch[start + i].Post.Answer(batch[start + i].Change, appended.Results[i]);
                metrics.Appended(appended.Results[i].Outcome);
            }
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    // The store says by RecSysException, with its cause, that it cannot be written; everything else speaks of the changes.
    private static bool MayBePoison(Exception failure) =>
        failure is not (IOException or TimeoutException or OperationCanceledException or UnauthorizedAccessException or RecSysException { InnerException: not null });

    private async Task BuryAsync(Posted posted, Exception why)
    {
        var kept = await KeepAsync(posted.Content, why);
        metrics.DeadLetter(kept);
        if (causes.IsDue($"poison {why.GetType().Name}", 1, out var times)) logger.ChangeRefused(why, posted.Content.Kind, kept, times - 1);
        posted.Post.Answer(posted.Change, new AppendResult(AppendOutcome.Rejected, 0));
        metrics.Appended(AppendOutcome.Rejected);
    }

    private async Task<bool> KeepAsync(LogChange change, Exception why)
    {
        try
        {
            var content = DeadLetterContent.Write(change);
            await deadLetters.AddAsync(
                new DeadLetter(time.GetUtcNow(), null, UserOf(change), $"{why.GetType().Name}: {why.Message}", content),
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

    private void Fail(List<Posted> batch, Exception why)
    {
        retry = retry == default ? FirstRetry : retry * 2 < LastRetry ? retry * 2 : LastRetry;
        Volatile.Write(ref failedAt, Math.Max(1, time.GetTimestamp()));
        // Everybody who waits would wait for the same failure. Reported before anybody has an answer.
        LogPost[] failed = [.. batch.Select(each => each.Post).Distinct().Where(post => !post.IsAnswered), .. queue.TakeAll()];
        metrics.Refused(LogRefusal.StoreUnavailable, failed.Length);
        if (causes.IsDue("store", 1, out var times)) logger.LogNotWritten(why, failed.Length, times - 1);
        foreach (var post in failed) post.Fail(RefusalOf(LogRefusal.StoreUnavailable, why));
    }

    private void Recovered()
    {
        if (Volatile.Read(ref failedAt) == 0) return;
        Volatile.Write(ref failedAt, 0);
        retry = default;
        if (causes.Over("store")) logger.LogWrittenAgain();
    }

    private LogRefusedException? Refusal(bool tryIt)
    {
        var at = Volatile.Read(ref failedAt);
        return at == 0 || (tryIt && time.GetElapsedTime(at) >= retry) ? null : RefusalOf(LogRefusal.StoreUnavailable);
    }

    private LogRefusedException Refused(LogRefusedException refusal)
    {
        metrics.Refused(refusal.Reason, 1);
        return refusal;
    }

    private LogRefusedException RefusalOf(LogRefusal reason, Exception? why = null) => reason switch
    {
        LogRefusal.QueueFull =>
            new(reason, $"{queue.Waiting} changes wait to be written, no more are taken. Try again in a second.", TimeSpan.FromSeconds(1)),
        LogRefusal.Stopping =>
            new(reason, "The server stops. Send the changes to another one, or again when it is back.", TimeSpan.FromSeconds(5)),
        _ => new(reason, $"The log cannot be written: {(why as RecSysException)?.Message ?? "the store failed."} Nothing more is stored until that is over; try again.",
            retry == default ? FirstRetry : retry, why),
    };

    private static LogPost PostOf(IReadOnlyList<LogChange> changes)
    {
        foreach (var change in changes)
        {
            if (RecordRules.FindProblem(change) is { } problem) throw new RecSysException($"A change cannot be stored: {problem}.");
        }
        return new LogPost(changes);
    }

    private static async Task<IReadOnlyList<AppendResult>> WaitAsync(LogPost post, CancellationToken ct)
    {
        try
        {
            return await post.Done.WaitAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // What no commit has taken yet need not be written for nobody.
            post.Fail(new OperationCanceledException(ct));
            throw;
        }
    }
}
