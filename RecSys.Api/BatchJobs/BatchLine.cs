using System.Text.Json;
using RecSys.Core.Pipeline;

namespace RecSys.Api.BatchJobs;

/// <summary>One line of a result: a user's list, or why there is none.</summary>
internal static class BatchLine
{
    /// <summary>Most bytes of a line: a hundred items by ids of the greatest length, each character escaped.</summary>
    public const int MaxBytes = 1 << 20;

    private const string User = "user_id";

    /// <summary>Writes a list.</summary>
    public static void Write(Utf8JsonWriter json, RecommendationContext context)
    {
        json.WriteStartObject();
        json.WriteString(User, context.Request.UserId);
        json.WriteString("model_version", context.Assignment.ModelVersion);
        if (context.NotPersonal is { } why) json.WriteString("not_personal", why);
        json.WriteStartArray("items");
        foreach (ref readonly var candidate in context.Candidates.Items)
        {
            json.WriteStartObject();
            json.WriteString("item_id", context.Catalog.IdOf(candidate.Item));
            json.WriteNumber("score", double.IsFinite(candidate.Score) ? Math.Round((double)candidate.Score, 6) : 0);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (context.Degraded.Count > 0)
        {
            json.WriteStartArray("degraded");
            foreach (var how in context.Degraded) json.WriteStringValue(how);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    /// <summary>Writes why a user has no list.</summary>
    public static void WriteFault(Utf8JsonWriter json, string user, string code, string detail)
    {
        json.WriteStartObject();
        json.WriteString(User, user);
        json.WriteStartObject("error");
        json.WriteString("code", code);
        json.WriteString("detail", detail);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Whose line it is.</summary>
    public static string? UserOf(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        // The user stands first.
        return reader.Read() && reader.Read() && reader.ValueTextEquals(User) && reader.Read() ? reader.GetString() : null;
    }
}
