using System.Text.Json;
using RecSys.Core.Domain;

namespace RecSys.Api.Contracts;

/// <summary>An event as <c>POST /events</c> takes it.</summary>
internal static class EventBody
{
    /// <summary>The body of a post.</summary>
    public static byte[] Post(IEnumerable<Event> events)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartArray("events");
            foreach (var e in events)
            {
                json.WriteStartObject();
                WriteFields(json, e);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return stream.ToArray();
    }

    /// <summary>Writes the fields of an event into an open object; those without a value are left out.</summary>
    public static void WriteFields(Utf8JsonWriter json, Event e)
    {
        json.WriteString("id", e.Id);
        json.WriteString("user_id", e.UserId);
        json.WriteString("item_id", e.ItemId);
        json.WriteString("type", e.Type.ToName());
        json.WriteString("time", e.Time);
        if (e.Meaning is { } meaning) json.WriteString("meaning", meaning.ToName());
        Number(json, "value", e.Value);
        Number(json, "amount", e.Amount);
        Text(json, "currency", e.Currency);
        Text(json, "revenue_source", e.RevenueSource == RevenueSource.None ? null : e.RevenueSource.ToName());
        Text(json, "session_id", e.SessionId);
        Text(json, "request_id", e.RequestId);
        Text(json, "scenario", e.Scenario);
        Number(json, "position", e.Position);
        Text(json, "device", e.Device);
        Text(json, "location", e.Location);
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }

    private static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
    }
}
