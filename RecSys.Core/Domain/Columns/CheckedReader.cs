using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace RecSys.Core.Domain.Columns;

/// <summary>
/// Reads what a <see cref="CheckedWriter"/> wrote; anything else is a <see cref="RecSysException"/> that names the source and what is wrong
/// with it.
/// </summary>
internal sealed class CheckedReader
{
    private readonly Stream stream;
    private readonly string source;
    private readonly byte[] head = new byte[8];
    private uint block;

    /// <param name="stream">Read from where it stands; not closed.</param>
    /// <param name="source">What to call it in messages, such as a file name.</param>
    /// <param name="name">8 bytes that the content must begin with.</param>
    /// <param name="version">The one version of the content that is understood.</param>
    public CheckedReader(Stream stream, string source, ReadOnlySpan<byte> name, int version)
    {
        (this.stream, this.source) = (stream, source);
        Fill(head);
        if (!name.SequenceEqual(head)) throw Refusal("it is something else");
        var found = Numbers(1)[0];
        if (found != version) throw Refusal($"it is of version {found}, and this program reads version {version}");
    }

    public long[] Numbers(int count)
    {
        var numbers = new long[count];
        Block(numbers.AsSpan());
        return numbers;
    }

    /// <summary>A number of a range, or a refusal.</summary>
    public int Within(long value, long most, string what) =>
        value >= 0 && value <= most ? (int)value : throw Refusal($"{what} cannot be {value}");

    /// <summary>Reads a block of exactly this length.</summary>
    public void Block<T>(Span<T> values) where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(values);
        Fill(head);
        var length = BinaryPrimitives.ReadInt32LittleEndian(head);
        if (length != bytes.Length) throw Refusal($"block {block} has {length} bytes where {bytes.Length} belong");
        Fill(bytes);
        if (Checksum.Of(bytes, block) != BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4)))
            throw Refusal($"block {block} does not match its checksum");
        block++;
    }

    public RecSysException Refusal(string why) =>
        new($"The snapshot {source} cannot be used: {why}. Delete it: what it holds is then built from the log or an older snapshot.");

    private void Fill(Span<byte> bytes)
    {
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw Refusal($"it ends within block {block}");
    }
}
