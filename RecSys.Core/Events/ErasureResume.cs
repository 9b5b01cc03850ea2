using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Events;

/// <summary>Goes on with erasures that a process before this one was killed in: users stay in what is stored until somebody does.</summary>
public sealed class ErasureResume(IDatabase database, TimeProvider time, ILogger<ErasureResume> logger) : BackgroundService
{
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host waits for what a service does before it first gives its thread back.
        await Task.Yield();
        var reports = new RepeatedReports(time, TimeSpan.FromHours(1));
        while (true)
        {
            try
            {
                await database.FinishErasuresAsync(stoppingToken);
                return;
            }
            catch (RecSysException failure)
            {
                if (reports.IsDue(failure, out _)) logger.ErasuresNotFinished(failure.Message);
                await Task.Delay(Again, time, stoppingToken);
            }
        }
    }
}
