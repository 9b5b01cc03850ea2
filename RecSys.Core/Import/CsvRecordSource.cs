using System.Diagnostics.CodeAnalysis;
using RecSys.Core.Domain;

namespace RecSys.Core.Import;

internal sealed class CsvRecordSource : IRecordSource
{
    private readonly TableReader table;
    private TableRow? current;

    internal CsvRecordSource(RecordKind kind, string path, ImportLedger ledger)
    {
        table = TableReader.Csv(path, ledger, RecordParser.Required(kind));
        if (RecordParser.FindUnknown(kind, table.Columns) is not { } unknown) return;
        table.Dispose();
        throw new RecSysException($"{path} has a column {unknown}, which events do not have. They have {RecordParser.EventFieldNames}. Rename or remove it; nothing was imported.");
    }

    public long? Length => table.Length;
    public long Position => table.Position;
    public long Line => current!.Line;
    public string Raw => current!.Raw;

    public bool TryRead([NotNullWhen(true)] out RecordFields? fields)
    {
        fields = table.TryRead(out current) ? new CsvFields(current) : null;
        return fields is not null;
    }

    public void Dispose() => table.Dispose();
}
