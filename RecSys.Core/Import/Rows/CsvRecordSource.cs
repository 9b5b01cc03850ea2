using System.Diagnostics.CodeAnalysis;

namespace RecSys.Core.Import.Rows;

internal sealed class CsvRecordSource : IRecordSource
{
    private readonly TableReader table;
    private readonly NumberReading numbers;
    private readonly bool holdsRatings;

    internal CsvRecordSource(
        string path, ColumnNames names, NumberReading numbers, ImportOptions options, ImportLedger ledger)
    {
        this.numbers = numbers;
        table = TableReader.Open(path, ledger, names, options);
        holdsRatings = table.Columns.TryGetValue("value", out var value) && FieldNames.IsRating(table.Header[value]);
        Note = table.Separator == ',' ? null : $"columns are separated by {Delimiter.Name(table.Separator)}";
    }

    public string? Note { get; }
    public long? Length => table.Length;
    public long Position => table.Position;
    public long Line => table.Line;
    public long Lines => table.Lines;
    public string Raw => table.Raw;

    public bool TryRead([NotNullWhen(true)] out RecordFields? fields)
    {
        fields = table.TryRead(out var row) ? new CsvFields(row, table.Separator, numbers, holdsRatings) : null;
        return fields is not null;
    }

    public void Dispose() => table.Dispose();
}
