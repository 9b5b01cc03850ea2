namespace RecSys.Tests.Storage;

/// <summary>One holder at a time, whatever processes ask.</summary>
public abstract class LeasesContract(Func<ValueTask<IStoreBackend>> open) : StoreContract(open)
{
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task TakeAsync_ManyAtOnce_OneGetsIt()
    {
        await using var other = Store.Another();
        var attempts = await Task.WhenAll(Enumerable.Range(0, 8).Select(at => Task.Run(
            () => (at % 2 == 0 ? Store : other).Leases.TakeAsync("night", $"owner {at}", Length, ct: Ct), Ct)));

        var winner = Assert.Single(attempts, attempt => attempt.Taken);
        Assert.All(attempts, attempt => Assert.Equal(winner.Lease, attempt.Lease));
        Assert.Equal((1L, 0L, false), (winner.Lease.Token, winner.Lease.Renewals, winner.Lease.Released));
        Assert.Equal((Sample.Noon, Sample.Noon + Length), (winner.Lease.TakenAt, winner.Lease.ExpiresAt));
        // Another piece of work is another lease.
        Assert.True((await other.Leases.TakeAsync("day", "somebody", Length, ct: Ct)).Taken);
    }

    [Fact]
    public async Task RenewAsync_WhileItIsHeld_KeepsOthersOutBeyondTheFirstTime()
    {
        var held = (await Store.Leases.TakeAsync("night", "one", Length, ct: Ct)).Lease;
        for (var i = 0; i < 3; i++)
        {
            Store.Clock.Advance(Length * 0.9);
            Assert.True(await Store.Leases.RenewAsync("night", held.Token, Length, Ct));
        }

        var refused = await Store.Leases.TakeAsync("night", "two", Length, ct: Ct);

        Assert.False(refused.Taken);
        Assert.Equal(("one", 3L), (refused.Lease.Owner, refused.Lease.Renewals));
        Assert.Equal(Sample.Noon + (Length * 0.9 * 3) + Length, refused.Lease.ExpiresAt);
    }

    [Fact]
    public async Task TakeAsync_Expired_IsTakenOverAndTheFormerHolderCannotRenewIt()
    {
        var former = (await Store.Leases.TakeAsync("night", "one", Length, ct: Ct)).Lease;
        Store.Clock.Advance(Length);

        var taken = await Store.Leases.TakeAsync("night", "two", Length, ct: Ct);

        Assert.Equal((true, "two", "one"), (taken.Taken, taken.Lease.Owner, taken.Before?.Owner));
        Assert.False(await Store.Leases.RenewAsync("night", former.Token, Length, Ct));
        // Nor give it back in the other's place.
        await Store.Leases.ReleaseAsync("night", former.Token, Ct);
        Assert.Equal(taken.Lease, await Store.Leases.FindAsync("night", Ct));
        Assert.True(await Store.Leases.RenewAsync("night", taken.Lease.Token, Length, Ct));
    }

    [Fact]
    public async Task ReleaseAsync_ByItsHolder_LetsTheNextOneInAtOnce()
    {
        var held = (await Store.Leases.TakeAsync("night", "one", Length, ct: Ct)).Lease;
        await Store.Leases.ReleaseAsync("night", held.Token, Ct);

        var next = await Store.Leases.TakeAsync("night", "two", Length, ct: Ct);

        Assert.True(next.Taken);
        Assert.Null(next.Before);
        Assert.False(await Store.Leases.RenewAsync("night", held.Token, Length, Ct));
        Assert.Null(await Store.Leases.FindAsync("another", Ct));
    }

    [Fact]
    public async Task TakeAsync_HolderKnownToBeGone_IsTakenOverBeforeItsTime()
    {
        await Store.Leases.TakeAsync("night", "one", Length, ct: Ct);

        var kept = await Store.Leases.TakeAsync("night", "two", Length, holder => holder.Owner == "three", Ct);
        var taken = await Store.Leases.TakeAsync("night", "two", Length, holder => holder.Owner == "one", Ct);

        Assert.Equal((false, true, "one"), (kept.Taken, taken.Taken, taken.Before?.Owner));
    }
}
