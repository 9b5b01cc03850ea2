using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RecSys.Core.Features;

/// <content>
/// Binary form for snapshots: the tables of fixed size (locations, devices, hours, positions, plays, long plays, positioned, total, plain
/// counts) as they lie in memory, about 15 KB; a change of them needs a new <see cref="SnapshotFormat.WholeVersion"/>. The hashed groups
/// are chunks beside it. </content>
public sealed partial class GlobalState
{
    internal const int GroupChunks = HashedCells / ChunkedTable<RateCell>.ChunkSize;

    internal static int WholeBytes { get; } =
        (256 + 8 + 24 + Positions + 2) * Unsafe.SizeOf<RateCell>() + 2 * Durations * sizeof(float) + Unsafe.SizeOf<WholeCounts>();

    internal FrozenTable<RateCell> FreezeGroups() => hashed.Freeze();

    internal void RestoreGroups(int chunk, ReadOnlySpan<RateCell> cells) => hashed.Restore(chunk, cells);

    internal byte[] WriteWhole()
    {
        var bytes = new byte[WholeBytes];
        var target = bytes.AsSpan();
        foreach (var cells in (RateCell[][])[locations, devices, hours, positions]) CompactForm.Put<RateCell>(ref target, cells);
        foreach (var numbers in (float[][])[plays, longPlays]) CompactForm.Put<float>(ref target, numbers);
        CompactForm.Put(ref target, new ReadOnlySpan<RateCell>(ref positioned));
        CompactForm.Put(ref target, new ReadOnlySpan<RateCell>(ref total));
        CompactForm.Put(ref target, new ReadOnlySpan<WholeCounts>(ref counts));
        return bytes;
    }

    internal void ReadWhole(ReadOnlySpan<byte> source)
    {
        foreach (var cells in (RateCell[][])[locations, devices, hours, positions]) Take<RateCell>(ref source, cells);
        foreach (var numbers in (float[][])[plays, longPlays]) Take<float>(ref source, numbers);
        Take(ref source, new Span<RateCell>(ref positioned));
        Take(ref source, new Span<RateCell>(ref total));
        Take(ref source, new Span<WholeCounts>(ref counts));
    }

    private static void Take<T>(ref ReadOnlySpan<byte> source, Span<T> target) where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(target);
        source[..bytes.Length].CopyTo(bytes);
        source = source[bytes.Length..];
    }
}
