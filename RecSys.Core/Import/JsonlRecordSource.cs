using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace RecSys.Core.Import;

internal sealed class JsonlRecordSource(RecordKind kind, string path, ImportLedger ledger) : IRecordSource
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, AllowTrailingCommas = false, CommentHandling = JsonCommentHandling.Disallow, MaxDepth = 64 };

    private readonly LineReader lines = new(path);
    private JsonDocument? document;
    private byte[] current = [];

    public long? Length => lines.Length;
    public long Position => lines.Position;
    public long Line => lines.Line;
    public string Raw => Encoding.UTF8.GetString(current);

    public bool TryRead([NotNullWhen(true)] out RecordFields? fields)
    {
        while (lines.TryRead(out var line))
        {
            document?.Dispose();
            document = null;
            if (line.Trim(" \t"u8).IsEmpty) continue;
            current = line.ToArray();
            try
            {
                fields = Parse();
                return true;
            }
            catch (RowException bad)
            {
                ledger.Reject(Line, bad.Message, Raw);
            }
        }
        fields = null;
        return false;
    }

    public void Dispose()
    {
        document?.Dispose();
        lines.Dispose();
    }

    private JsonFields Parse()
    {
        if (!Utf8.IsValid(current)) throw new RowException("the row is not valid UTF-8");
        try
        {
            document = JsonDocument.Parse(current, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw new RowException("the row is not a JSON object");
            var fields = new JsonFields(document.RootElement);
            if (RecordParser.FindUnknown(kind, fields.Names) is not null) throw new RowException($"the row has a field that events do not have; they have {RecordParser.EventFieldNames}");
            return fields;
        }
        catch (JsonException failure)
        {
            throw new RowException($"the row is not JSON, at byte {failure.BytePositionInLine}");
        }
        catch (InvalidOperationException)
        {
            throw new RowException("a name has half of a surrogate pair");
        }
    }
}
