using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using RecSys.Core.Import.Files;

namespace RecSys.Core.Import.Rows;

/// <summary>JSON objects, one per line or the elements of one array.</summary>
internal sealed class JsonRecordSource : IRecordSource
{
    private readonly ColumnNames columns;
    private readonly ImportLedger ledger;
    private readonly JsonRows rows;
    // Rows of a file mostly have the same names.
    private string[] lastNames = [];
    private string?[] lastFields = [];
    private bool holdsRatings;
    private JsonDocument? document;
    private byte[] current = [];

    internal JsonRecordSource(string path, ColumnNames columns, ImportLedger ledger)
    {
        (this.columns, this.ledger) = (columns, ledger);
        rows = new JsonRows(path);
    }

    public long? Length => rows.Length;
    public long Position => rows.Position;
    public long Line => rows.Line;
    public string Raw => Encoding.UTF8.GetString(current);

    public bool TryRead([NotNullWhen(true)] out RecordFields? fields)
    {
        while (rows.TryRead(out var row))
        {
            current = row.ToArray();
            try
            {
                document?.Dispose();
                document = null;
                document = JsonRow.Parse(current);
                fields = Fields(document.RootElement);
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
        rows.Dispose();
    }

    private JsonFields Fields(JsonElement row)
    {
        Resolve(row);
        var values = new Dictionary<string, JsonElement>(lastFields.Length, StringComparer.Ordinal);
        var at = 0;
        foreach (var property in row.EnumerateObject())
        {
            if (lastFields[at++] is not { } field || property.Value.ValueKind == JsonValueKind.Null) continue;
            if (!values.TryAdd(field, property.Value)) throw new RowException($"{field} is there twice, once as {property.Name}");
        }
        return new JsonFields(values, holdsRatings);
    }

    private void Resolve(JsonElement row)
    {
        if (IsLast(row)) return;
        var names = row.EnumerateObject().Select(property => property.Name).ToArray();
        var fields = columns.Resolve(names);
        foreach (var unknown in columns.Unknown(fields))
        {
            var nearest = FieldNames.Nearest(columns.Kind, unknown) is { } near
                ? $"did you mean {near}?" : $"leave it out with --ignore {unknown}, or name its field with --column";
            throw new RowException(
                $"{unknown}, {JsonRow.Place(current, unknown)}, is no field of {RecordKinds.Name(columns.Kind)}; {nearest} They have "
                    + $"{FieldNames.List(columns.Kind)}");
        }
        var value = Array.IndexOf(fields, "value");
        (lastNames, lastFields, holdsRatings) = (names, fields, value >= 0 && FieldNames.IsRating(names[value]));
    }

    private bool IsLast(JsonElement row)
    {
        var at = 0;
        foreach (var property in row.EnumerateObject())
        {
            if (at == lastNames.Length || !property.NameEquals(lastNames[at])) return false;
            at++;
        }
        return at == lastNames.Length && at > 0;
    }
}
