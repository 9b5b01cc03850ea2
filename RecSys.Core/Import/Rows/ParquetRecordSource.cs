using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using RecSys.Core.Import.Files;
using RecSys.Core.Storage.Parquet;

namespace RecSys.Core.Import.Rows;

/// <summary>Rows of a Parquet file; places are counted in rows.</summary>
internal sealed class ParquetRecordSource : IRecordSource
{
    private readonly ParquetReader reader;
    private readonly Dictionary<string, int> columns;
    private readonly bool holdsRatings;
    private object?[] current = [];

    internal ParquetRecordSource(string path, ColumnNames names)
    {
        RegularFile.Require(path);
        reader = ParquetReader.Open(path);
        try
        {
            columns = HeaderFields.Resolve(path, reader.Names, names, separator: null);
            holdsRatings = columns.TryGetValue("value", out var value) && FieldNames.IsRating(reader.Names[value]);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    public string Unit => "rows";
    public long? Length => reader.RowCount;
    public long Position => Line;
    public long Line { get; private set; }
    public string Raw => string.Join(", ", current.Select((value, at) =>
        string.Create(CultureInfo.InvariantCulture, $"{reader.Names[at]}={value}")));

    public bool TryRead([NotNullWhen(true)] out RecordFields? fields)
    {
        fields = null;
        if (!reader.TryRead(out var values)) return false;
        Line++;
        current = values.ToArray();
        fields = new ParquetFields(columns, current, holdsRatings);
        return true;
    }

    public void Dispose() => reader.Dispose();
}
