using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using RecSys.Core.Domain;

namespace RecSys.Core.Merchandising;

/// <summary>
/// The written form of rules. Canonical: without white space, names in alphabetical order, what is not set left out, times in whole
/// milliseconds of UTC; equal rules give equal texts on every machine.
/// </summary>
public static class RuleJson
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    // Nobody puts these texts into a page as they are.
    private static readonly JsonWriterOptions Short = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 3, AllowDuplicateProperties = false };

    public static string Write(Rule rule)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Short))
        {
            json.WriteStartObject();
            if (rule.By is { } by) json.WriteString("by", RuleNames.Of(by));
            json.WriteBoolean("enabled", rule.Enabled);
            if (rule.Ends is { } ends) json.WriteString("ends", Time(ends));
            if (rule.Factor is { } factor) json.WriteNumber("factor", factor);
            if (rule.Filter is { } filter) json.WriteString("filter", filter);
            json.WriteString("id", rule.Id);
            if (rule.Item is { } item) json.WriteString("item", item);
            json.WriteString("kind", RuleNames.Of(rule.Kind));
            if (rule.Most is { } most) json.WriteNumber("most", most);
            json.WriteString("name", rule.Name);
            if (rule.Position is { } position) json.WriteNumber("position", position);
            json.WriteNumber("priority", rule.Priority);
            json.WriteStartArray("scenarios");
            foreach (var scenario in rule.Scenarios.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
                json.WriteStringValue(scenario);
            json.WriteEndArray();
            if (rule.Segment is { } segment) json.WriteString("segment", segment);
            if (rule.Starts is { } starts) json.WriteString("starts", Time(starts));
            if (rule.Top is { } top) json.WriteNumber("top", top);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="RecSysException">It is no rule, or has a field or a kind that this program does not know.</exception>
    public static Rule Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            return document.RootElement.EnumerateObject().Aggregate(new Rule { Id = "", Kind = RuleKind.Pin }, With);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            var why = e is JsonException fault ? JsonFaults.Describe(fault) : e.Message;
            throw new RecSysException($"A stored rule is not valid ({why}).", e);
        }
    }

    private static Rule With(Rule rule, JsonProperty field)
    {
        var value = field.Value;
        return field.Name switch
        {
            "by" => rule with { By = RuleNames.Group(value.GetString()) ?? throw Unknown() },
            "enabled" => rule with { Enabled = value.GetBoolean() },
            "ends" => rule with { Ends = value.GetDateTimeOffset() },
            "factor" => rule with { Factor = value.GetDouble() },
            "filter" => rule with { Filter = value.GetString() },
            "id" => rule with { Id = value.GetString() ?? throw Unknown() },
            "item" => rule with { Item = value.GetString() },
            "kind" => rule with { Kind = RuleNames.Kind(value.GetString()) ?? throw Unknown() },
            "most" => rule with { Most = value.GetInt32() },
            "name" => rule with { Name = value.GetString() ?? throw Unknown() },
            "position" => rule with { Position = value.GetInt32() },
            "priority" => rule with { Priority = value.GetInt32() },
            "scenarios" => rule with { Scenarios = [.. value.EnumerateArray().Select(each => each.GetString() ?? throw Unknown())] },
            "segment" => rule with { Segment = value.GetString() },
            "starts" => rule with { Starts = value.GetDateTimeOffset() },
            "top" => rule with { Top = value.GetInt32() },
            _ => throw Unknown(),
        };
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static RecSysException Unknown() =>
        new("A stored rule has something that this version of RecSys does not know. Use the version that wrote it.");
}
