using System.Buffers.Binary;
using RecSys.Core.Domain.Columns;
using RecSys.Core.Storage;

namespace RecSys.Core.Monitoring.Windows;

/// <summary>
/// The windows' file: 8 bytes of name, a version, CRC-32C of what follows, then the stretches. Replaced as a whole, so a reader finds the
/// old or the new one.
/// </summary>
/// <param name="path">The file; its folder is made when it is first written.</param>
internal sealed class LatencyFile(string path)
{
    private const int Head = 16;
    private const int Version = 1;

    // The bound of what LatencyWindows can hold, generously.
    private const int MaxBytes = 64 << 20;

    public string Path => path;

    private static ReadOnlySpan<byte> Name => "RSLATWIN"u8;

    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(IReadOnlyList<WindowSlot> slots)
    {
        var writer = new RecordWriter();
        // The place of the head.
        writer.Int64(0);
        writer.Int64(0);
        writer.Varint((uint)slots.Count);
        foreach (var slot in slots)
        {
            writer.Int64(slot.Start);
            writer.Int64(slot.End);
            writer.Varint((uint)slot.Content.Length);
            foreach (var value in slot.Content) writer.Byte(value);
        }
        var bytes = writer.Written.ToArray();
        Name.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Version);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), Checksum.Of(bytes.AsSpan(Head), Version));
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        DurableFile.Replace(path, bytes);
    }

    /// <returns>The stretches; none when there is no file.</returns>
    /// <exception cref="InvalidDataException">The file is damaged or of another version.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public IReadOnlyList<WindowSlot> Read()
    {
        if (!File.Exists(path)) return [];
        if (new FileInfo(path).Length > MaxBytes) throw new InvalidDataException($"it is larger than {MaxBytes >> 20} MiB");
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length < Head || !bytes.AsSpan().StartsWith(Name)) throw new InvalidDataException("it is something else");
        var version = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(8));
        if (version != Version) throw new InvalidDataException($"it is of version {version}, this program reads version {Version}");
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(12)) != Checksum.Of(bytes.AsSpan(Head), Version))
            throw new InvalidDataException("it does not match its checksum");
        var reader = new RecordReader(bytes.AsSpan(Head));
        var slots = new WindowSlot[reader.Varint()];
        for (var at = 0; at < slots.Length; at++)
            slots[at] = new WindowSlot(reader.Int64(), reader.Int64(), reader.Take((int)reader.Varint()).ToArray());
        return slots;
    }
}
