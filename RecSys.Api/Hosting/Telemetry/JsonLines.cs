using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace RecSys.Api.Hosting.Telemetry;

/// <summary>
/// Writes the log as JSON lines, each with the ids of trace and span that it belongs to; chosen with
/// <c>Logging__Console__FormatterName=json-lines</c>. Scopes are left out: those of ASP.NET Core hold paths, and paths hold ids of users.
/// </summary>
internal sealed class JsonLines() : ConsoleFormatter(FormatterName)
{
    /// <summary>What to choose it by.</summary>
    public const string FormatterName = "json-lines";

    private const string Template = "{OriginalFormat}";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("time", TimeProvider.System.GetUtcNow());
            json.WriteString("level", logEntry.LogLevel.ToString().ToLowerInvariant());
            json.WriteString("category", logEntry.Category);
            json.WriteString("message", logEntry.Formatter(logEntry.State, logEntry.Exception));
            if (Activity.Current is { } activity)
            {
                json.WriteString("trace_id", activity.TraceId.ToHexString());
                json.WriteString("span_id", activity.SpanId.ToHexString());
            }
            if (logEntry.Exception is { } exception) json.WriteString("exception", exception.ToString());
            if (logEntry.State is IReadOnlyList<KeyValuePair<string, object?>> { Count: > 0 } fields) WriteFields(json, fields);
            json.WriteEndObject();
        }
        textWriter.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static void WriteFields(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, object?>> fields)
    {
        json.WriteStartObject("fields");
        foreach (var (name, value) in fields)
        {
            if (name != Template) json.WriteString(name, Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture));
        }
        json.WriteEndObject();
    }
}
