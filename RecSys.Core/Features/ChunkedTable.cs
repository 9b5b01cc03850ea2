using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RecSys.Core.Features;

/// <summary>
/// An array that grows without moving its elements: one writer, any number of readers. Chunks of 256 elements are allocated on first write,
/// and a reader sees either the old or the new directory, both of which are complete, so growth can neither throw nor lose an element.
/// <para>The writer may freeze it: the frozen view stays as it is while the writer goes on, since a chunk of that view is copied before it
/// is written again. That costs at most one copy of each chunk written while the view is open, so never more than the table itself.</para>
/// </summary>
#pragma warning disable CA1001 // The view belongs to whoever froze the table.
internal sealed class ChunkedTable<T> where T : struct
#pragma warning restore CA1001
{
    /// <summary>Elements of a chunk.</summary>
    public const int ChunkSize = 1 << Bits;

    private const int Bits = 8;
    private const int Mask = ChunkSize - 1;
    private static readonly T[] Missing = new T[1];
    private volatile T[]?[] chunks = new T[]?[16];
    // Of the writer alone: per chunk the freeze behind which it is the writer's own.
    private int[] owned = new int[16];
    private int freezes;
    private FrozenTable<T>? frozen;

    /// <summary>The element, or the default value where nothing was written yet. Not for writing.</summary>
    public ref readonly T Read(int index)
    {
        var directory = chunks;
        var at = index >> Bits;
        if ((uint)at >= (uint)directory.Length || Volatile.Read(ref directory[at]) is not { } chunk) return ref Missing[0];
        // All chunks are of one size. Asking this one for its length would fetch a cache line more per element.
        return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(chunk), index & Mask);
    }

    /// <summary>The element for the writer, until the next freeze; <paramref name="index"/> must not be negative.</summary>
    public ref T Write(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return ref Own(index >> Bits)[index & Mask];
    }

    /// <summary>
    /// The table as it is now, for another thread to read while the writer goes on. Called by the writer, between two writes that belong
    /// together.
    /// </summary>
    /// <exception cref="InvalidOperationException">The view before it is still open.</exception>
    public FrozenTable<T> Freeze()
    {
        if (frozen is { IsOpen: true }) throw new InvalidOperationException("The table is frozen already; dispose of that view first.");
        freezes++;
        return frozen = new FrozenTable<T>((T[]?[])chunks.Clone());
    }

    /// <summary>Takes over a chunk of a frozen view.</summary>
    public void Restore(int chunk, ReadOnlySpan<T> values) => values.CopyTo(Own(chunk));

    private T[] Own(int at)
    {
        var directory = chunks;
        if (at >= directory.Length)
        {
            Array.Resize(ref owned, Math.Max(at + 1, directory.Length * 2));
            Array.Resize(ref directory, owned.Length);
            chunks = directory;
        }
        if (directory[at] is { } chunk)
        {
            if (owned[at] == freezes) return chunk;
            if (frozen is { IsOpen: true }) Volatile.Write(ref directory[at], chunk = (T[])chunk.Clone());
        }
        else Volatile.Write(ref directory[at], chunk = new T[ChunkSize]);
        owned[at] = freezes;
        return chunk;
    }
}
