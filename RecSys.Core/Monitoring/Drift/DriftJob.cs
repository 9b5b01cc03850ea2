using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RecSys.Core.Events;
using RecSys.Core.Models;
using RecSys.Core.Monitoring.Windows;

namespace RecSys.Core.Monitoring.Drift;

/// <summary>
/// Counts once a second the lists that were taken, off every request; reads at the start what an earlier process left and writes it once a
/// minute and when the server stops; and, where that is wanted, asks for a training when the last day shows drift.
/// </summary>
internal sealed class DriftJob : BackgroundService
{
    /// <summary>Time between two looks at what was taken.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly DriftSampler sampler;
    private readonly DriftWindows windows;
    private readonly DriftFigures figures;
    private readonly LiveState state;
    private readonly IRetraining? retraining;
    private readonly MonitoringOptions options;
    private readonly TimeProvider time;
    private readonly ILogger<DriftJob> logger;
    private readonly KeptWindows kept;

    public DriftJob(
        DriftSampler sampler, DriftWindows windows, DriftFigures figures, LiveState state, IRetraining? retraining,
        IOptions<MonitoringOptions> options, WindowFile file, TimeProvider time, ILogger<DriftJob> logger)
    {
        (this.sampler, this.windows, this.figures, this.state, this.retraining) = (sampler, windows, figures, state, retraining);
        (this.options, this.time, this.logger) = (options.Value, time, logger);
        kept = new KeptWindows(file, "drift counts", time, logger);
    }

    /// <summary>The file that the counts are kept in.</summary>
    public static WindowFile FileAt(string path) => new(path, "RSDRIFT1", 1);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        kept.Read(windows.Restore);
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Count();
        kept.Write(windows.Slots());
    }

    /// <summary>Counts what was taken.</summary>
    internal void Count() => sampler.Drain(sample =>
    {
        // A version that has gone in the meantime has no reference any more, and nobody who would ask.
        windows.Count(sample, figures.ReferenceOf(sample.Version), state.Catalog);
    });

    /// <summary>Asks for a training if the options want that and the last day shows drift.</summary>
    internal void ConsiderRetraining()
    {
        if (!options.RetrainOnDrift || retraining is null) return;
        var window = figures.Read(DriftFigures.Day);
        if (window.Status != DriftStatus.Drift) return;
        var responsible = string.Join(", ", window.Responsible.Take(5));
        if (retraining.TryBegin($"drift of {responsible}")) logger.RetrainingAsked(window.Reference ?? "", responsible);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        MonitoringTurns.Of("count of drift", Every, time, logger).RunAsync(Turn, stoppingToken);

    private void Turn()
    {
        Count();
        if (!kept.IsDue()) return;
        kept.Write(windows.Slots());
        ConsiderRetraining();
    }
}
