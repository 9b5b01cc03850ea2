using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Storage;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Events;

public sealed class LogWriterTests : IAsyncDisposable
{
    private readonly TailRig rig = new();
    private readonly MemoryDeadLetters letters = new();
    private readonly ListLogger<LogWriter> logger = new();
    private readonly TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Requests requests = new();
    private TaskCompletionSource? gate;
    private EventTail tail = null!;
    private LogWriter writer = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private async Task StartAsync(bool folding = true)
    {
        (tail, _) = await rig.OpenAsync();
        if (folding) await tail.StartAsync(Ct);
        rig.Log.Before = () =>
        {
            if (Volatile.Read(ref gate) is not { } held) return Task.CompletedTask;
            entered.TrySetResult();
            return held.Task;
        };
        writer = new LogWriter(
            rig.Log, tail, letters, Options.Create(rig.Options), rig.Clock, new EventMetrics(new PlainMeters()), logger, requests);
        await writer.StartAsync(Ct);
    }

    // A post whose commit is under way and does not end: what comes now waits.
    private async Task<Task<IReadOnlyList<AppendResult>>> HoldAsync()
    {
        gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var held = writer.AppendAsync([Put(0)], Ct);
        await entered.Task.WaitAsync(Ct);
        return held;
    }

    private static LogChange Put(int item) => new ItemPut(new Item { Id = $"i{item}", Title = "t", Category = "c" });

    [Fact]
    public async Task Append_ManyPostersWhileACommitRuns_ShareTheNextOne()
    {
        await StartAsync();
        var first = await HoldAsync();
        var others = Enumerable.Range(1, 100).Select(i => writer.AppendAsync([Put(i), Put(1000 + i)], Ct)).ToArray();
        gate!.SetResult();
        var results = await Task.WhenAll(others);

        Assert.Equal(1, (await first)[0].Position);
        Assert.Equal(Enumerable.Range(2, 200).Select(i => (long)i), results.SelectMany(each => each).Select(each => each.Position));
        Assert.Equal([1, 200], rig.Log.Appends);
    }

    [Fact]
    public async Task Append_PoisonAmongOthers_IsRefusedAloneAndKept()
    {
        await StartAsync();
        rig.Log.Poison = change => change is ItemPut { Item.Id: "i7" or "i42" } ? new InvalidOperationException("no") : null;
        var first = await HoldAsync();
        var posts = Enumerable.Range(1, 60).Select(i => writer.AppendAsync([Put(i)], Ct)).ToArray();
        gate!.SetResult();
        await first;
        var results = await Task.WhenAll(posts);

        for (var i = 1; i <= 60; i++)
            Assert.Equal(i is 7 or 42 ? AppendOutcome.Rejected : AppendOutcome.Accepted, results[i - 1][0].Outcome);
        Assert.Equal(2, letters.Kept.Count);
        Assert.All(letters.Kept, letter => Assert.Contains("\"i", letter.Content, StringComparison.Ordinal));
        Assert.Equal(59, rig.Log.Entries.Count);
    }

    [Fact]
    public async Task Append_QueueIsFull_IsRefusedAtOnceAndMemoryStaysBounded()
    {
        rig.Options.MaxWaitingChanges = 10;
        await StartAsync();
        var first = await HoldAsync();
        var posts = Enumerable.Range(1, 40).Select(i => writer.AppendAsync([Put(i)], Ct)).ToArray();

        var refused = posts.Where(post => post.IsFaulted).ToArray();
        Assert.Equal(30, refused.Length);
        foreach (var post in refused)
        {
            var refusal = await Assert.ThrowsAsync<LogRefusedException>(() => post);
            Assert.Equal(LogRefusal.QueueFull, refusal.Reason);
            Assert.True(refusal.RetryAfter > TimeSpan.Zero);
        }
        gate!.SetResult();
        await Task.WhenAll([first, .. posts.Except(refused)]);
    }

    [Fact]
    public async Task Append_StoreFails_FailsWhatWaitsSaysWhyOnceAndRecovers()
    {
        await StartAsync();
        rig.Log.Failure = new RecSysException("The disk is full.", new IOException("no space"));
        for (var i = 0; i < 5; i++)
        {
            var refusal = await Assert.ThrowsAsync<LogRefusedException>(() => writer.AppendAsync([Put(i)], Ct));
            Assert.Equal(LogRefusal.StoreUnavailable, refusal.Reason);
            Assert.Contains("log cannot be written", refusal.Message, StringComparison.Ordinal);
        }
        Assert.Single(logger.Messages, line => line.Contains("cannot be written", StringComparison.Ordinal));

        rig.Log.Failure = null;
        rig.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(AppendOutcome.Accepted, (await writer.AppendAsync([Put(1)], Ct))[0].Outcome);
        Assert.Contains(logger.Messages, line => line.Contains("written again", StringComparison.Ordinal));
        Assert.Empty(letters.Kept);
    }

    [Fact]
    public async Task AppendBulk_BesideLivePosts_ComesAfterThemInChunks()
    {
        rig.Options.BulkChanges = 50;
        await StartAsync();
        var first = await HoldAsync();
        var bulk = writer.AppendBulkAsync([.. Enumerable.Range(1000, 200).Select(Put)], Ct);
        var live = writer.AppendAsync([Put(1)], Ct);
        gate!.SetResult();

        await first;
        var position = (await live)[0].Position;
        var results = await bulk;
        Assert.Equal(200, results.Count);
        Assert.All(results, result => Assert.True(result.Position > position));
        Assert.All(rig.Log.Appends, size => Assert.True(size <= 50));
    }

