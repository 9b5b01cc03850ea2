using RecSys.Core.Models;

namespace RecSys.Tests.Models;

/// <summary>Swaps beside readers.</summary>
public sealed class ModelPoolSwapTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Promote_ThousandTimesUnderEightReaders_NeverShowsADisposedModelAndDisposesEachOnce(bool keepPrevious)
    {
        const int swaps = 1000;
        var models = Enumerable.Range(0, swaps + 1).Select(i => new Probe(i)).ToArray();
        var pool = new ModelPool<Probe>(new ModelPoolOptions { KeepPrevious = keepPrevious });
        pool.Add("v0", models[0], bytes: 1);
        pool.Promote("v0");
        using var stop = new CancellationTokenSource();
        long uses = 0;
        var readers = Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(() =>
        {
            var last = 0;
            while (!stop.IsCancellationRequested)
            {
                var assignment = pool.Assign("u", out var lease);
                using (lease)
                {
                    var seen = lease.Model.Use();
                    Thread.Yield();
                    // The model that was named, still alive, and never an older one than before.
                    Assert.Equal(assignment.ModelVersion, $"v{lease.Model.Use()}");
                    Assert.True(seen >= last);
                    last = seen;
                }
                Interlocked.Increment(ref uses);
            }
        }, stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();

        for (var i = 1; i <= swaps; i++)
        {
            var before = Interlocked.Read(ref uses);
            pool.Add($"v{i}", models[i], 1);
            pool.Promote($"v{i}");
            // Let some request pass between swaps, so that swaps meet leases.
            while (Interlocked.Read(ref uses) == before && !readers.Any(reader => reader.IsFaulted)) Thread.Yield();
        }
        await stop.CancelAsync();
        await Task.WhenAll(readers);

        var live = keepPrevious ? 2 : 1;
        Assert.All(models[..^live], model => Assert.Equal(1, model.Disposals));
        Assert.All(models[^live..], model => Assert.Equal(0, model.Disposals));
        Assert.Equal(live, pool.TakenBytes);
        pool.Dispose();
        Assert.All(models, model => Assert.Equal(1, model.Disposals));
        Assert.True(uses >= swaps);
    }
}
