using System.Buffers.Binary;
using System.Text;
using RecSys.Core.Domain.Columns;
using RecSys.Core.Storage;

namespace RecSys.Core.Monitoring.Windows;

/// <summary>
/// A file of stretches of time: 8 bytes of name, a version, CRC-32C of what follows, then the stretches. Replaced as a whole, so a reader
/// finds the old or the new one.
/// </summary>
/// <param name="path">The file; its folder is made when it is first written.</param>
/// <param name="name">Eight ASCII characters that say what it holds.</param>
/// <param name="version">Of the form of the stretches' contents.</param>
internal sealed class WindowFile(string path, string name, int version)
{
    private const int Head = 16;

    // The bound of what any of the windows can hold, generously.
    private const int MaxBytes = 64 << 20;

    private readonly byte[] mark = Encoding.ASCII.GetBytes(name);

    public string Path => path;

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
        mark.CopyTo(bytes, 0);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), version);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), Checksum.Of(bytes.AsSpan(Head), (uint)version));
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
        if (bytes.Length < Head || !bytes.AsSpan().StartsWith(mark)) throw new InvalidDataException("it is something else");
        var written = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(8));
        if (written != version) throw new InvalidDataException($"it is of version {written}, this program reads version {version}");
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(12)) != Checksum.Of(bytes.AsSpan(Head), (uint)version))
            throw new InvalidDataException("it does not match its checksum");
        var reader = new RecordReader(bytes.AsSpan(Head));
        var slots = new WindowSlot[reader.Varint()];
        for (var at = 0; at < slots.Length; at++)
            slots[at] = new WindowSlot(reader.Int64(), reader.Int64(), reader.Take((int)reader.Varint()).ToArray());
        return slots;
    }
}
