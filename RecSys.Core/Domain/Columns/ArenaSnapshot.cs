namespace RecSys.Core.Domain.Columns;

/// <summary>The blocks of a <see cref="TextArena"/> at one moment; what is written to it later does not change them.</summary>
internal sealed class ArenaSnapshot
{
    private const int MostBytes = 1 << 30;

    private readonly (TextChunk Chunk, int Used, int Dead)[] blocks;
    private readonly Dictionary<int, int> lengths;

    public ArenaSnapshot(TextArena arena)
    {
        blocks = arena.Capture();
        lengths = blocks.ToDictionary(block => block.Chunk.Number, block => block.Used);
    }

    /// <summary>True for a place at which something stood at that moment.</summary>
    public bool Holds(long place) => Holds(lengths, place);

    public void Write(CheckedWriter to)
    {
        to.Numbers(blocks.Length);
        foreach (var (chunk, used, dead) in blocks)
        {
            to.Numbers(chunk.Number, used, dead);
            to.Block<byte>(chunk.Bytes.AsSpan(0, used));
        }
    }

    /// <summary>Fills an empty arena, and returns how long each block is.</summary>
    public static Dictionary<int, int> Read(CheckedReader from, TextArena arena)
    {
        var count = from.Within(from.Numbers(1)[0], int.MaxValue, "a number of blocks");
        var lengths = new Dictionary<int, int>();
        var last = 0;
        for (var i = 0; i < count; i++)
        {
            var numbers = from.Numbers(3);
            var number = from.Within(numbers[0], int.MaxValue - 1, "the number of a block");
            if (number <= last) throw from.Refusal("blocks are not in order");
            last = number;
            var bytes = GC.AllocateUninitializedArray<byte>(from.Within(numbers[1], MostBytes, "the length of a block"), pinned: true);
            from.Block(bytes.AsSpan());
            arena.Restore(number, bytes, from.Within(numbers[2], bytes.Length, "the dead part of a block"));
            lengths.Add(number, bytes.Length);
        }
        return lengths;
    }

    public static bool Holds(Dictionary<int, int> lengths, long place) =>
        place == TextArena.Nowhere || (lengths.TryGetValue((int)(place >> 32), out var length) && (uint)place < (uint)length);
}
