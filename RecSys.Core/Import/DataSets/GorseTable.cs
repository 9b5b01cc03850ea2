using System.Buffers;
using System.Text.Json;
using RecSys.Core.Domain;
using RecSys.Core.Import.Rows;

namespace RecSys.Core.Import.DataSets;

/// <summary>
/// A table that a dashboard of gorse before its JSON lines exported: <c>users.csv</c>, <c>items.csv</c> or <c>feedback.csv</c>, told apart
/// by the header. Each row becomes the JSON object that later versions write.
/// </summary>
internal static class GorseTable
{
    private static readonly (string Column, string Field)[] Fields =
    [
        ("feedback_type", "FeedbackType"), ("user_id", "UserId"), ("item_id", "ItemId"), ("is_hidden", "IsHidden"),
        ("time_stamp", "Timestamp"), ("timestamp", "Timestamp"), ("description", "Comment"), ("comment", "Comment"), ("value", "Value"),
    ];

    /// <param name="path">The file.</param>
    /// <param name="ledger">Counts the rows.</param>
    /// <param name="read">Takes one; false where it names no user.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="RecSysException">The file is missing, is no such table, or has too many malformed rows.</exception>
    internal static void Read(
        string path, ImportLedger ledger, Func<JsonElement, bool> read, IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        var table = TableReader.Csv(path, ledger);
        if (!table.Columns.ContainsKey("user_id") && !table.Columns.ContainsKey("item_id"))
        {
            table.Dispose();
            throw new RecSysException($"{path} is no table of gorse's: it has neither a column user_id nor item_id (it has: "
                + $"{HeaderFields.Shown(table.Header)}). Nothing was imported.");
        }
        TableLoop.Read(table, Path.GetFileName(path), ledger, row =>
        {
            using var document = Document(row);
            if (!read(document.RootElement)) throw new RowException("user_id is missing");
        }, progress, ct);
    }

    private static JsonDocument Document(TableRow row)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            foreach (var (column, field) in Fields)
            {
                if (row.Text(column) is not { } text) continue;
                if (field == "Value" && FieldText.Number(text, column) is { } number) json.WriteNumber(field, number);
                else if (field != "Value") json.WriteString(field, text);
            }
            if (row.Text("categories") is { } categories) Words(json, "Categories", categories);
            if (row.Text("labels") is { } labels) Labels(json, labels);
            json.WriteEndObject();
        }
        return JsonDocument.Parse(bytes.WrittenMemory);
    }

    // Early versions joined them by bars, later ones wrote JSON.
    private static void Labels(Utf8JsonWriter json, string text)
    {
        if (text is not (['{', ..] or ['[', ..] or ['"', ..] or "null"))
        {
            Words(json, "Labels", text);
            return;
        }
        try
        {
            using var document = JsonDocument.Parse(text);
            json.WritePropertyName("Labels");
            document.RootElement.WriteTo(json);
        }
        catch (JsonException)
        {
            throw new RowException("labels begins like JSON and is none");
        }
    }

    private static void Words(Utf8JsonWriter json, string field, string text)
    {
        json.WriteStartArray(field);
        foreach (var word in text.Split('|', StringSplitOptions.RemoveEmptyEntries)) json.WriteStringValue(word);
        json.WriteEndArray();
    }
}
