namespace RecSys.Core.Domain.Columns;

/// <summary>
/// One value per item number, in chunks that take memory when the first of their items gets a value. One writer, any number of readers
/// without locks; a value of 8 bytes or fewer is read whole.
/// </summary>
/// <param name="none">Stands where an item has no value.</param>
internal sealed class ValueColumn<T>(T none)
    where T : struct
{
    /// <summary>Items that take memory together; a batch of items never spans two of these.</summary>
    public const int ChunkItems = ItemChunk.Mask + 1;

    private readonly T[] missing = Filled(none);
    private T[]?[] chunks = new T[]?[2];

    /// <summary>What stands where an item has no value.</summary>
    public T None => none;

    public T this[int number] => Chunk(number)[number & ItemChunk.Mask];

    /// <summary>The values of the <see cref="ChunkItems"/> items among which the number is, from the first of them on.</summary>
    public ReadOnlySpan<T> Chunk(int number)
    {
        var directory = Volatile.Read(ref chunks);
        var at = number >> ItemChunk.Bits;
        return at < directory.Length ? Volatile.Read(ref directory[at]) ?? missing : missing;
    }

    /// <summary>Gives an item a value; for the writer.</summary>
    public void Set(int number, T value)
    {
        var at = number >> ItemChunk.Bits;
        var directory = chunks;
        var nothing = EqualityComparer<T>.Default.Equals(value, none);
        if (nothing && (at >= directory.Length || directory[at] is null)) return;
        if (at >= directory.Length)
        {
            Array.Resize(ref directory, Math.Max(at + 1, directory.Length * 2));
            Volatile.Write(ref chunks, directory);
        }
        var chunk = directory[at];
        if (chunk is null) Volatile.Write(ref directory[at], chunk = Filled(none));
        chunk[number & ItemChunk.Mask] = value;
    }

    private static T[] Filled(T value)
    {
        var chunk = new T[ChunkItems];
        Array.Fill(chunk, value);
        return chunk;
    }
}
