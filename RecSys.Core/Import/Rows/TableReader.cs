using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using CsvHelper;
using RecSys.Core.Domain;
using RecSys.Core.Import.Files;

namespace RecSys.Core.Import.Rows;

/// <summary>
/// Reads a table with a header line, in UTF-8, packed or not; rows that do not fit the format go to the ledger, each with all the lines
/// that it covers.
/// </summary>
internal sealed class TableReader : IDisposable
{
    /// <summary>Line breaks that one record may have unless the options say otherwise.</summary>
    internal const int MostLineBreaks = 200;

    private const int MaxRow = 1 << 20;

    private readonly CsvReader reader;
    private readonly ImportInput file;
    private readonly ImportLedger ledger;
    private readonly string path;
    private readonly int mostLineBreaks;
    private Dictionary<string, int> columns = new(StringComparer.Ordinal);
    private int width;
    private bool isNumbered;
    private long nextLine = 1;
    private string? malformed;

    private TableReader(string path, ImportLedger ledger, CsvReaderOptions options, int mostLineBreaks)
    {
        (this.path, this.ledger, this.mostLineBreaks) = (path, ledger, mostLineBreaks);
        file = ImportInput.OpenText(path);
        Separator = options.Separator ?? Delimiter.Find(file.Head);
        reader = CsvReader.Create(file, options with
        {
            Separator = Separator,
            TrackLineNumbers = true,
            MaxRecordSize = MaxRow,
            OnMalformedRecord = record => malformed ??= Reason(record.Reason),
        });
    }

    internal char Separator { get; }

    /// <summary>Size of the file in bytes, packed as it is; null for a pipe.</summary>
    internal long? Length => file.FileLength;

    /// <summary>Bytes of the file that were read, some of them ahead of the row.</summary>
    internal long Position => file.FilePosition;

    /// <summary>Number of the line on which the current row begins, from 1.</summary>
    internal long Line => reader.LineNumber;

    /// <summary>Lines that the current row covers.</summary>
    internal long Lines { get; private set; }

    /// <summary>The current row as it stands in the file.</summary>
    internal string Raw => Encoding.UTF8.GetString(reader.RawRecord);

    internal IReadOnlyDictionary<string, int> Columns => columns;

    /// <summary>The names in the header.</summary>
    internal IReadOnlyList<string> Header { get; private set; } = [];

    /// <summary>Comma-separated values as in RFC 4180.</summary>
    /// <exception cref="RecSysException">The file is missing or empty, or its header is unusable or lacks a column.</exception>
    internal static TableReader Csv(string path, ImportLedger ledger, params ReadOnlySpan<string> required) =>
        Start(new TableReader(path, ledger, new CsvReaderOptions { Separator = ',' }, MostLineBreaks), required);

    /// <summary>The same, where the first column has the number of the row and may have no name, as data frames are written; its name is
    /// empty then.</summary>
    /// <inheritdoc cref="Csv"/>
    internal static TableReader NumberedCsv(string path, ImportLedger ledger, params ReadOnlySpan<string> required) => Start(
        new TableReader(path, ledger, new CsvReaderOptions { Separator = ',' }, MostLineBreaks) { isNumbered = true }, required);

    /// <summary>Tab-separated values without quoting.</summary>
    /// <inheritdoc cref="Csv"/>
    internal static TableReader Tsv(string path, ImportLedger ledger, params ReadOnlySpan<string> required) =>
        Start(new TableReader(path, ledger, new CsvReaderOptions { Separator = '\t', Mode = CsvMode.NoEscape }, MostLineBreaks), required);

