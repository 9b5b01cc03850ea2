using RecSys.Core.Storage.Parquet;
using RecSys.Core.Training.Nightly.Files;

namespace RecSys.Api.Commands.Bench.Gate;

/// <summary>Writes other labels into the rows of a night.</summary>
internal static class RowLabels
{
    /// <param name="index">The file <c>rows.parquet</c>.</param>
    /// <param name="relabel">Gets user, moment and labels of all lists, and changes the labels.</param>
    /// <param name="test">True for the rows that test, too; otherwise those that are learnt from.</param>
    public static void Change(
        string index, Action<IReadOnlyList<(int User, long TimeMs, float[] Labels)>> relabel, bool test = false)
    {
        var rows = new List<object?[]>();
        using (var reader = ParquetReader.Open(index))
        {
            while (reader.TryRead(out var values)) rows.Add(values.ToArray());
        }
        var lists = rows.Where(row => test || (string)row[1]! != SplitFile.TestPart).GroupBy(row => (int)row[0]!)
            .Select(list => list.ToArray()).Select(list => (Rows: list, Labels: Array.ConvertAll(list, row => (float)row[8]!))).ToArray();
        relabel([.. lists.Select(list => ((int)list.Rows[0][5]!, (long)list.Rows[0][2]!, list.Labels))]);
        foreach (var (own, labels) in lists)
        {
            for (var i = 0; i < own.Length; i++) own[i][8] = labels[i];
        }
        using var writer = new ParquetWriter(index, RowsWriter.Columns);
        foreach (var row in rows) writer.Append(row);
        writer.Finish();
    }
}
