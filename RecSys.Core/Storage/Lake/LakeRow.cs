using System.Text;
using DuckDB.NET.Data;

namespace RecSys.Core.Storage.Lake;

/// <summary>
/// Takes the values of a row in the order of the columns. The names tell the type of the column: left to overloads, a literal number would
/// silently become that of another one.
/// </summary>
internal sealed class LakeRow
{
    private IDuckDBAppenderRow row = null!;

    /// <summary>Bytes of texts, blobs and lists so far.</summary>
    internal long Bytes { get; private set; }

    internal void Begin(IDuckDBAppenderRow next) => row = next;

    internal void End() => row.EndRow();

    internal void Restart() => Bytes = 0;

    internal void Int64(long? value) => row.AppendValue(value);

    internal void Int32(int? value) => row.AppendValue(value);

    internal void Byte(byte? value) => row.AppendValue(value);

    internal void Single(float? value) => row.AppendValue(value);

    internal void Double(double? value) => row.AppendValue(value);

    internal void Text(string? value)
    {
        Bytes += value?.Length ?? 0;
        row.AppendValue(value);
    }

    internal void Blob(ReadOnlySpan<byte> value)
    {
        Bytes += value.Length;
        row.AppendValue(value.ToArray());
    }

    internal void Singles(IReadOnlyList<float>? values) => List(values, sizeof(float));

    internal void Int32s(IReadOnlyList<int>? values) => List(values, sizeof(int));

    internal void Texts(IReadOnlyList<string>? values)
    {
        Bytes += values?.Sum(Encoding.UTF8.GetByteCount) ?? 0;
        List(values, 0);
    }

    internal void Nulls(int count)
    {
        for (var i = 0; i < count; i++) row.AppendNullValue();
    }

    private void List<T>(IReadOnlyList<T>? values, int size)
    {
        if (values is null)
        {
            row.AppendNullValue();
            return;
        }
        Bytes += (long)values.Count * size;
        row.AppendValue((IEnumerable<T>)values);
    }
}
