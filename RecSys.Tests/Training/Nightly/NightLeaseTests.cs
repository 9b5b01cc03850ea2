using RecSys.Core.Domain;
using RecSys.Core.Training.Nightly.Runs;
using RecSys.Tests.EndToEnd;
using RecSys.Tests.Retrieval;
using RecSys.Tests.Storage;

namespace RecSys.Tests.Training.Nightly;

/// <summary>Nights of two machines over one store.</summary>
[Collection(TorchCollection.Name)]
public sealed class NightLeaseTests(NightFixture fixture)
{
    private const string Other = "elsewhere (0123abcd), process 7";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_AnotherMachineHasTheLease_IsRefusedWithItsNameAndTime()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: false);
        var held = (await rig.Database.Leases.TakeAsync(NightLease.Name, Other, NightLease.Length, ct: Ct)).Lease;

        var refusal = await Assert.ThrowsAsync<RecSysException>(() => rig.RunAsync());

        Assert.Contains($"on another machine already ({Other}", refusal.Message, StringComparison.Ordinal);
        Assert.True(refusal.IsSkip);
        Assert.Contains($"{held.ExpiresAt:u}", refusal.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(rig.Folder));
        Assert.Equal(held, await rig.Database.Leases.FindAsync(NightLease.Name, Ct));
    }

    [Fact]
    public async Task Run_LeaseThatExpired_IsTakenOverWithAMessageAndGivenBack()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: true);
        var before = (await rig.Database.Leases.TakeAsync(NightLease.Name, Other, TimeSpan.Zero, ct: Ct)).Lease;

        await rig.RunAsync();

        Assert.Contains(rig.Lines, line => line.Contains($"ended without a word ({Other})", StringComparison.Ordinal));
        var given = (await rig.Database.Leases.FindAsync(NightLease.Name, Ct))!;
        Assert.Equal((before.Token + 1, true), (given.Token, given.Released));
        Assert.Contains($"process {Environment.ProcessId}", given.Owner, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TakenOverMeanwhile_StopsBeforeTheNextStep()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: false);
        rig.Finished = step =>
        {
            if (step == "validate")
                rig.Database.Leases.TakeAsync(NightLease.Name, Other, NightLease.Length, _ => true, Ct).GetAwaiter().GetResult();
        };

        var stopped = await Assert.ThrowsAsync<RecSysException>(() => rig.RunAsync());

        Assert.Contains($"another one has taken over ({Other})", stopped.Message, StringComparison.Ordinal);
        Assert.Equal(["collect", "validate"], Directory.GetFiles(Path.Combine(rig.Folder, "steps")).Order(StringComparer.Ordinal)
            .Select(path => Path.GetFileNameWithoutExtension(path)[3..]));
        // It is the other's, and stays so.
        Assert.False((await rig.Database.Leases.FindAsync(NightLease.Name, Ct))!.Released);
    }

    [Fact]
    public async Task Renewal_WhileTheRunGoesOn_KeepsOthersOutBeyondTheFirstTime()
    {
        await using var store = await SqliteBackend.OpenAsync();
        await using var lease = await NightLease.TakeAsync(store.Leases, NightLease.Length, store.Clock, Ct);
        for (var renewals = 1; renewals <= 6; renewals++)
        {
            store.Clock.Advance(NightLease.Length / 3);
            await ProcessRig.UntilAsync("the lease is renewed", async () =>
                (await store.Leases.FindAsync(NightLease.Name, Ct))!.Renewals >= renewals);
        }

        var refused = await store.Leases.TakeAsync(NightLease.Name, Other, NightLease.Length, ct: Ct);

        Assert.False(refused.Taken);
        Assert.Equal(store.Clock.GetUtcNow() + NightLease.Length, refused.Lease.ExpiresAt);
        Assert.False(lease.Lost.IsCancellationRequested);
        // Once somebody has it in spite of that, the run is told at the next renewal.
        await store.Leases.TakeAsync(NightLease.Name, Other, NightLease.Length, _ => true, Ct);
        store.Clock.Advance(NightLease.Length / 3);
        await ProcessRig.UntilAsync("the run is told", () => Task.FromResult(lease.Lost.IsCancellationRequested));
        await Assert.ThrowsAsync<RecSysException>(() => lease.RequireAsync(Ct));
    }
}
