using System.Collections.Concurrent;
using System.Diagnostics;
using RecSys.Core.Models;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;

namespace RecSys.Api.Commands.Bench;

/// <summary>
/// Requests at a fixed rate without HTTP, counted from when they were due, and a reader that takes one lease after the other.
/// </summary>
internal sealed class SwapLoad(Recommender recommender, ModelPool<ServingModel> pool, string[] users, int rate) : IDisposable
{
    private readonly Random random = new(1);
    private readonly SemaphoreSlim room = new(64, 64);

    /// <summary>Asks until the work is done.</summary>
    /// <returns>Requests, failures, and percentiles of their times and of the waits for a lease, milliseconds.</returns>
    public async Task<object> RunAsync(Task work, CancellationToken cancellationToken)
    {
        var (times, failed) = (new ConcurrentBag<double>(), 0);
        var versions = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var leases = new List<double>();
        var leasing = TakeLeasesAsync(work, leases);
        var (start, running) = (Stopwatch.GetTimestamp(), new List<Task>());
        for (var i = 0; !work.IsCompleted; i++)
        {
            var due = TimeSpan.FromSeconds(i / (double)rate);
            var early = due - Stopwatch.GetElapsedTime(start);
            if (early > TimeSpan.FromMilliseconds(1)) await Task.Delay(early, cancellationToken);
            await room.WaitAsync(cancellationToken);
            var user = users[random.Next(users.Length)];
            running.Add(Task.Run(() => AskAsync(user, due), cancellationToken));
        }
        await Task.WhenAll(running);
        await work;
        await leasing;
        return new
        {
            requests = running.Count,
            failed,
            versions = versions.Count,
            p50_ms = Percentiles.Of(times, 0.50, 3),
            p99_ms = Percentiles.Of(times, 0.99, 3),
            max_ms = Percentiles.Of(times, 1, 3),
            leases = leases.Count,
            lease_p9999_ms = Percentiles.Of(leases, 0.9999, 4),
            lease_max_ms = Percentiles.Of(leases, 1, 4),
        };

        async Task AskAsync(string user, TimeSpan due)
        {
            try
            {
                var context = await recommender.RecommendAsync(new RecommendationRequest(user, 20), cancellationToken);
                versions.AddOrUpdate(context.Model.Bundle.Manifest.Version, 1, (_, count) => count + 1);
                if (context.Candidates.Count == 0) Interlocked.Increment(ref failed);
                times.Add((Stopwatch.GetElapsedTime(start) - due).TotalMilliseconds);
                recommender.Complete(context);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Interlocked.Increment(ref failed);
            }
            finally
            {
                room.Release();
            }
        }
    }

    public void Dispose() => room.Dispose();

    private async Task TakeLeasesAsync(Task work, List<double> waits)
    {
        while (!work.IsCompleted)
        {
            for (var i = 0; i < 1000; i++)
            {
                var start = Stopwatch.GetTimestamp();
                using (pool.AcquireChampion()) waits.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
            await Task.Delay(TimeSpan.FromMilliseconds(1));
        }
    }
}
