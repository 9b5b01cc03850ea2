using Microsoft.Extensions.Time.Testing;
using RecSys.Core.Domain;
using RecSys.Core.Models;

namespace RecSys.Tests.Models;

public sealed class ModelPoolTests
{
    [Fact]
    public void Promote_OtherVersionWhileLeased_LeavesTheLeaseItsModel()
    {
        var (first, second) = (new Probe(1), new Probe(2));
        using var pool = Pool(new ModelPoolOptions { KeepPrevious = false }, ("v1", first), ("v2", second));
        pool.Promote("v1");
        pool.Assign("u", out var one);
        pool.Assign("u", out var two);

        pool.Promote("v2");
        var assignment = pool.Assign("u", out var three);

        Assert.Equal(new Assignment("none", "control", "v2", Policy.Default.Hash), assignment);
        Assert.Same(first, one.Model);
        Assert.Same(second, three.Model);
        Assert.False(pool.TryAcquire("v1", out _));
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
        var first = new Probe(1);
        using var pool = Pool(null, ("v1", first));
        Assert.True(pool.TryAcquire("v1", out var one));
        Assert.True(pool.TryAcquire("v1", out var two));
        Assert.True(pool.Retire("v1"));

        one.Dispose();
        one.Dispose();

        Assert.Equal(0, first.Disposals);
        Assert.Throws<ObjectDisposedException>(() => one.Model);
        two.Dispose();
        Assert.Equal(1, first.Disposals);
    }

    [Fact]
    public void Promote_KeepPrevious_HoldsExactlyOneAndGoesBackWithoutLoading()
    {
        var probes = Enumerable.Range(1, 3).Select(i => new Probe(i)).ToArray();
        using var pool = Pool(null, ("v1", probes[0]), ("v2", probes[1]), ("v3", probes[2]));
        foreach (var version in (string[])["v1", "v2", "v3"]) pool.Promote(version);

        Assert.Equal([1, 0, 0], probes.Select(probe => probe.Disposals));
        pool.Promote("v2");
        Assert.Equal("v2", pool.Champion);
        Assert.True(pool.RetirePrevious());
        Assert.False(pool.RetirePrevious());

        Assert.Equal([1, 0, 1], probes.Select(probe => probe.Disposals));
    }

    [Fact]
    public void Route_Split_SendsEachSubjectToTheModelOfItsArm()
    {
        using var pool = Pool(null, ("v1", new Probe(1)), ("v2", new Probe(2)));
        pool.Promote("v1");
        var split = new TrafficSplit("exp", [new TrafficArm("control", "v1", "p", 5000), new TrafficArm("challenger", "v2", "q", 5000)]);
        pool.Route(split);

        var seen = new HashSet<Assignment>();
        foreach (var user in Enumerable.Range(0, 200).Select(i => $"user-{i}"))
        {
            var assignment = pool.Assign(user, out var lease);
            using (lease) Assert.Equal(assignment.ModelVersion, $"v{lease.Model.Use()}");
            Assert.Equal(split.Assign(user), assignment);
            seen.Add(assignment);
        }
        Assert.Equal(2, seen.Count);

        pool.Route(null);
        Assert.Equal("none", pool.Assign("user-0", out var last).Experiment);
        last.Dispose();
    }

    [Fact]
    public void Route_VersionThatIsNotInMemory_IsRefusedAndTheOldTrafficStays()
    {
        using var pool = Pool(null, ("v1", new Probe(1)));
        var split = new TrafficSplit("exp", [new TrafficArm("control", "v1", "p", 9000), new TrafficArm("challenger", "v9", "p", 1000)]);
        Assert.Throws<InvalidOperationException>(() => pool.Route(split));
        pool.Promote("v1");

        var refusal = Assert.Throws<RecSysException>(() => pool.Route(split));

        Assert.Contains("v9", refusal.Message, StringComparison.Ordinal);
        Assert.Null(pool.Split);
    }

    [Fact]
    public void Retire_VersionThatServes_IsRefused()
    {
        var probes = Enumerable.Range(1, 3).Select(i => new Probe(i)).ToArray();
        using var pool = Pool(new ModelPoolOptions { KeepPrevious = false }, ("v1", probes[0]), ("v2", probes[1]), ("v3", probes[2]));
        pool.Promote("v1");
        pool.Route(new TrafficSplit("exp", [new TrafficArm("control", "v1", "p", 9000), new TrafficArm("challenger", "v2", "p", 1000)]));

        Assert.Throws<InvalidOperationException>(() => pool.Retire("v1"));
        Assert.Throws<InvalidOperationException>(() => pool.Retire("v2"));
        Assert.False(pool.Retire("v9"));
        // The old champion is still the control arm of the rollout.
        pool.Promote("v3");
        Assert.Equal([0, 0, 0], probes.Select(probe => probe.Disposals));
        pool.Route(null);
        Assert.True(pool.Retire("v1"));
        Assert.True(pool.Retire("v2"));
        Assert.Equal([1, 1, 0], probes.Select(probe => probe.Disposals));
    }

