using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RecSys.Core.Domain;
using RecSys.Core.Storage.ModelStates;

namespace RecSys.Core.Models;

/// <summary>
/// Asks the store every few seconds who is champion and swaps a new one in without a restart. A version that fails a check is refused, the
/// old one goes on serving, and the refusal is logged once; when the files change, it is tried again.
/// </summary>
public sealed class ChampionWatcher(
    ModelRegistry registry,
    ModelPool<ServingModel> pool, ModelLoader loader, TimeProvider time, ModelMetrics metrics, ILogger<ChampionWatcher> logger)
    : BackgroundService
{
    /// <summary>Time between two looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>A fault that stays is logged again after this time, with the number of looks that met it.</summary>
    public static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(10);

    private readonly RepeatedReports unreadable = new(time, LogInterval);
    private readonly RepeatedReports gone = new(time, LogInterval);
    private readonly SemaphoreSlim looking = new(1, 1);

    /// <summary>Looks once. One look at a time: a slow one must not promote what it read before a faster one did.</summary>
    /// <returns>True when another model serves now.</returns>
    public async Task<bool> CheckAsync(CancellationToken cancellationToken)
    {
        await looking.WaitAsync(cancellationToken);
        try
        {
            return await LookAsync(cancellationToken);
        }
        finally
        {
            looking.Release();
        }
    }

    public override void Dispose()
    {
        looking.Dispose();
        base.Dispose();
    }

    private async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        ModelRecord? champion;
        try
        {
            champion = await registry.ReadChampionAsync(cancellationToken);
        }
        catch (RecSysException fault)
        {
            if (unreadable.IsDue(fault.Message, 1, out var times)) logger.ChampionUnreadable(times, fault.Message);
            return false;
        }
        unreadable.Clear();
        if (champion is null) return false;
        if (champion.Version == pool.Champion)
        {
            TellIfGone(champion.Version);
            return false;
        }
        var (refusal, isNews) = await loader.LoadAsync(champion.Version, cancellationToken);
        if (refusal is not null)
        {
            if (!isNews) return false;
            metrics.Refused(refusal.Cause);
            logger.ChampionRefused(champion.Version, pool.Champion, refusal.Reason);
            return false;
        }
        pool.Promote(champion.Version);
        metrics.Swapped();
        logger.ChampionSwapped(champion.Version);
        LogRemark(champion.Version);
        return true;
    }

    // What serves is in memory and mapped files outlive their names, so nothing fails before the next start: this is the time to say it.
    private void TellIfGone(string version)
    {
        if (File.Exists(Path.Combine(registry.ModelsRoot, version, BundleFiles.Manifest))) gone.Clear();
        else if (gone.IsDue(version, 1, out var times)) logger.ChampionGone(version, times);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new SteadyTurns(Interval, time, (fault, times) => logger.ChampionCheckFailed(fault, times)).RunAsync(CheckAsync, stoppingToken);

    private void LogRemark(string version)
    {
        if (!pool.TryAcquire(version, out var lease)) return;
        using (lease)
        {
            if (lease.Model.Bundle.IndexRemark is { } remark) logger.IndexRemark(version, remark);
        }
    }
}
