using System.Runtime.InteropServices;
using RecSys.Core.Domain;

namespace RecSys.Core.Retrieval.ItemTables;

/// <summary>
/// A table as a file, little-endian: int32 items, int32 pairs, then int32 starts [items + 1], int32 others [pairs], float32 weights
/// [pairs].
/// </summary>
internal static class ItemTableFile
{
    private const int Header = 2 * sizeof(int);

    public static void Save(ItemTable table, string path)
    {
        using var file = File.Create(path);
        file.Write(MemoryMarshal.AsBytes<int>([table.Count, table.Others.Length]));
        file.Write(MemoryMarshal.AsBytes(table.Starts));
        file.Write(MemoryMarshal.AsBytes(table.Others));
        file.Write(MemoryMarshal.AsBytes(table.Weights));
    }

    /// <param name="path">The file.</param>
    /// <param name="items">How many items it must be about.</param>
    /// <exception cref="RecSysException">It is damaged or about other items.</exception>
    public static ItemTable Load(string path, int items)
    {
        using var file = File.OpenRead(path);
        Span<int> header = stackalloc int[2];
        if (file.Length < Header) throw Bad(path, $"has {file.Length} bytes");
        file.ReadExactly(MemoryMarshal.AsBytes(header));
        var (count, pairs) = (header[0], header[1]);
        if (count != items) throw Bad(path, $"is about {count} items, {items} are expected");
        if (pairs < 0 || file.Length != Header + ((long)items + 1 + 2L * pairs) * sizeof(int))
            throw Bad(path, $"has {file.Length} bytes, which does not fit its {pairs} pairs");
        var table = (Starts: new int[items + 1], Others: new int[pairs], Weights: new float[pairs]);
        file.ReadExactly(MemoryMarshal.AsBytes(table.Starts.AsSpan()));
        file.ReadExactly(MemoryMarshal.AsBytes(table.Others.AsSpan()));
        file.ReadExactly(MemoryMarshal.AsBytes(table.Weights.AsSpan()));
        if (table.Starts[0] != 0 || table.Starts[^1] != pairs) throw Bad(path, "has starts that do not cover its pairs");
        for (var item = 0; item < items; item++)
        {
            var length = table.Starts[item + 1] - table.Starts[item];
            if (length is < 0 or > ItemTable.MostPerItem) throw Bad(path, $"has {length} others of row {item}");
        }
        if (table.Others.AsSpan().IndexOfAnyExceptInRange(0, items - 1) >= 0) throw Bad(path, "names a row that does not exist");
        if (table.Weights.AsSpan().IndexOfAnyExceptInRange(float.Epsilon, float.MaxValue) >= 0)
            throw Bad(path, "holds a weight that is not finite and above 0");
        return new ItemTable(table.Starts, table.Others, table.Weights);
    }

    private static RecSysException Bad(string path, string what) => new($"{path} {what}. Publish the bundle again.");
}
