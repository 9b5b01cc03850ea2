namespace RecSys.Core.Domain.Columns;

/// <summary>
/// Append-only memory for texts outside the part of the heap that the collector works through: blocks of 256 KB on the pinned heap, a
/// larger one for a text that is larger. One writer, any number of readers without locks. A place is a block's number and an offset;
/// numbers are not used again, so an old place never shows another text: it shows the old one or nothing. A block that the arena let go of
/// is freed by the collector once no reader holds it.
/// </summary>
internal sealed class TextArena
{
    private const int ChunkSize = 256 * 1024;
    private const int SmallestChunk = 2 * 1024;

    private readonly Queue<TextChunk> wasteful = new();
    private TextChunk?[] chunks = new TextChunk?[8];
    private TextChunk? current;
    private int lastNumber;

    /// <summary>No text.</summary>
    public const long Nowhere = 0;

    /// <summary>Bytes that the blocks take.</summary>
    public long Reserved { get; private set; }

    /// <summary>Stores the bytes and returns their place, to be published with release semantics.</summary>
    public long Append(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        var length = checked(head.Length + body.Length);
        if (current is not { } chunk || chunk.Bytes.Length - chunk.Used < length) chunk = Add(length);
        var place = (long)chunk.Number << 32 | (uint)chunk.Used;
        head.CopyTo(chunk.Bytes.AsSpan(chunk.Used));
        body.CopyTo(chunk.Bytes.AsSpan(chunk.Used + head.Length));
        chunk.Used += length;
        return place;
    }

    /// <summary>Bytes from the place to the end of its block; false when the block was given up since the place was read.</summary>
    public bool TryRead(long place, out ReadOnlySpan<byte> bytes)
    {
        var directory = Volatile.Read(ref chunks);
        var number = (int)(place >> 32);
        bytes = default;
        if (number >= directory.Length || Volatile.Read(ref directory[number]) is not { } chunk) return false;
        bytes = chunk.Bytes.AsSpan((int)(uint)place);
        return true;
    }

    /// <summary>The text at the place is not used any more.</summary>
    public void Discard(long place, int length)
    {
        var chunk = chunks[(int)(place >> 32)]!;
        var before = chunk.Dead;
        chunk.Dead += length;
        if (chunk != current && 2L * before <= chunk.Used && 2L * chunk.Dead > chunk.Used) wasteful.Enqueue(chunk);
    }

    /// <summary>
    /// A block of which more than half is dead, for the owner to move the rest and <see cref="Drop"/>; null when there is none.
    /// </summary>
    public TextChunk? NextWasteful() => wasteful.TryDequeue(out var chunk) ? chunk : null;

    /// <summary>Lets go of a block whose texts have all been moved or discarded.</summary>
    public void Drop(TextChunk chunk)
    {
        Volatile.Write(ref chunks[chunk.Number], null);
        Reserved -= chunk.Bytes.Length;
    }

    /// <summary>The blocks as they are; what is appended later lies behind the lengths given.</summary>
    public (TextChunk Chunk, int Used, int Dead)[] Capture() =>
        [.. chunks.OfType<TextChunk>().Select(chunk => (chunk, chunk.Used, chunk.Dead))];

    /// <summary>Puts a stored block back under its number. Blocks come in ascending order, before anything is appended.</summary>
    public void Restore(int number, byte[] bytes, int dead)
    {
        Place(new TextChunk(number, bytes) { Used = bytes.Length, Dead = dead });
        if (2L * dead > bytes.Length) wasteful.Enqueue(chunks[number]!);
    }

    private TextChunk Add(int needed)
    {
        var full = current;
        var size = Math.Max(needed, (int)Math.Clamp(Reserved, SmallestChunk, ChunkSize));
        current = new TextChunk(checked(lastNumber + 1), GC.AllocateUninitializedArray<byte>(size, pinned: true));
        Place(current);
        if (full is not null && 2L * full.Dead > full.Used) wasteful.Enqueue(full);
        return current;
    }

    private void Place(TextChunk chunk)
    {
        var directory = chunks;
        if (chunk.Number >= directory.Length) Array.Resize(ref directory, Math.Max(chunk.Number + 1, directory.Length * 2));
        Volatile.Write(ref directory[chunk.Number], chunk);
        Volatile.Write(ref chunks, directory);
        lastNumber = chunk.Number;
        Reserved += chunk.Bytes.Length;
    }
}