    /// <summary>Values quoted as in RFC 4180, separated by what the options say or the header shows; the columns go by their
    /// fields.</summary>
    /// <inheritdoc cref="Csv"/>
    internal static TableReader Open(string path, ImportLedger ledger, ColumnNames names, ImportOptions options)
    {
        var table = Start(new TableReader(path, ledger, new CsvReaderOptions { Separator = options.Delimiter,
            DetectSeparatorHint = false }, options.MostLineBreaks), []);
        try
        {
            table.columns = HeaderFields.Resolve(path, table.Header, names, table.Separator);
            return table;
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    internal bool TryRead([NotNullWhen(true)] out TableRow? row)
    {
        row = null;
        while (Next())
        {
            // A record that the end of the file cut off has the last line's end in it.
            var breaks = reader.RawRecord.TrimEnd((byte)'\n').Count((byte)'\n');
            Lines = breaks + 1;
            nextLine = reader.LineNumber + Lines;
            if (breaks > mostLineBreaks)
            {
                throw new RecSysException(string.Create(CultureInfo.InvariantCulture,
                    $"{path}, line {reader.LineNumber}: one row goes on over {breaks} further lines, as if its quote were never closed. "
                        + $"Nothing was imported. Close the quote, or, if texts are that long, allow it with --max-line-breaks {breaks}."));
            }
            if (FindProblem(breaks) is not { } problem)
            {
                row = new TableRow(columns, reader.Current.ToArray());
                return true;
            }
            ledger.Reject(reader.LineNumber, problem, Raw, Lines);
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
            throw new RecSysException(string.Create(CultureInfo.InvariantCulture,
                $"The header of {path} cannot be read: its first row is longer than {MaxRow:#,0} bytes (1 MiB). Nothing was imported. "
                    + $"Perhaps it is no table, or a quote in it is never closed."), failure);
        }
        Header = [.. reader.Headers];
        // Rows that a quote draws into the header would be gone without a trace.
        if (malformed is not null || Header.Any(name => name.AsSpan().IndexOfAny('\n', '\r') >= 0))
        {
            var why = malformed ?? "a name goes over several lines, as if its quote were never closed";
            throw new RecSysException($"The header of {path} cannot be read: {why}. Nothing was imported.");
        }
        if (Header is []) throw new RecSysException($"{path} is empty; nothing was imported.");
        foreach (var name in Header)
        {
            if (name.Length == 0 && !(isNumbered && columns.Count == 0))
                throw new RecSysException($"The header of {path} has no name for column {columns.Count + 1}; nothing was imported.");
            if (!columns.TryAdd(name, columns.Count))
                throw new RecSysException($"The header of {path} names column {name} twice; nothing was imported.");
        }
        width = columns.Count;
        var missing = required.ToArray().Where(name => !columns.ContainsKey(name)).ToList();
        if (missing.Count > 0)
            throw new RecSysException(
                $"{path} has no column {string.Join(", ", missing)} (it has: {HeaderFields.Shown(Header)}); nothing was imported.");
    }

    private string? FindProblem(int breaks)
    {
        if (malformed is not null) return malformed;
        if (reader.FieldCount != width)
            return string.Create(CultureInfo.InvariantCulture, $"the row has {reader.FieldCount} fields, the header {width}"
                + $"{(reader.FieldCount > width && Separator == ',' ? "; a value with a comma, such as 3,50, stands in quotes" : "")}");
        if (!Utf8.IsValid(reader.RawRecord))
            return string.Create(CultureInfo.InvariantCulture, $"the row is not valid UTF-8, at byte "
                + $"{JsonRow.InvalidByte(reader.RawRecord)}");
        return breaks > 0 && HoldsWholeRows(breaks) ? "a quote seems not to be closed, for each line of the row is a row by itself" : null;
    }

    // A stray quote on one line and another some lines later make one sound record of several. Texts of several lines hardly ever have, on
    // every line, as many separators as the header; where rows have two columns, two lines of a text with one comma each may.
    private bool HoldsWholeRows(int breaks)
    {
        if (width < 2 || (width == 2 && breaks < 2)) return false;
        foreach (var line in reader.RawRecord.Split((byte)'\n'))
        {
            if (reader.RawRecord[line].Count((byte)Separator) != width - 1) return false;
        }
        return true;
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
            // Malformed records are told by themselves; what is left is one that never ends.
            throw new RecSysException(string.Create(CultureInfo.InvariantCulture,
                $"{path}, line {(failure.LineNumber > 0 ? failure.LineNumber : nextLine)}: one row is longer than the {MaxRow:#,0} bytes "
                    + $"(1 MiB) that a row may have. Nothing was imported. Perhaps a quote is never closed; if not, shorten its texts."),
                failure);
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
