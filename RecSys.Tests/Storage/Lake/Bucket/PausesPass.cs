using Microsoft.Extensions.Time.Testing;

namespace RecSys.Tests.Storage.Lake.Bucket;

/// <summary>
/// A clock on which pauses between tries are over at once and limits of many seconds never, however busy the machine is; a test that wants
/// a limit to be reached advances it.
/// </summary>
internal sealed class PausesPass : FakeTimeProvider
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime < LongestPause ? TimeSpan.Zero : dueTime, period);
}
