using RecSys.Core.Events;

namespace RecSys.Api.BatchJobs;

/// <summary>
/// Makes a job give way: while requests for recommendations come in it rests in proportion to how long it worked, which is longer on a busy
/// machine by itself. While nobody asks it goes on.
/// </summary>
internal sealed class BatchPace(IServedRequests requests, BatchOptions options, TimeProvider time)
{
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(1);

    private long served = requests.Served;
    private long startedAt;

    /// <summary>A piece of work begins.</summary>
    public void Start() => startedAt = time.GetTimestamp();

    /// <summary>It ended; returns when the next one may begin.</summary>
    public async Task RestAsync(CancellationToken ct)
    {
        var now = requests.Served;
        var others = now - served;
        served = now;
        var rest = time.GetElapsedTime(startedAt) * (1 / options.Share - 1);
        if (others > 0 && rest > TimeSpan.Zero) await Task.Delay(rest < LongestRest ? rest : LongestRest, time, ct);
        else await Task.Yield();
    }
}
