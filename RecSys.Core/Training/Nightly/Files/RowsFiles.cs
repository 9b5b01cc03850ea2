using System.Runtime.InteropServices;
using RecSys.Core.Domain;
using RecSys.Core.Storage.Parquet;
using RecSys.Core.Training.Rows;

namespace RecSys.Core.Training.Nightly.Files;

/// <summary>
/// Rows as files: their places as Parquet, one line a row, and their values as float32, row-major. Columns of the places: <c>list</c> (a
/// number; rows of one stand together), <c>part</c>, <c>time_ms</c> (of the list, Unix), <c>event</c> (index in the collected log),
/// <c>position</c> (of the log), <c>user</c>, <c>item</c> (ordinals), <c>place</c> (as shown, -1 when unknown), <c>label</c>.
/// </summary>
internal static class RowsFiles
{
    private const int PartBytes = 1 << 20;

    /// <summary>The lists in order.</summary>
    /// <exception cref="RecSysException">The file is damaged.</exception>
    public static IReadOnlyList<RowList> ReadLists(string index)
    {
        var lists = new List<RowList>();
        using var reader = ParquetReader.Open(index);
        var (row, number) = (0, -1);
        while (reader.TryRead(out var values))
        {
            if (number != (int)values[0]!)
            {
                number = (int)values[0]!;
                lists.Add(new RowList(row, (string)values[1]!, (long)values[2]!, [], []));
            }
            lists[^1].Events.Add((int)values[3]!);
            lists[^1].Known.Add((float)values[8]!);
            row++;
        }
        return lists;
    }

    /// <summary>Appends lists with the values that were written.</summary>
    public static void ReadValues(string values, IReadOnlyList<RowList> lists, RankerRows into)
    {
        using var file = new FileStream(values, FileMode.Open, FileAccess.Read, FileShare.Read, PartBytes);
        foreach (var list in lists)
        {
            var matrix = into.AddList(list.TimeMs, CollectionsMarshal.AsSpan(list.Known), CollectionsMarshal.AsSpan(list.Events));
            file.Position = (long)list.Start * into.Width * sizeof(float);
            file.ReadExactly(MemoryMarshal.AsBytes(matrix));
        }
    }
}
