using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Retrieval.VectorSearch;

namespace RecSys.Core.Recommendations;

/// <summary>
/// Looks for a new champion every few seconds and swaps it in without a restart. A bundle that fails a check is refused, the old one
/// goes on serving, and the refusal is logged once.
/// </summary>
public sealed class ChampionWatcher(
    ModelRegistry registry,
    ModelHost<ServingModel> models,
    LiveState state,
    FeatureCatalogue catalogue,
    IOptions<RetrievalOptions> retrieval,
    TimeProvider time,
    ILogger<ChampionWatcher> logger) : BackgroundService
{
    /// <summary>Time between two looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly RepeatedReports reports = new(time, TimeSpan.FromMinutes(5));
    private string? refused;

    /// <summary>Looks once.</summary>
    /// <returns>True when another model serves now.</returns>
    public async Task<bool> CheckAsync(CancellationToken cancellationToken)
    {
        var champion = await registry.ReadChampionAsync(cancellationToken);
        if (champion is null || champion.Version == refused || champion.Version == Serving()) return false;
        try
        {
            var bundle = await ModelBundle.LoadAsync(registry.FolderOf(champion.Version), catalogue, retrieval.Value, cancellationToken);
            models.Swap(new ServingModel(bundle, state.Catalog));
            logger.ChampionSwapped(champion.Version);
            if (bundle.IndexRemark is { } remark) logger.IndexRemark(champion.Version, remark);
            return true;
        }
        catch (RecSysException refusal)
        {
            refused = champion.Version;
            logger.ChampionRefused(champion.Version, Serving(), refusal.Message);
            return false;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        // The host treats the cancellation of the token as a normal end.
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await CheckAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                if (reports.IsDue(exception, out var count)) logger.ChampionUnreadable(exception, count);
            }
        }
    }

    private string Serving()
    {
        using var lease = models.Acquire();
        return lease.Model.Bundle.Manifest.Version;
    }
}
