using RecSys.Core.Models;

namespace RecSys.Tests.Models;

public sealed class ModelHostTests
{
    [Fact]
    public void Swap_WhileLeased_DisposesTheOldModelWithItsLastLease()
    {
        var (first, second) = (new Probe(1), new Probe(2));
        using var host = new ModelHost<Probe>(first);
        var one = host.Acquire();
        var two = host.Acquire();

        host.Swap(second);
        var three = host.Acquire();

        Assert.Same(first, one.Model);
        Assert.Same(second, three.Model);
        one.Dispose();
        Assert.Equal(0, first.Disposals);
        two.Dispose();
        Assert.Equal(1, first.Disposals);
        three.Dispose();
        Assert.Equal(0, second.Disposals);
    }

    [Fact]
    public void Lease_DisposedTwice_ReturnsOnce()
    {
        var (first, second) = (new Probe(1), new Probe(2));
        using var host = new ModelHost<Probe>(first);
        var one = host.Acquire();
        var two = host.Acquire();
        host.Swap(second);

        one.Dispose();
        one.Dispose();

        Assert.Equal(0, first.Disposals);
        Assert.Throws<ObjectDisposedException>(() => one.Model);
        two.Dispose();
        Assert.Equal(1, first.Disposals);
    }

    [Fact]
    public void Acquire_EmptyOrDisposedHost_SaysSo()
    {
        var host = new ModelHost<Probe>();
        Assert.False(host.HasModel);
        Assert.Throws<InvalidOperationException>(() => host.Acquire());
        var model = new Probe(1);
        host.Swap(model);
        using (var lease = host.Acquire())
        {
            host.Dispose();
            Assert.Equal(0, lease.Model.Disposals);
        }
        Assert.Equal(1, model.Disposals);
        Assert.Throws<ObjectDisposedException>(() => host.Acquire());
        var late = new Probe(2);
        Assert.Throws<ObjectDisposedException>(() => host.Swap(late));
        Assert.Equal(1, late.Disposals);
        host.Dispose();
        Assert.Equal(1, model.Disposals);
    }

    [Fact]
    public void Acquire_ManyTimes_AllocatesNothing()
    {
        using var host = new ModelHost<Probe>(new Probe(1));
        Use(host, 100);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Use(host, 10_000);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        static void Use(ModelHost<Probe> host, int times)
        {
            for (var i = 0; i < times; i++)
            {
                using var lease = host.Acquire();
                lease.Model.Use();
            }
        }
    }

    [Fact]
    public async Task Swap_ThousandTimesUnderEightReaders_NeverShowsADisposedModelAndDisposesEachOnce()
    {
        const int swaps = 1000;
        var models = Enumerable.Range(0, swaps + 1).Select(i => new Probe(i)).ToArray();
        var host = new ModelHost<Probe>(models[0]);
        using var stop = new CancellationTokenSource();
        long uses = 0;
        var readers = Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(() =>
        {
            var last = 0;
            while (!stop.IsCancellationRequested)
            {
                using var lease = host.Acquire();
                var seen = lease.Model.Use();
                Thread.Yield();
                // Still the same model, still alive, and never an older one than before.
                Assert.Equal(seen, lease.Model.Use());
                Assert.True(seen >= last);
                last = seen;
                Interlocked.Increment(ref uses);
            }
        }, stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();

        for (var i = 1; i <= swaps; i++)
        {
            var before = Interlocked.Read(ref uses);
            host.Swap(models[i]);
            // Let some request pass between swaps, so that swaps meet leases.
            while (Interlocked.Read(ref uses) == before && !readers.Any(reader => reader.IsFaulted)) Thread.Yield();
        }
        await stop.CancelAsync();
        await Task.WhenAll(readers);

        Assert.All(models[..^1], model => Assert.Equal(1, model.Disposals));
        Assert.Equal(0, models[^1].Disposals);
        host.Dispose();
        Assert.Equal(1, models[^1].Disposals);
        Assert.True(uses >= swaps);
    }

    private sealed class Probe(int number) : IDisposable
    {
        private int disposals;

        public int Disposals => Volatile.Read(ref disposals);

        public int Use()
        {
            ObjectDisposedException.ThrowIf(Disposals > 0, this);
            return number;
        }

        public void Dispose() => Interlocked.Increment(ref disposals);
    }
}
