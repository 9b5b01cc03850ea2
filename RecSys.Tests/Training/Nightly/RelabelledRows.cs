using RecSys.Core.Storage.Parquet;
using RecSys.Core.Training.Nightly.Files;

namespace RecSys.Tests.Training.Nightly;

/// <summary>Writes other labels into the rows of a night, list by list.</summary>
internal static class RelabelledRows
{
    /// <param name="index">The file <c>rows.parquet</c>.</param>
    /// <param name="test">True for the rows that test, too; otherwise those that are learnt from.</param>
    /// <param name="relabel">Gets a list's user, moment and labels, and changes these.</param>
    internal static void Write(string index, bool test, Action<int, long, Span<float>> relabel)
    {
        var rows = new List<object?[]>();
        using (var reader = ParquetReader.Open(index))
        {
            while (reader.TryRead(out var values)) rows.Add(values.ToArray());
        }
        foreach (var list in rows.Where(row => test || (string)row[1]! != SplitFile.TestPart).GroupBy(row => (int)row[0]!))
        {
            var own = list.ToArray();
            var labels = Array.ConvertAll(own, row => (float)row[8]!);
            relabel((int)own[0][5]!, (long)own[0][2]!, labels);
            for (var i = 0; i < own.Length; i++) own[i][8] = labels[i];
        }
        using var writer = new ParquetWriter(index, RowsWriter.Columns);
        foreach (var row in rows) writer.Append(row);
        writer.Finish();
    }
}
