using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RecSys.Core.Domain;
using RecSys.Core.Monitoring.Windows;

namespace RecSys.Core.Monitoring.Business;

/// <summary>
/// Counts once a second, off every request, reads at the start what an earlier process left, and writes the figures once a minute and when
/// the server stops.
/// </summary>
internal sealed class BusinessJob : BackgroundService
{
    /// <summary>Time between two looks at what came.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly BusinessTail tail;
    private readonly BusinessLedger ledger;
    private readonly TimeProvider time;
    private readonly TimeProvider served;
    private readonly ILogger<BusinessJob> logger;
    private readonly KeptWindows kept;
    private readonly RepeatedReports reports;
    private string? toldCurrency;
    private long otherCurrency;
    private readonly SemaphoreSlim turn = new(1, 1);

    public BusinessJob(
        BusinessTail tail, BusinessLedger ledger, WindowFile file, TimeProvider time,
        [FromKeyedServices(ServedTime.Key)] TimeProvider served, ILogger<BusinessJob> logger)
    {
        (this.tail, this.ledger, this.time, this.served, this.logger) = (tail, ledger, time, served, logger);
        kept = new KeptWindows(file, "business figures", time, logger);
        reports = new RepeatedReports(time, TimeSpan.FromMinutes(10));
    }

    /// <summary>The file that the figures are kept in.</summary>
    public static WindowFile FileAt(string path) => new(path, "RSBUSINE", 1);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Restore();
        return base.StartAsync(cancellationToken);
    }

    // What is served and written until then is counted by the next start.
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        kept.Write(tail.Slots());
    }

    public override void Dispose()
    {
        turn.Dispose();
        base.Dispose();
    }

    /// <summary>Takes over what an earlier process left.</summary>
    internal void Restore() => kept.Read(tail.Restore);

    /// <summary>Counts all that came.</summary>
    internal async Task CountAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            while (await tail.RunOnceAsync(served.GetUtcNow().ToUnixTimeMilliseconds(), cancellationToken))
            {
            }
            TellOfCurrency();
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // The stores say by themselves that they cannot be read; what came is counted once they can.
            if (reports.IsDue(fault, out var times)) logger.BusinessNotCounted(fault, times);
        }
        finally
        {
            turn.Release();
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        MonitoringTurns.Of("count of business figures", Every, time, logger).RunAsync(TurnAsync, stoppingToken);

    private async Task TurnAsync(CancellationToken cancellationToken)
    {
        await CountAsync(cancellationToken);
        if (kept.IsDue()) kept.Write(tail.Slots());
    }

    // What nobody chose stays for as long as the figures do, so it is said; and that it leaves money out, for as long as it does.
    private void TellOfCurrency()
    {
        if (ledger.FoundCurrency is not { } found) return;
        if (found != toldCurrency) logger.CurrencyFound(toldCurrency = found);
        var others = ledger.ReadLeftOut()[(int)LeftOut.OtherCurrency];
        var more = others - otherCurrency;
        otherCurrency = others;
        if (more > 0 && reports.IsDue(nameof(LeftOut.OtherCurrency), more, out var times)) logger.OtherCurrencyLeftOut(found, times);
    }
}