    [Fact]
    public void Add_TwiceOrTooMany_ThrowsAndDisposesTheModel()
    {
        using var pool = Pool(null, [.. Enumerable.Range(1, ModelPool<Probe>.MaxLive - 1).Select(i => ($"v{i}", new Probe(i)))]);
        var again = new Probe(1);
        Assert.Throws<InvalidOperationException>(() => pool.Add("v1", again, 1));
        Assert.Equal(1, again.Disposals);
        Assert.False(pool.IsFull);
        pool.Add("last", new Probe(1), 1);

        var late = new Probe(1);
        Assert.True(pool.IsFull);
        Assert.Throws<InvalidOperationException>(() => pool.Add("late", late, 1));
        Assert.Equal(1, late.Disposals);
    }

    [Fact]
    public void Assign_EmptyOrDisposedPool_SaysSo()
    {
        var pool = new ModelPool<Probe>();
        Assert.Throws<InvalidOperationException>(() => pool.Assign("u", out _));
        Assert.Throws<InvalidOperationException>(() => pool.AcquireChampion());
        Assert.Throws<InvalidOperationException>(() => pool.Promote("v1"));
        var model = new Probe(1);
        pool.Add("v1", model, 1);
        pool.Promote("v1");
        using (var lease = pool.AcquireChampion())
        {
            pool.Dispose();
            Assert.Equal(0, lease.Model.Disposals);
        }
        Assert.Equal(1, model.Disposals);
        Assert.Throws<ObjectDisposedException>(() => pool.Assign("u", out _));
        Assert.False(pool.TryAcquire("v1", out _));
        var late = new Probe(2);
        Assert.Throws<ObjectDisposedException>(() => pool.Add("v2", late, 1));
        Assert.Equal(1, late.Disposals);
        pool.Dispose();
        Assert.Equal(1, model.Disposals);
    }

    [Fact]
    public void List_EveryState_IsShownWithItsFigures()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using var pool = new ModelPool<Probe>(new ModelPoolOptions { KeepPrevious = false }, time: clock);
        pool.Add("v1", new Probe(1), 100);
        pool.Add("v2", new Probe(2), 20);
        pool.Promote("v1");
        pool.TryAcquire("v1", out var old);
        clock.Advance(TimeSpan.FromHours(1));
        var later = clock.GetUtcNow();
        pool.Promote("v2");
        pool.Add("v3", new Probe(3), 3);
        pool.Route(new TrafficSplit("exp", [new TrafficArm("control", "v2", "p", 9500), new TrafficArm("challenger", "v3", "p", 500)]));
        pool.TryAcquire("v3", out var lease);
        Assert.True(pool.Refuse(new ModelRefusal("v4", RefusalCause.Unsound, "cut", "f")));

        Assert.Equal(
            [
                new PooledModel("v2", PooledState.Champion, 20, 0, 9500, later, null),
                new PooledModel("v3", PooledState.Live, 3, 1, 500, later, null),
                new PooledModel("v1", PooledState.Retiring, 100, 1, 0, later, null),
                new PooledModel("v4", PooledState.Refused, 0, 0, 0, later, "cut"),
            ],
            pool.List());
        Assert.Equal(123, pool.TakenBytes);

        old.Dispose();
        lease.Dispose();
        Assert.Equal(["v2", "v3", "v4"], pool.List().Select(model => model.Version));
        Assert.Equal(23, pool.TakenBytes);
        Assert.Equal(0, pool.List()[1].Leases);
    }

    [Fact]
    public void Room_LimitAndMemory_TheSmallerCounts()
    {
        using var limited = Pool(new ModelPoolOptions { MaxBytes = 1 << 20 }, ("v1", new Probe(1)));
        using var free = Pool(null, ("v1", new Probe(1)));

        Assert.Equal((1 << 20) - 1, limited.Room(long.MaxValue));
        Assert.Equal(1000, limited.Room(1000));
        Assert.Equal(1000, free.Room(1000));
    }

    [Fact]
    public void Add_VersionThatWasRefused_ForgetsTheRefusal()
    {
        using var pool = new ModelPool<Probe>();
        pool.Refuse(new ModelRefusal("v1", RefusalCause.Unsound, "cut", "f"));
        Assert.Equal("cut", pool.RefusalOf("v1")?.Reason);

        pool.Add("v1", new Probe(1), 1);

        Assert.Null(pool.RefusalOf("v1"));
    }

    [Fact]
    public void Assign_ManyTimes_AllocatesNothing()
    {
        using var pool = Pool(null, ("v1", new Probe(1)), ("v2", new Probe(2)));
        pool.Promote("v1");
        pool.Route(new TrafficSplit("exp", [new TrafficArm("control", "v1", "p", 5000), new TrafficArm("challenger", "v2", "p", 5000)]));
        string[] users = [.. Enumerable.Range(0, 64).Select(i => $"user-{i}")];
        Use(pool, users, 100);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Use(pool, users, 10_000);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        static void Use(ModelPool<Probe> pool, string[] users, int times)
        {
            for (var i = 0; i < times; i++)
            {
                pool.Assign(users[i % users.Length], out var lease);
                using (lease) lease.Model.Use();
            }
        }
    }

    private static ModelPool<Probe> Pool(ModelPoolOptions? options, params (string Version, Probe Model)[] models)
    {
        var pool = new ModelPool<Probe>(options);
        foreach (var (version, model) in models) pool.Add(version, model, bytes: 1);
        return pool;
    }
}
