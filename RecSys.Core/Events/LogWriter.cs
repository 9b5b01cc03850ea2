using System.Diagnostics;
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

    private readonly EventOptions options;
    private readonly TimeProvider time;
    private readonly EventMetrics metrics;
    private readonly ILogger<LogWriter> logger;
    private readonly RepeatedReports causes;
    private readonly PostQueue queue;
    private readonly GroupCommit commits;
    private readonly BulkPace pace;
    private readonly SemaphoreSlim bulkRoom = new(BulkPosts, BulkPosts);
    private readonly Channel<bool> wake =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly List<Posted> commit = [];
    private long failedAt;
    private TimeSpan retry;
    private volatile bool stopping;

    public LogWriter(
        IEventLog log, EventTail tail, IDeadLetters deadLetters,
        IOptions<EventOptions> options, TimeProvider time, EventMetrics metrics, ILogger<LogWriter> logger,
        IServedRequests? requests = null)
    {
        this.options = options.Value;
        (this.time, this.metrics, this.logger) = (time, metrics, logger);
        queue = new PostQueue(this.options);
        causes = new RepeatedReports(time, RepeatedReports.EveryMinute);
        commits = new GroupCommit(log, tail, deadLetters, causes, time, metrics, logger, Recovered);
        pace = new BulkPace(tail, this.options, requests, time);
        metrics.Observe(queue);
    }

    /// <summary>Appends live changes.</summary>
    /// <param name="changes">At least one, each of which keeps <see cref="RecordRules"/>.</param>
    /// <param name="ct">Stops waiting; what is being written is written all the same.</param>
    /// <returns>What became of each, in the order given, durable.</returns>
    /// <exception cref="LogRefusedException">Too much waits, the store cannot be written, or the server stops.</exception>
    /// <exception cref="RecSysException">A change breaks the rules; nothing is appended.</exception>
    public Task<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<LogChange> changes, CancellationToken ct = default) =>
        AppendAsync(PostOf(changes, untilFolded: false), ct);

    /// <summary>As <see cref="AppendAsync(IReadOnlyList{LogChange}, CancellationToken)"/>, and waits up to
    /// <see cref="EventOptions.FoldWaitMs"/> until the effect is folded.</summary>
    public Task<IReadOnlyList<AppendResult>> PostAsync(IReadOnlyList<LogChange> changes, CancellationToken ct = default) =>
        AppendAsync(PostOf(changes, untilFolded: true), ct);

    /// <summary>Appends changes of a bulk load, behind live posts and in small commits; waits for room instead of being refused.</summary>
    /// <inheritdoc cref="AppendAsync(IReadOnlyList{LogChange}, CancellationToken)"/>
    public async Task<IReadOnlyList<AppendResult>> AppendBulkAsync(IReadOnlyList<LogChange> changes, CancellationToken ct = default)
    {
        var post = PostOf(changes, untilFolded: false);
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
        stopping = true;
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
        // What waits at the end is not paced any more.
        var bulkChanges = stopping ? options.BulkChanges : pace.MostChanges();
        if (!queue.HasWork(bulkToo: bulkChanges > 0))
        {
            if (bulkChanges > 0 || !queue.HasWork(bulkToo: true)) return false;
            await RestAsync();
            return true;
        }
        var bulk = queue.Take(commit, bulkChanges);
        if (commit.Count == 0) return true;
        var started = time.GetTimestamp();
        if (bulk) pace.Start();
        using (var activity = EventMetrics.Activities.StartActivity("log_commit", ActivityKind.Client))
        {
            activity?.SetTag("changes", commit.Count);
            if (await commits.WriteAsync(commit) is { } failure)
            {
                activity?.SetStatus(ActivityStatusCode.Error, failure.GetType().Name);
                Fail(commit, failure);
            }
        }
        if (bulk) pace.Committed();
        metrics.Committed(commit.Count, time.GetElapsedTime(started));
        return true;
    }

    // Until bulk loads may go on, or a live post comes.
    private async Task RestAsync()
    {
        using var over = new CancellationTokenSource();
        await Task.WhenAny(pace.RestAsync(over.Token), wake.Reader.WaitToReadAsync(over.Token).AsTask());
        await over.CancelAsync();
        wake.Reader.TryRead(out _);
    }

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
        _ => new(reason,
            $"The log cannot be written: {(why as RecSysException)?.Message ?? "the store failed."} "
            + "Nothing more is stored until that is over; try again.",
            retry == default ? FirstRetry : retry, why),
    };

    private async Task<IReadOnlyList<AppendResult>> AppendAsync(LogPost post, CancellationToken ct)
    {
        if (post.Changes.Count == 0) return [];
        if (Refusal(queue.Waiting == 0) is { } down) throw Refused(down);
        if (queue.TryAdd(post) is { } refusal) throw Refused(RefusalOf(refusal));
        wake.Writer.TryWrite(true);
        return await WaitAsync(post, ct);
    }

    private static LogPost PostOf(IReadOnlyList<LogChange> changes, bool untilFolded)
    {
        foreach (var change in changes)
        {
            if (RecordRules.FindProblem(change) is { } problem) throw new RecSysException($"A change cannot be stored: {problem}.");
        }
        return new LogPost(changes, untilFolded);
    }

    // What no commit has taken yet need not be written for a caller who has gone.
    private static async Task<IReadOnlyList<AppendResult>> WaitAsync(LogPost post, CancellationToken ct)
    {
        await using var gone = ct.UnsafeRegister(static (post, token) => ((LogPost)post!).Cancel(token), post);
        return await post.Done;
    }
}
