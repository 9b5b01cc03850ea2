using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Training.Nightly.Runs;

/// <summary>
/// One run at a time, whatever machine it is on: a lease in the store, renewed while the run lives and fenced by its token. On one machine
/// the <see cref="NightLock"/> tells more: who holds that knows that a run which left its lease behind there is gone, and need not wait.
/// </summary>
internal sealed class NightLease : IAsyncDisposable
{
    /// <summary>Name of the lease.</summary>
    public const string Name = "night";

    private const string BootFile = "/proc/sys/kernel/random/boot_id";

    private readonly ILeases leases;
    private readonly long token;
    private readonly TimeSpan length;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource ended = new();
    private readonly CancellationTokenSource lost = new();
    private readonly Task renewing;

    private NightLease(ILeases leases, LeaseAttempt attempt, TimeSpan length, TimeProvider time)
    {
        (this.leases, token, this.length, this.time, Before) = (leases, attempt.Lease.Token, length, time, attempt.Before);
        renewing = RenewAsync();
    }

    /// <summary>For how long a run that says nothing any more keeps others waiting.</summary>
    public static TimeSpan Length { get; } = TimeSpan.FromMinutes(3);

    /// <summary>Whom it was taken over from; null where the last one gave it back.</summary>
    public LeaseRecord? Before { get; }

    /// <summary>Cancelled when another run has taken over.</summary>
    public CancellationToken Lost => lost.Token;

    /// <summary>Takes the lease; the machine's <see cref="NightLock"/> is held.</summary>
    /// <param name="leases">Of the store.</param>
    /// <param name="length">See <see cref="Length"/>.</param>
    /// <param name="time">Says when to renew.</param>
    /// <param name="ct">Stops before anything is taken.</param>
    /// <exception cref="RecSysException">A run on another machine has it.</exception>
    public static async Task<NightLease> TakeAsync(ILeases leases, TimeSpan length, TimeProvider time, CancellationToken ct)
    {
        var machine = MachineOf();
        var owner = string.Create(CultureInfo.InvariantCulture, $"{machine}, process {Environment.ProcessId}");
        var attempt = await leases.TakeAsync(
            Name, owner, length, holder => holder.Owner.StartsWith($"{machine}, ", StringComparison.Ordinal), ct);
        if (attempt.Taken) return new NightLease(leases, attempt, length, time);
        throw new RecSysException($"A nightly run is at work on another machine already ({attempt.Lease.Owner}, since "
            + string.Create(CultureInfo.InvariantCulture, $"{attempt.Lease.TakenAt:u}). Wait for it, or stop it: what it has finished is ")
            + string.Create(
                CultureInfo.InvariantCulture, $"kept. Where it is gone, run the night again behind {attempt.Lease.ExpiresAt:u}."))
        {
            IsSkip = true,
        };
    }

    /// <summary>Renews it at once, as before something that only one run may do.</summary>
    /// <exception cref="RecSysException">Another run has taken over.</exception>
    public async Task RequireAsync(CancellationToken ct)
    {
        if (!lost.IsCancellationRequested && await leases.RenewAsync(Name, token, length, ct)) return;
        throw TakenOver(await leases.FindAsync(Name, ct));
    }

    /// <summary>What to say when <see cref="Lost"/> has stopped the run.</summary>
    public async Task<RecSysException> TakenOverAsync() => TakenOver(await leases.FindAsync(Name, CancellationToken.None));

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await renewing;
        try
        {
            await leases.ReleaseAsync(Name, token, CancellationToken.None);
        }
        catch (RecSysException)
        {
            // It expires, and on this machine the lock tells that the run is gone.
        }
        ended.Dispose();
        lost.Dispose();
    }

    private static RecSysException TakenOver(LeaseRecord? holder) =>
        new($"The run was stopped because another one has taken over ({holder?.Owner ?? "nobody is known"}): it had not renewed its "
            + "lease in the store for too long. What it finished is kept.");

    private async Task RenewAsync()
    {
        using var timer = new PeriodicTimer(length / 3, time);
        while (!ended.IsCancellationRequested)
        {
            await ((Task)timer.WaitForNextTickAsync(ended.Token).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ended.IsCancellationRequested) return;
            try
            {
                if (await leases.RenewAsync(Name, token, length, ended.Token)) continue;
                await lost.CancelAsync();
                return;
            }
            catch (Exception failure) when (failure is RecSysException or OperationCanceledException)
            {
                // The store is busy or gone: tried again at the next tick, and before the next step.
            }
        }
    }

    // A name alone may be that of many containers; a process of another start of the machine is gone, but its lock tells that, too.
    private static string MachineOf()
    {
        var name = Environment.MachineName;
        try
        {
            return File.Exists(BootFile) ? $"{name} ({File.ReadAllText(BootFile).Trim()[..8]})" : name;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return name;
        }
    }
}
