namespace RecSys.Core.Features;

/// <summary>
/// An array that grows without moving its elements: one writer, any number of readers. Chunks of 256 elements are allocated on first write,
/// and a reader sees either the old or the new directory, both of which are complete, so growth can neither throw nor lose an element.
/// </summary>
internal sealed class ChunkedTable<T> where T : struct
{
    private const int Bits = 8;
    private const int Mask = (1 << Bits) - 1;
    private static readonly T[] Missing = new T[1];
    private volatile T[]?[] chunks = new T[]?[16];

    /// <summary>The element, or the default value where nothing was written yet. Not for writing.</summary>
    public ref readonly T Read(int index)
    {
        var directory = chunks;
        var at = index >> Bits;
        if ((uint)at >= (uint)directory.Length || Volatile.Read(ref directory[at]) is not { } chunk) return ref Missing[0];
        return ref chunk[index & Mask];
    }

    /// <summary>The element for the writer; <paramref name="index"/> must not be negative.</summary>
    public ref T Write(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        var at = index >> Bits;
        var directory = chunks;
        if (at >= directory.Length)
        {
            Array.Resize(ref directory, Math.Max(at + 1, directory.Length * 2));
            chunks = directory;
        }
        if (directory[at] is not { } chunk) Volatile.Write(ref directory[at], chunk = new T[Mask + 1]);
        return ref chunk[index & Mask];
    }
}
