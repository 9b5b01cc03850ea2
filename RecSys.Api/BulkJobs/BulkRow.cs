using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using RecSys.Api.Contracts.Reading;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Domain;
using RecSys.Core.Import.Meaning;

namespace RecSys.Api.BulkJobs;

/// <summary>One row: read as the single routes read a body, with the id in it.</summary>
/// <param name="Line">Its line in the file, from 1.</param>
/// <param name="Change">What to append; null when there are faults.</param>
/// <param name="Faults">What is wrong.</param>
internal readonly record struct BulkRow(long Line, LogChange? Change, IReadOnlyList<FieldFault> Faults)
{
    /// <param name="kind">What the row is.</param>
    /// <param name="line">Its line.</param>
    /// <param name="json">Its text; empty for a line that is too long.</param>
    /// <param name="now">When it was received, for events.</param>
    /// <param name="meaning">Says what events mean.</param>
    public static BulkRow Read(BulkKind kind, long line, ReadOnlyMemory<byte> json, DateTimeOffset now, FolderMeaning meaning)
    {
        if (json.IsEmpty) return new BulkRow(line, null, [new FieldFault("too_long", "", $"has more than {BodyRules.MaxBytes} bytes")]);
        if (JsonText.Find(json.Span) is { } fault)
            return new BulkRow(line, null, [new FieldFault("not_json", fault.Pointer, fault.Message)]);
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        IReadOnlyList<FieldFault> faults;
        switch (kind)
        {
            case BulkKind.Items:
                var item = ItemReading.Read(id: null, root, "", old: null, out faults);
                return new BulkRow(line, item is null ? null : new ItemPut(item), faults);
            case BulkKind.Users:
                var user = UserReading.Read(id: null, root, "", old: null, out faults);
                return new BulkRow(line, user is null ? null : new UserPut(user), faults);
            default:
                var reading = EventReading.Of(root, "", now, meaning, () => IdOf(line, json.Span));
                return new BulkRow(line, reading.Event is null ? null : new EventChange(reading.Event), reading.Faults);
        }
    }

    // The same file posted again must be the same events, also where it gives them no ids.
    private static string IdOf(long line, ReadOnlySpan<byte> json)
    {
        var bytes = new byte[8 + json.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, line);
        json.CopyTo(bytes.AsSpan(8));
        return "row_" + Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 12));
    }
}
