namespace RecSys.Core.Domain.Columns;

/// <summary>
/// A block of a <see cref="TextArena"/>. What was written is never changed, so whoever holds the block can read it, even after the arena
/// let go of it.
/// </summary>
/// <param name="number">From 1; never given twice.</param>
/// <param name="bytes">Pinned, so that the collector neither moves nor looks through it.</param>
internal sealed class TextChunk(int number, byte[] bytes)
{
    public int Number { get; } = number;
    public byte[] Bytes { get; } = bytes;

    /// <summary>Bytes written; the writer's.</summary>
    public int Used;

    /// <summary>Bytes of texts that were replaced; the writer's.</summary>
    public int Dead;
}
