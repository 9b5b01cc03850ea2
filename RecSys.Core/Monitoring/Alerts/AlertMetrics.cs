using System.Diagnostics.Metrics;
using RecSys.Core.Domain.Metrics;

namespace RecSys.Core.Monitoring.Alerts;

/// <summary>Instruments of the alerts.</summary>
public sealed class AlertMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string SourceName = "RecSys.Alerts";

    private static readonly AlertLevel[] Levels = [AlertLevel.Green, AlertLevel.Yellow, AlertLevel.Red];

    private readonly Counter<long> messages;
    private AlertCenter? center;

    public AlertMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(SourceName);
        meter.CreateObservableGauge("recsys_alert_state", States, description: "1 for the level that an alert rule is at, else 0")
            .Noted("1 at level red: docs/runbook.md has a section for the rule", "rule", "level");
        meter.CreateObservableGauge("recsys_alert_value", Values,
                description: "What an alert rule read last, in its own unit; nothing while it has no data")
            .Noted("beside the thresholds in docs/monitoring.md", "rule");
        messages = meter.CreateCounter<long>("recsys_alert_messages", description: "Tries to deliver a message of an alert, by outcome")
            .Noted(
                "put_aside: a receiver is misconfigured or down for long, see monitoring/alerts-undelivered.jsonl", "channel", "outcome");
    }

    internal void Observe(AlertCenter alerts) => center = alerts;

    internal void Sent(string channel, string outcome) => messages.Add(1,
        new KeyValuePair<string, object?>("channel", channel), new KeyValuePair<string, object?>("outcome", outcome));

    private IEnumerable<Measurement<int>> States() => center is null ? [] : center.Read().Rules.SelectMany(each =>
        Levels.Select(level => new Measurement<int>(each.State.Level == level ? 1 : 0,
            new KeyValuePair<string, object?>("rule", each.Rule.Name), new KeyValuePair<string, object?>("level", level.Name()))));

    private IEnumerable<Measurement<double>> Values() => center is null ? [] : center.Read().Rules
        .Where(each => each.State is { HasData: true, Value: not null })
        .Select(each => new Measurement<double>(each.State.Value!.Value, new KeyValuePair<string, object?>("rule", each.Rule.Name)));
}
