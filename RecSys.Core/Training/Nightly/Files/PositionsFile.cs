using System.Runtime.InteropServices;
using RecSys.Core.Domain;

namespace RecSys.Core.Training.Nightly.Files;

/// <summary>Positions of the log, ascending: 8 bytes each, little-endian.</summary>
internal static class PositionsFile
{
    public static Task WriteAsync(string path, long[] positions, CancellationToken ct) =>
        File.WriteAllBytesAsync(path, MemoryMarshal.AsBytes(positions.AsSpan()).ToArray(), ct);

    /// <exception cref="RecSysException">It is cut off.</exception>
    public static long[] Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length % sizeof(long) != 0)
            throw new RecSysException($"{path} is cut off. Run the night again from the step validate (--from-step).");
        return MemoryMarshal.Cast<byte, long>(bytes).ToArray();
    }
}
