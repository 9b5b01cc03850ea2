namespace RecSys.Core.Domain.Columns;

/// <summary>
/// Columns of 4,096 items. Every element is written in one piece; a chunk that a snapshot holds is not written any more, the catalogue goes
/// on with a copy.
/// </summary>
internal sealed class ItemChunk
{
    public const int Bits = 12;
    public const int Mask = (1 << Bits) - 1;

    public const byte Known = 1, Servable = 2, Removed = 4;

    /// <summary>Stands for numbers behind the last.</summary>
    public static readonly ItemChunk Missing = new(0);

    public readonly int Generation;
    public readonly long[] Records;
    public readonly long[] Created;
    public readonly ulong[] DuplicateKeys;
    public readonly int[] Categories;
    public readonly byte[] Flags;

    public ItemChunk(int generation)
    {
        Generation = generation;
        (Records, Created, DuplicateKeys) = (new long[Mask + 1], new long[Mask + 1], new ulong[Mask + 1]);
        (Categories, Flags) = (new int[Mask + 1], new byte[Mask + 1]);
        Array.Fill(Created, long.MinValue);
    }

    public ItemChunk(int generation, ItemChunk from)
    {
        Generation = generation;
        (Records, Created, DuplicateKeys) = ([.. from.Records], [.. from.Created], [.. from.DuplicateKeys]);
        (Categories, Flags) = ([.. from.Categories], [.. from.Flags]);
    }
}
