using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;
using CsvHelper;
using RecSys.Core.Domain;

namespace RecSys.Core.Import;

/// <summary>Reads a table with a header line, in UTF-8; rows that do not fit the format go to the ledger.</summary>
internal sealed class TableReader : IDisposable
{
    private const int MaxRow = 1 << 20;

    private readonly CsvReader reader;
    private readonly ImportLedger ledger;
    private readonly string path;
    private readonly Dictionary<string, int> columns = new(StringComparer.Ordinal);
    private string? malformed;

    private TableReader(string path, ImportLedger ledger, CsvReaderOptions options)
    {
        this.path = path;
        this.ledger = ledger;
        var file = ImportFiles.Open(path);
        Length = file.CanSeek ? file.Length : null;
        reader = CsvReader.Create(file, options with
        {
            TrackLineNumbers = true,
            MaxRecordSize = MaxRow,
            OnMalformedRecord = record => malformed ??= Reason(record.Reason),
        });
    }

    /// <summary>Size of the file in bytes; null for a pipe.</summary>
    internal long? Length { get; }

    /// <summary>Bytes consumed.</summary>
    internal long Position => reader.ByteOffset;

    internal IReadOnlyCollection<string> Columns => columns.Keys;

    /// <summary>Comma-separated values as in RFC 4180.</summary>
    /// <exception cref="RecSysException">The file is missing or empty, or its header is unusable or lacks a column.</exception>
    internal static TableReader Csv(string path, ImportLedger ledger, params ReadOnlySpan<string> required) =>
        Start(new TableReader(path, ledger, new CsvReaderOptions { Separator = ',' }), required);

    /// <summary>Tab-separated values without quoting.</summary>
    /// <inheritdoc cref="Csv"/>
    internal static TableReader Tsv(string path, ImportLedger ledger, params ReadOnlySpan<string> required) =>
        Start(new TableReader(path, ledger, new CsvReaderOptions { Separator = '\t', Mode = CsvMode.NoEscape }), required);

    internal bool TryRead([NotNullWhen(true)] out TableRow? row)
    {
        row = null;
        while (Next())
        {
            var problem = malformed;
            if (problem is null && reader.FieldCount != columns.Count) problem = $"the row has {reader.FieldCount} fields, the header {columns.Count}";
            if (problem is null && !Utf8.IsValid(reader.RawRecord)) problem = "the row is not valid UTF-8";
            if (problem is null)
            {
                row = new TableRow(columns, reader.Current.ToArray(), reader.LineNumber, Encoding.UTF8.GetString(reader.RawRecord));
                return true;
            }
            ledger.Reject(reader.LineNumber, problem, Encoding.UTF8.GetString(reader.RawRecord));
        }
        return false;
    }

    public void Dispose() => reader.Dispose();

    private static TableReader Start(TableReader table, ReadOnlySpan<string> required)
    {
        try
        {
            table.ReadHeader(required);
            return table;
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    private void ReadHeader(ReadOnlySpan<string> required)
    {
        ledger.StartFile(path);
        try
        {
            reader.ReadHeader();
        }
        catch (CsvFormatException failure)
        {
            throw new RecSysException($"The header of {path} cannot be read: {failure.Message} Nothing was imported.", failure);
        }
        if (reader.Headers is []) throw new RecSysException($"{path} is empty; nothing was imported.");
        foreach (var name in reader.Headers)
        {
            if (name.Length == 0) throw new RecSysException($"The header of {path} has no name for column {columns.Count + 1}; nothing was imported.");
            if (!columns.TryAdd(name, columns.Count)) throw new RecSysException($"The header of {path} names column {name} twice; nothing was imported.");
        }
        foreach (var name in required)
        {
            if (columns.ContainsKey(name)) continue;
            var found = string.Join(", ", columns.Keys.Take(20));
            throw new RecSysException($"{path} has no column {name} (it has: {(found.Length > 300 ? found[..300] + "…" : found)}); nothing was imported.");
        }
    }

    private bool Next()
    {
        malformed = null;
        try
        {
            return reader.Read();
        }
        catch (CsvFormatException failure)
        {
            throw new RecSysException($"{path} cannot be read on: {failure.Message} Perhaps a quote is not closed. Nothing was imported.", failure);
        }
    }

    private static string Reason(CsvMalformedReason reason) => reason switch
    {
        CsvMalformedReason.StrayQuote => "there is a quote inside an unquoted field",
        CsvMalformedReason.TextAfterClosingQuote => "there is text behind a closing quote",
        CsvMalformedReason.UnterminatedQuote => "a quote is not closed",
        _ => "the row is malformed",
    };
}
