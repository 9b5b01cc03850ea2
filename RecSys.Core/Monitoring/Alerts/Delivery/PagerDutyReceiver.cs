using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using RecSys.Core.Monitoring.Alerts.Keeping;

namespace RecSys.Core.Monitoring.Alerts.Delivery;

/// <summary>
/// PagerDuty's Events API v2: <c>trigger</c> and <c>resolve</c> with the incident as <c>dedup_key</c>, so that a repetition is no second
/// page. Told of red alone.
/// </summary>
internal sealed class PagerDutyReceiver(Uri address, string routingKey, string source) : IAlertReceiver
{
    public const string Name = "pagerduty";

    // Of payload.summary.
    private const int MaxSummary = 1024;

    public AlertChannel Channel { get; } = new(Name, AlertLevel.Red);

    public Uri Address => address;

    public byte[] Body(AlertMessage message)
    {
        var body = new JsonObject
        {
            ["routing_key"] = routingKey,
            ["event_action"] = message.IsResolve ? "resolve" : "trigger",
            ["dedup_key"] = $"recsys/{source}/{message.Incident}",
        };
        if (!message.IsResolve)
        {
            var summary = $"RecSys on {source}: {message.Title}";
            body["payload"] = new JsonObject
            {
                ["summary"] = summary.Length <= MaxSummary ? summary : summary[..MaxSummary],
                ["source"] = source,
                ["severity"] = "critical",
                ["timestamp"] = message.At.ToString("O", CultureInfo.InvariantCulture),
                ["component"] = "recsys",
                ["custom_details"] = new JsonObject
                {
                    ["alerts"] = new JsonArray([.. message.Lines.Select(line => (JsonNode)line)]),
                    ["runbook"] = message.Runbook,
                },
            };
        }
        return Encoding.UTF8.GetBytes(body.ToJsonString());
    }
}
