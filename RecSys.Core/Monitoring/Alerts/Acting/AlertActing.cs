using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RecSys.Core.Monitoring.Alerts.Keeping;

namespace RecSys.Core.Monitoring.Alerts.Acting;

/// <summary>
/// Does what red sets in motion, beside the looks, so that none waits for it. What it did is noted with the incident, so a restart does it
/// once more only if it died in the middle; the actions themselves see to it that twice is not worse than once.
/// </summary>
internal sealed class AlertActing(
    AlertCenter center, IEnumerable<IAlertAction> actions, AlertAuditor auditor, TimeProvider time, ILogger<AlertActing> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <summary>Takes all actions that are wanted now.</summary>
    public async Task ActAsync(CancellationToken cancellationToken)
    {
        foreach (var red in center.Wanting())
        {
            var acts = new List<IncidentAct>();
            foreach (var action in actions)
            {
                // A later one knows what came of the earlier ones.
                var known = red with { Incident = red.Incident with { Acts = [.. red.Incident.Acts, .. acts] } };
                if (await RunAsync(action, known, cancellationToken) is not { } outcome) continue;
                var act = new IncidentAct(action.Name, time.GetUtcNow(), outcome);
                acts.Add(act);
                auditor.Write(red.Incident.Id, act);
                logger.AlertActed(red.Incident.Id, act.Action, outcome);
            }
            center.Acted(red.Incident.Id, acts);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pace, time);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await ActAsync(stoppingToken);
    }

    private async Task<string?> RunAsync(IAlertAction action, RedAlert red, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(IncidentBook.LongestAct, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await action.ActAsync(red, either.Token).WaitAsync(either.Token);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            var reason = fault is OperationCanceledException
                ? $"not done within {IncidentBook.LongestAct.TotalSeconds:0} s" : fault.Message;
            logger.AlertActFailed(action.Name, reason);
            return $"failed: {reason}";
        }
    }
}
