using System.Buffers;
using System.Text.Json;
using RecSys.Api.Contracts;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Api.Endpoints;

/// <summary>Everything about one user as JSON lines: one object a line, each with a <c>kind</c>.</summary>
internal static class UserExport
{
    public const string ContentType = "application/jsonl";

    /// <summary>Writes the archive.</summary>
    public static async Task WriteAsync(Stream target, UserArchive archive, Func<int, string?> itemId, CancellationToken cancellationToken)
    {
        foreach (var entry in archive.Entries) await LineAsync(target, writer => Write(writer, entry), cancellationToken);
        foreach (var parked in archive.Parked) await LineAsync(target, writer => Write(writer, "parked_event", parked), cancellationToken);
        foreach (var served in archive.Served) await LineAsync(target, writer => Write(writer, served, itemId), cancellationToken);
        foreach (var state in archive.States) await LineAsync(target, writer => Write(writer, state), cancellationToken);
        foreach (var letter in archive.DeadLetters) await LineAsync(target, writer => Write(writer, letter), cancellationToken);
    }

    private static async Task LineAsync(Stream target, Action<Utf8JsonWriter> write, CancellationToken cancellationToken)
    {
        // A line as a whole: the serializer flushes what it writes to, which a reply takes from nobody who does not wait.
        var line = new ArrayBufferWriter<byte>();
        await using (var writer = new Utf8JsonWriter(line))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }
        line.Write("\n"u8);
        await target.WriteAsync(line.WrittenMemory, cancellationToken);
    }

    private static void Write(Utf8JsonWriter json, LogEntry entry)
    {
        switch (entry.Change)
        {
            case EventChange change:
                Write(json, "event", change.Event);
                break;
            case UserPut put:
                json.WriteString("kind", "profile");
                json.WritePropertyName("profile");
                JsonSerializer.Serialize(json, UserBody.Of(put.User), ApiJson.Default.UserBody);
                break;
            case UserMerge merge:
                json.WriteString("kind", "merge");
                json.WriteString("from", merge.From);
                json.WriteString("into", merge.Into);
                break;
            case ListShown shown:
                json.WriteString("kind", "list_counted_as_shown");
                json.WriteString("request_id", shown.RequestId);
                json.WriteString("served_at", shown.ServedAt);
                break;
            case UserErasure:
                json.WriteString("kind", "erasure");
                break;
            default:
                json.WriteString("kind", entry.Change.Kind.ToString());
                break;
        }
        json.WriteNumber("log_position", entry.Position);
        json.WriteString("received_at", DateTimeOffset.FromUnixTimeMilliseconds(entry.ReceivedMs));
    }

    private static void Write(Utf8JsonWriter json, string kind, Event e)
    {
        json.WriteString("kind", kind);
        EventBody.WriteFields(json, e);
    }

    private static void Write(Utf8JsonWriter json, ServedRecord served, Func<int, string?> itemId)
    {
        json.WriteString("kind", "served_list");
        json.WriteString("request_id", served.RequestId);
        json.WriteString("time", served.Time);
        json.WriteString("model_version", served.Assignment.ModelVersion);
        json.WriteStartArray("items");
        foreach (var item in served.Items) json.WriteStringValue(itemId(item.Item));
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, StoredUserState state)
    {
        json.WriteString("kind", "state");
        json.WriteString("user_id", state.UserId);
        json.WriteNumber("log_position", state.Position);
        json.WriteBase64String("binary", state.State);
    }

    private static void Write(Utf8JsonWriter json, DeadLetter letter)
    {
        json.WriteString("kind", "not_handled");
        json.WriteString("received_at", letter.Received);
        json.WriteString("content", letter.Content);
    }
}
