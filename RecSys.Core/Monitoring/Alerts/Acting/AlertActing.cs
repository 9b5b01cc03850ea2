using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RecSys.Core.Domain;
using RecSys.Core.Monitoring.Alerts.Keeping;

namespace RecSys.Core.Monitoring.Alerts.Acting;

/// <summary>
/// Does what red sets in motion, beside the looks, so that none waits for it. What it did is noted with the incident, so a restart does it
/// once more only if it died in the middle; the actions themselves see to it that twice is not worse than once. What failed and is worth
/// doing late is tried again with growing pauses, a day at most, whatever becomes of the incident.
/// </summary>
internal sealed class AlertActing(
    AlertCenter center, IEnumerable<IAlertAction> actions, AlertAuditor auditor, TimeProvider time, ILogger<AlertActing> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly RepeatedReports reports = new(time, TimeSpan.FromMinutes(10));

    /// <summary>Takes all actions that are wanted now, and those that failed and are due again.</summary>
    public async Task ActAsync(CancellationToken cancellationToken)
    {
        foreach (var red in center.Wanting())
        {
            var acts = new List<IncidentAct>();
            foreach (var action in actions)
            {
                // A later one knows what came of the earlier ones.
                var known = red with { Incident = red.Incident with { Acts = [.. red.Incident.Acts, .. acts] } };
                var (outcome, fault) = await RunAsync(action, known, cancellationToken);
                if (fault is not null) outcome = Failed(action, known, fault);
                else center.Settle(red.Incident.Id, action.Name);
                if (outcome is not null) acts.Add(Note(red.Incident.Id, action.Name, outcome));
            }
            center.Acted(red.Incident.Id, acts);
        }
        foreach (var owed in center.DueAgain()) await MakeUpAsync(owed, cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        MonitoringTurns.Of("acting on red alerts", Pace, time, logger).RunAsync(ActAsync, stoppingToken);

    private string Failed(IAlertAction action, RedAlert red, string fault)
    {
        if (!action.IsMadeUpFor)
        {
            logger.AlertActFailed(action.Name, fault);
            return $"failed: {fault}";
        }
        var now = time.GetUtcNow();
        Owe(new OwedAct(action.Name, red.Incident, [.. red.Alerts.Select(alert => new OwedAlert(alert.Rule.Name, alert.State))],
            1, now, now + OwedAct.Pause(1), fault));
        return $"failed, and is tried again: {fault}";
    }

    private async Task MakeUpAsync(OwedAct owed, CancellationToken cancellationToken)
    {
        var action = actions.FirstOrDefault(each => each.Name == owed.Action);
        // A rule may be gone in a newer program, and so may an action.
        var alerts = owed.Alerts.SelectMany(
            alert => AlertRules.All.Where(rule => rule.Name == alert.Rule).Select(rule => (rule, alert.State))).ToList();
        if (action is null || alerts.Count == 0)
        {
            center.Settle(owed.Incident.Id, owed.Action);
            return;
        }
        var (outcome, fault) = await RunAsync(action, new RedAlert(owed.Incident, alerts), cancellationToken);
        var tries = owed.Tries + 1;
        if (fault is null) center.MadeUp(owed.Incident.Id, Note(owed.Incident.Id, owed.Action, $"{outcome}, after {tries} tries"));
        else if (tries >= OwedAct.MostTries) GiveUp(owed with { Tries = tries, Fault = fault });
        else Owe(owed with { Tries = tries, Next = time.GetUtcNow() + OwedAct.Pause(tries), Fault = fault });
    }

    private void Owe(OwedAct act)
    {
        if (reports.IsDue($"{act.Action}: {act.Fault}", 1, out var times))
            logger.AlertActOwed(act.Action, act.Incident.Id, times, act.Fault);
        if (center.Owe(act) is { } gone) GiveUp(gone);
    }

    private void GiveUp(OwedAct act)
    {
        logger.AlertActFailed(act.Action, act.Fault);
        center.MadeUp(act.Incident.Id, Note(act.Incident.Id, act.Action, $"given up after {act.Tries} tries: {act.Fault}"));
    }

    private IncidentAct Note(string incident, string action, string outcome)
    {
        var act = new IncidentAct(action, time.GetUtcNow(), outcome);
        auditor.Write(incident, act);
        logger.AlertActed(incident, action, outcome);
        return act;
    }

    private async Task<(string? Outcome, string? Fault)> RunAsync(IAlertAction action, RedAlert red, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(IncidentBook.LongestAct, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return (await action.ActAsync(red, either.Token).WaitAsync(either.Token), null);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, fault is OperationCanceledException
                ? $"not done within {IncidentBook.LongestAct.TotalSeconds:0} s" : fault.Message);
        }
    }
}
