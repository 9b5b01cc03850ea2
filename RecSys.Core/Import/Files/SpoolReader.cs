using System.Buffers.Binary;

namespace RecSys.Core.Import.Files;

/// <summary>Reads what <see cref="SpoolWriter"/> wrote.</summary>
internal sealed class SpoolReader(string path) : IDisposable
{
    private readonly FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 17);
    private byte[] buffer = new byte[512];

    /// <param name="record">Valid until the next call.</param>
    /// <returns>False behind the last record.</returns>
    internal bool TryRead(out ReadOnlySpan<byte> record)
    {
        Span<byte> prefix = stackalloc byte[4];
        record = default;
        if (file.ReadAtLeast(prefix, 4, throwOnEndOfStream: false) < 4) return false;
        var length = BinaryPrimitives.ReadInt32LittleEndian(prefix);
        if (length > buffer.Length) buffer = new byte[Math.Max(length, buffer.Length * 2)];
        file.ReadExactly(buffer, 0, length);
        record = buffer.AsSpan(0, length);
        return true;
    }

    public void Dispose() => file.Dispose();
}
