using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RecSys.Core.Domain;
using RecSys.Core.Domain.Columns;

namespace RecSys.Core.Features;

/// <summary>Reads the parts of <see cref="SnapshotFormat"/>, one at a time; every error names the part.</summary>
internal sealed class SnapshotReader(Stream source)
{
    // More than any part has: a chunk of item states is 53 KB, the overall counters 15.
    private const int MostBytes = 1 << 20;

    private byte[] buffer = new byte[1 << 16];
    private int length;
    private int parts;
    private string part = "header";

    public byte Kind { get; private set; }
    public int Number { get; private set; }
    public ReadOnlySpan<byte> Payload => buffer.AsSpan(SnapshotFormat.PartHeaderBytes, length);

    /// <summary>The position in the header.</summary>
    /// <exception cref="RecSysException">No snapshot of a version that this program reads.</exception>
    public long Header()
    {
        Read(0, SnapshotFormat.HeaderBytes);
        return SnapshotFormat.ReadHeader(buffer.AsSpan(0, SnapshotFormat.HeaderBytes));
    }

    /// <summary>Goes to the next part; false at the end.</summary>
    /// <exception cref="RecSysException">The part is damaged, or parts are missing.</exception>
    public bool Next()
    {
        part = parts == 0 ? "first part" : $"part behind {part}";
        Read(0, SnapshotFormat.PartHeaderBytes);
        Kind = buffer[0];
        Number = BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(1));
        length = BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(5));
        part = SnapshotFormat.NameOf(Kind, Number);
        if (length is < 0 or > MostBytes || Number < 0) throw Refused("its header is damaged");
        var end = SnapshotFormat.PartHeaderBytes + length;
        if (buffer.Length < end + sizeof(uint)) Array.Resize(ref buffer, end + sizeof(uint));
        Read(SnapshotFormat.PartHeaderBytes, length + sizeof(uint));
        if (BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(end)) != Checksum.Add(buffer.AsSpan(0, end)))
            throw Refused("its checksum is wrong");
        if (Kind != SnapshotFormat.End) return ++parts > 0;
        if (Number != parts) throw Refused($"it has {parts} parts instead of {Number}");
        return false;
    }

    /// <summary>The cells of a chunk; those that held nothing are zero.</summary>
    /// <exception cref="RecSysException">The number of cells is not that of the bits.</exception>
    public void Chunk<T>(Span<T> cells) where T : unmanaged
    {
        var used = Payload[..Math.Min(Payload.Length, cells.Length / 8)];
        var expected = used.Length;
        foreach (var bits in used) expected += BitOperations.PopCount(bits) * Unsafe.SizeOf<T>();
        if (used.Length != cells.Length / 8 || Payload.Length != expected) throw Refused("its length is not that of its cells");
        cells.Clear();
        var rest = MemoryMarshal.Cast<byte, T>(Payload[used.Length..]);
        for (var i = 0; i < cells.Length; i++)
        {
            if ((used[i >> 3] >> (i & 7) & 1) == 0) continue;
            cells[i] = rest[0];
            rest = rest[1..];
        }
    }

    public RecSysException Refused(string why) => SnapshotFormat.Refused(part, why);

    private void Read(int at, int count)
    {
        if (source.ReadAtLeast(buffer.AsSpan(at, count), count, throwOnEndOfStream: false) < count) throw Refused("the file ends there");
    }
}
