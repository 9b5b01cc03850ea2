using Microsoft.AspNetCore.Http;
using RecSys.Api.Endpoints;
using RecSys.Core.Events;
using RecSys.Tests.Events;

namespace RecSys.Tests.Endpoints;

/// <summary><c>min_position</c> over a log that other processes write to, too.</summary>
public sealed class FoldWaitTests : IAsyncLifetime
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);

    private readonly TailRig rig = new();
    private readonly LogHistory history = new(1);
    private EventTail tail = null!;
    private FoldWait folds = null!;

    public async ValueTask InitializeAsync()
    {
        await rig.Log.AppendAsync([.. history.Take(50)], TailRig.Ct);
        (tail, _) = await rig.OpenAsync();
        folds = new FoldWait(tail, rig.Log, rig.Clock);
    }

    public ValueTask DisposeAsync()
    {
        folds.Dispose();
        tail.Dispose();
        rig.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Wait_ForWhatIsFolded_IsNone() => Assert.Null(await folds.WaitAsync(new DefaultHttpContext(), tail.Position));

    [Fact]
    public async Task Wait_ForWhatNobodyWrote_Is400AtOnce() => Assert.Equal(400, await AskAsync(tail.Position + 1));

    [Fact]
    public async Task Wait_ForWhatAnotherProcessWroteAndNobodyFolds_Is503InTheEnd()
    {
        // The tail does not run, so all it knows of the log is how long it was.
        var before = tail.Position;
        await rig.Log.AppendAsync([.. history.Take(50)], TailRig.Ct);
        Assert.Equal(0, tail.Unfolded);
        Assert.True(rig.Log.Entries.Count > before);

        var asked = AskAsync(rig.Log.Entries.Count);
        Assert.False(asked.IsCompleted);
        rig.Clock.Advance(Longest);

        Assert.Equal(503, await asked);
        Assert.Equal(400, await AskAsync(rig.Log.Entries.Count + 1));
    }

    [Fact]
    public async Task Wait_OfAStoreThatDoesNotSayHowFarItIs_Is503AfterTheSameTime()
    {
        rig.Log.BeforeHead = () => Task.Delay(Timeout.Infinite, TailRig.Ct);

        var asked = AskAsync(long.MaxValue);
        rig.Clock.Advance(Longest);

        Assert.Equal(503, await asked);
    }

    [Fact]
    public async Task Wait_ForManyMadeUpPositions_AsksTheStoreOnceForAllWhoCame()
    {
        var (looks, open) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        rig.Log.BeforeHead = () =>
        {
            Interlocked.Increment(ref looks);
            return open.Task;
        };

        var asked = Enumerable.Range(0, 500).Select(i => AskAsync(1_000_000 + i)).ToList();
        open.SetResult();

        Assert.All(await Task.WhenAll(asked), status => Assert.Equal(400, status));
        // The first, and one for those who came while that was under way.
        Assert.InRange(looks, 1, 2);
    }

    private async Task<int> AskAsync(long position)
    {
        if (await folds.WaitAsync(new DefaultHttpContext(), position) is not { } refusal) return StatusCodes.Status200OK;
        var http = new DefaultHttpContext();
        await refusal.ExecuteAsync(http);
        return http.Response.StatusCode;
    }
}
