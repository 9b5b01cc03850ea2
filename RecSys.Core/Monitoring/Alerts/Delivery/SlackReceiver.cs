using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using RecSys.Core.Monitoring.Alerts.Keeping;

namespace RecSys.Core.Monitoring.Alerts.Delivery;

/// <summary>A webhook as Slack has it, and Mattermost, Rocket.Chat and others after it: a text with a coloured attachment. Told of
/// everything.</summary>
internal sealed class SlackReceiver(Uri address) : IAlertReceiver
{
    public const string Name = "slack";

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public AlertChannel Channel { get; } = new(Name, AlertLevel.Yellow);

    public Uri Address => address;

    public byte[] Body(AlertMessage message)
    {
        var body = new JsonObject
        {
            ["text"] = Escaped($"RecSys: {message.Title}"),
            ["attachments"] = new JsonArray(new JsonObject
            {
                ["color"] = message.IsResolve ? "good" : message.Level == AlertLevel.Red ? "danger" : "warning",
                ["fallback"] = Escaped(message.Title),
                ["text"] = Escaped(string.Join('\n', message.Lines)),
                ["footer"] = Escaped($"incident {message.Incident}"),
                ["ts"] = message.At.ToUnixTimeSeconds(),
            }),
        };
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Readable)) body.WriteTo(writer);
        return stream.ToArray();
    }

    // The three characters that Slack reads as markup of links and mentions.
    private static string Escaped(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
