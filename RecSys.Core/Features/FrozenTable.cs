namespace RecSys.Core.Features;

/// <summary>
/// A <see cref="ChunkedTable{T}"/> as it was at one moment. While it is open, the table copies what it writes; so dispose of it soon.
/// </summary>
internal sealed class FrozenTable<T>(T[]?[] chunks) : IDisposable where T : struct
{
    private volatile T[]?[] chunks = chunks;

    public bool IsOpen => chunks.Length > 0;

    /// <summary>Chunks, written and not.</summary>
    public int Count => chunks.Length;

    /// <summary>Values of a chunk; empty when it was never written.</summary>
    public ReadOnlySpan<T> Chunk(int at) => chunks[at];

    /// <summary>Lets the chunks go; nothing can be read afterwards.</summary>
    public void Dispose() => chunks = [];
}