    [Fact]
    public async Task AppendBulk_BesideRequests_RestsBetweenCommitsAndLetsLivePostsThrough()
    {
        rig.Options.BulkChanges = 50;
        await StartAsync();
        requests.Growing = true;
        // A commit takes ten milliseconds, so a quarter of a processor means thirty to rest.
        rig.Log.Before = Commit;
        var bulk = writer.AppendBulkAsync([.. Enumerable.Range(1000, 200).Select(Put)], Ct);
        while (rig.Log.Entries.Count < 50) await Task.Delay(TimeSpan.FromMilliseconds(1), Ct);

        await writer.AppendAsync([Put(1)], Ct);
        await writer.AppendAsync([Put(2)], Ct);

        Assert.Equal([50, 1, 1], rig.Log.Appends);
        while (!bulk.IsCompleted)
        {
            rig.Clock.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Delay(TimeSpan.FromMilliseconds(1), Ct);
        }
        Assert.Equal(200, (await bulk).Count(result => result.Outcome == AppendOutcome.Accepted));
        Assert.Equal(202, rig.Log.Entries.Count);
    }

    [Fact]
    public async Task AppendBulk_NobodyIsServed_DoesNotRest()
    {
        rig.Options.BulkChanges = 50;
        await StartAsync();
        rig.Log.Before = Commit;

        Assert.Equal(200, (await writer.AppendBulkAsync([.. Enumerable.Range(1000, 200).Select(Put)], Ct)).Count);

        Assert.Equal(4, rig.Log.Appends.Count);
    }

    [Fact]
    public async Task Post_StateDoesNotFollow_IsAnsweredWhenItsTimeIsOver()
    {
        await StartAsync(folding: false);
        var post = writer.PostAsync([Put(1)], Ct);
        while (rig.Log.Entries.Count == 0) await Task.Delay(TimeSpan.FromMilliseconds(1), Ct);
        // Who does not wait for the fold is answered by the same loop afterwards, so the post is where it waits.
        await writer.AppendAsync([Put(2)], Ct);
        Assert.False(post.IsCompleted);

        rig.Clock.Advance(TimeSpan.FromMilliseconds(rig.Options.FoldWaitMs));

        Assert.Equal(1, (await post)[0].Position);
        Assert.Equal(0, tail.Position);
    }

    [Fact]
    public async Task Post_StateFollows_IsAnsweredOnceItIsFolded()
    {
        await StartAsync();

        var posts = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
            (Position: (await writer.PostAsync([Put(i)], Ct))[0].Position, Folded: tail.Position)));

        // The clock stands still, so none of them was answered because its time was over.
        Assert.All(posts, post => Assert.True(post.Folded >= post.Position));
        Assert.Equal(Enumerable.Range(1, 200).Select(i => (long)i), posts.Select(post => post.Position).Order());
    }

    [Fact]
    public async Task Post_CallerGoesBeforeTheCommit_IsNotWritten()
    {
        await StartAsync();
        var first = await HoldAsync();
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var post = writer.PostAsync([Put(1)], gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => post);
        gate!.SetResult();
        await first;
        await writer.AppendAsync([Put(2)], Ct);

        Assert.Equal(["i0", "i2"], rig.Log.Entries.Select(entry => ((ItemPut)entry.Change).Item.Id));
    }

    [Fact]
    public async Task Append_ChangeThatBreaksTheRules_SaysWhichAndStoresNothing()
    {
        await StartAsync();
        var failure = await Assert.ThrowsAsync<RecSysException>(() => writer.AppendAsync([Put(0), new ItemRemoval("")], Ct));
        Assert.Contains("item_id", failure.Message, StringComparison.Ordinal);
        Assert.Empty(rig.Log.Entries);
    }

    [Fact]
    public async Task Stop_WithPostsWaiting_WritesThemAndRefusesLaterOnes()
    {
        await StartAsync();
        var first = await HoldAsync();
        var posts = Enumerable.Range(1, 20).Select(i => writer.AppendAsync([Put(i)], Ct)).ToArray();
        var stopping = writer.StopAsync(Ct);
        gate!.SetResult();
        await stopping;
        await Task.WhenAll([first, .. posts]);

        Assert.Equal(21, rig.Log.Entries.Count);
        var refusal = await Assert.ThrowsAsync<LogRefusedException>(() => writer.AppendAsync([Put(99)], Ct));
        Assert.Equal(LogRefusal.Stopping, refusal.Reason);
    }

    public async ValueTask DisposeAsync()
    {
        gate?.TrySetResult();
        await writer.StopAsync(CancellationToken.None);
        await tail.StopAsync(CancellationToken.None);
        writer.Dispose();
        tail.Dispose();
        rig.Dispose();
    }

    private Task Commit()
    {
        rig.Clock.Advance(TimeSpan.FromMilliseconds(10));
        return Task.CompletedTask;
    }

    private sealed class Requests : IServedRequests
    {
        private long served;

        public bool Growing { get; set; }

        public long Served => Growing ? Interlocked.Increment(ref served) : 0;
    }

    private sealed class MemoryDeadLetters : IDeadLetters
    {
        public List<DeadLetter> Kept { get; } = [];

        public Task<long> AddAsync(DeadLetter letter, CancellationToken ct = default)
        {
            Kept.Add(letter);
            return Task.FromResult((long)Kept.Count);
        }

        public Task<IReadOnlyList<DeadLetter>> ListAsync(long after, int most, CancellationToken ct = default) =>
            throw new NotSupportedException();
        public Task<DeadLetter?> FindAsync(long number, CancellationToken ct = default) => throw new NotSupportedException();
        public Task<bool> RemoveAsync(long number, CancellationToken ct = default) => throw new NotSupportedException();
        public Task<long> CountAsync(CancellationToken ct = default) => Task.FromResult((long)Kept.Count);
    }
}
