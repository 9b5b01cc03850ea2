using System.Buffers.Binary;
using System.Text;

namespace RecSys.Core.Domain.Columns;

/// <summary>Reads what a <see cref="RecordWriter"/> wrote, in the same order.</summary>
internal ref struct RecordReader(ReadOnlySpan<byte> source)
{
    private ReadOnlySpan<byte> rest = source;

    public readonly ReadOnlySpan<byte> Rest => rest;

    public byte Byte() => Take(1)[0];

    public uint Varint() => Columns.Varint.Read(ref rest);

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public double Double() => BitConverter.Int64BitsToDouble(Int64());

    public string Text() => Encoding.UTF8.GetString(Take((int)Varint()));

    /// <summary>Moves past a text.</summary>
    public void SkipText() => Take((int)Varint());

    public ReadOnlySpan<byte> Take(int count)
    {
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }
}
