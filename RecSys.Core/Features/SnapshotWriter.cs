using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RecSys.Core.Domain.Columns;

namespace RecSys.Core.Features;

/// <summary>Writes the parts of <see cref="SnapshotFormat"/>, one chunk's bytes in memory at a time.</summary>
internal sealed class SnapshotWriter(Stream target)
{
    private byte[] buffer = new byte[1 << 16];
    private int parts;

    public void Header(long position)
    {
        Span<byte> header = stackalloc byte[SnapshotFormat.HeaderBytes];
        SnapshotFormat.WriteHeader(header, position);
        target.Write(header);
    }

    public void Part(byte kind, int number, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Payload(bytes.Length));
        Flush(kind, number, bytes.Length);
    }

    /// <summary>Writes the chunks of a table that hold anything.</summary>
    public void Table<T>(byte kind, FrozenTable<T> table, CancellationToken ct) where T : unmanaged
    {
        for (var at = 0; at < table.Count; at++)
        {
            ct.ThrowIfCancellationRequested();
            var cells = table.Chunk(at);
            if (!MemoryMarshal.AsBytes(cells).ContainsAnyExcept((byte)0)) continue;
            var payload = Payload(cells.Length / 8 + cells.Length * Unsafe.SizeOf<T>());
            var used = payload[..(cells.Length / 8)];
            used.Clear();
            var length = used.Length;
            for (var i = 0; i < cells.Length; i++)
            {
                var bytes = MemoryMarshal.AsBytes(cells.Slice(i, 1));
                if (!bytes.ContainsAnyExcept((byte)0)) continue;
                used[i >> 3] |= (byte)(1 << (i & 7));
                bytes.CopyTo(payload[length..]);
                length += bytes.Length;
            }
            Flush(kind, at, length);
        }
    }

    public void End() => Part(SnapshotFormat.End, parts, []);

    private Span<byte> Payload(int length)
    {
        var needed = SnapshotFormat.PartHeaderBytes + length + sizeof(uint);
        if (buffer.Length < needed) buffer = new byte[needed];
        return buffer.AsSpan(SnapshotFormat.PartHeaderBytes, length);
    }

    private void Flush(byte kind, int number, int length)
    {
        var end = SnapshotFormat.PartHeaderBytes + length;
        buffer[0] = kind;
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(1), number);
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(5), length);
        BinaryPrimitives.WriteUInt32LittleEndian(buffer.AsSpan(end), Checksum.Add(buffer.AsSpan(0, end)));
        target.Write(buffer, 0, end + sizeof(uint));
        parts++;
    }
}
