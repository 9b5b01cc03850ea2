using System.Text;
using RecSys.Core.Domain.Columns;

namespace RecSys.Core.Domain;

/// <summary>
/// All items by their lasting numbers, 0 to <see cref="Count"/> - 1: append-only columns in chunks, texts outside the part of the heap that
/// is collected. One writer (whoever folds the log) calls <see cref="Put"/> and <see cref="Remove"/>; any number of readers run beside it
/// without locks. A change costs what it touches, at 10 million items too.
/// <para>A reader sees the old or the new content of an item, never a mixture of texts. What a request asks of hundreds of items (may it be
/// served, its category, ...) stands in columns of its own, each written in one piece; two of them read one after the other may be of
/// different moments.</para>
/// <para>A number that was never put, or is not below <see cref="Count"/>, reads as a removed item with an empty id.</para>
/// </summary>
public sealed partial class ItemCatalog
{
    private readonly TextTable ids = new();
    private readonly TextTable categories = new();
    private readonly TextTable creators = new();
    private readonly TextArena texts = new();
    private readonly RecordWriter record = new();
    private readonly byte[] header = new byte[10];
    private ItemChunk?[] chunks = new ItemChunk?[2];
    private SnapshotHold? hold;
    private int generation;
    private int count;
    private int writing;

    /// <summary>The highest number that was put, plus one.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>Bytes of texts and tables outside the columns, and bytes of the columns.</summary>
    public (long Texts, long Columns) Memory =>
        (texts.Reserved + ids.Bytes + categories.Bytes + creators.Bytes,
            chunks.Count(chunk => chunk is not null) * (29L << ItemChunk.Bits));

    /// <summary>The item, made anew by every call. Of a removed one only the id is left.</summary>
    public Item this[int number]
    {
        get
        {
            var found = RecordOf(number);
            var id = IdOf(number);
            return found.IsEmpty
                ? new Item { Id = id, Title = "", Category = "", Available = false } : ItemRecord.Read(found, id, categories, creators);
        }
    }

    /// <summary>Numbers items in the order given. A repeated id replaces the earlier item and keeps its number.</summary>
    public static ItemCatalog Create(IEnumerable<Item> items)
    {
        var catalog = new ItemCatalog();
        foreach (var item in items) catalog.Put(catalog.TryGetNumber(item.Id, out var known) ? known : catalog.Count, item);
        return catalog;
    }

    /// <summary>Adds the item, or replaces the content of the one that has the number.</summary>
    /// <exception cref="InvalidOperationException">The number has another id, the id another number, or another thread is
    /// writing.</exception>
    public void Put(int number, Item item)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentException.ThrowIfNullOrEmpty(item.Id);
        BeginWriting();
        try
        {
            var id = ids.Utf8(item.Id);
            var known = ids[number];
            if (!known.IsEmpty && !known.SequenceEqual(id))
                throw new InvalidOperationException($"Item number {number} has another id: numbers are never given twice.");
            if (known.IsEmpty)
            {
                if (ids.TryFind(id, out var other))
                    throw new InvalidOperationException($"The item of number {number} has number {other} already.");
                ids.Store(number, id);
            }
            Write(number, item);
            if (number >= count) Volatile.Write(ref count, number + 1);
            if (known.IsEmpty) ids.Publish(number, id);
            TellFields(number, item);
            Compact();
        }
        finally
        {
            Volatile.Write(ref writing, 0);
        }
    }

    /// <summary>
    /// Leaves a tombstone: the item is not servable and has only its id; its number stays taken, and the same id may be put again under it.
    /// </summary>
    /// <returns>False when there is no such item.</returns>
    /// <exception cref="InvalidOperationException">Another thread is writing.</exception>
    public bool Remove(int number)
    {
        if (IsRemoved(number)) return false;
        BeginWriting();
        try
        {
            var chunk = ChunkForWriting(number);
            Volatile.Write(ref chunk.Flags[number & ItemChunk.Mask], ItemChunk.Known | ItemChunk.Removed);
            Replace(ref chunk.Records[number & ItemChunk.Mask], TextArena.Nowhere);
            Compact();
            return true;
        }
        finally
        {
            Volatile.Write(ref writing, 0);
        }
    }

    /// <summary>Finds removed items, too.</summary>
    public bool TryGetNumber(ReadOnlySpan<char> id, out int number) => ids.TryFind(id, out number);

    /// <inheritdoc cref="TryGetNumber(ReadOnlySpan{char}, out int)"/>
    /// <param name="utf8Id">In UTF-8.</param>
    /// <param name="number">The number, or -1.</param>
    public bool TryGetNumber(ReadOnlySpan<byte> utf8Id, out int number) => ids.TryFind(utf8Id, out number);

    public string IdOf(int number) => Encoding.UTF8.GetString(ids[number]);

    public string TitleOf(int number) => RecordOf(number) is { IsEmpty: false } found ? ItemRecord.Title(found) : "";

    public string? ThumbnailOf(int number) => RecordOf(number) is { IsEmpty: false } found ? ItemRecord.Thumbnail(found) : null;

    /// <summary>True for items that were removed, and for numbers without an item.</summary>
    public bool IsRemoved(int number) => (FlagsOf(number) & (ItemChunk.Known | ItemChunk.Removed)) != ItemChunk.Known;

    /// <summary>False for items that may never leave the server: unavailable, flagged or removed.</summary>
    public bool IsServable(int number) => (FlagsOf(number) & ItemChunk.Servable) != 0;

    /// <summary>Dense code of the primary category, numbered by first appearance.</summary>
    public int CategoryOf(int number) => ChunkOf(number).Categories[number & ItemChunk.Mask];

    /// <summary>Name of the primary category of an item; empty where it has none.</summary>
    public string CategoryNameOf(int number) => categories.NameOf(CategoryOf(number));

    /// <summary>False for the category of the items that have none.</summary>
    public bool IsNamed(int category) => categories.NameOf(category).Length > 0;

    /// <summary>When the item became available, Unix milliseconds; <see cref="long.MinValue"/> when unknown.</summary>
    public long CreatedMs(int number) => Volatile.Read(ref ChunkOf(number).Created[number & ItemChunk.Mask]);

    /// <summary>
    /// Equal for items of the same title and creator where these tell products apart (<see cref="ItemTitles.Identify"/>), and for others once
    /// in 2^64 pairs.
    /// </summary>
    public ulong DuplicateKey(int number) => Volatile.Read(ref ChunkOf(number).DuplicateKeys[number & ItemChunk.Mask]);

    private void Write(int number, Item item)
    {
        var category = categories.GetOrAdd(item.Category);
        var creator = item.Creator is null ? -1 : creators.GetOrAdd(item.Creator);
        record.Clear();
        ItemRecord.Write(item, category, creator, record);
        var length = Varint.Write(header, (uint)number);
        length += Varint.Write(header.AsSpan(length), (uint)record.Written.Length);

        var chunk = ChunkForWriting(number);
        var at = number & ItemChunk.Mask;
        var servable = item is { Available: true, Flagged: false };
        // What may no longer be served goes first, what may be served comes last.
        if (!servable) Volatile.Write(ref chunk.Flags[at], ItemChunk.Known);
        chunk.Categories[at] = category;
        chunk.Created[at] = item.CreatedAt?.ToUnixTimeMilliseconds() ?? long.MinValue;
        chunk.DuplicateKeys[at] = ItemTitles.Identify(item)
            ? StableHash.Of(item.Title) ^ StableHash.Of(item.Creator!, seed: 1) : StableHash.Of(item.Id, seed: 2);
        Replace(ref chunk.Records[at], texts.Append(header.AsSpan(0, length), record.Written));
        if (servable) Volatile.Write(ref chunk.Flags[at], ItemChunk.Known | ItemChunk.Servable);
    }

    private void Replace(ref long place, long with)
    {
        var old = place;
        Volatile.Write(ref place, with);
        if (old == TextArena.Nowhere) return;
        texts.TryRead(old, out var bytes);
        texts.Discard(old, SizeOf(bytes, out _));
    }

    // Gives back one block of texts of which more than half is dead: at most 256 KB are moved at a time. While a snapshot is written this
    // would copy columns, so it waits.
    private void Compact()
    {
        if (SnapshotIsOpen || texts.NextWasteful() is not { } wasteful) return;
        for (var at = 0; at < wasteful.Used;)
        {
            var rest = wasteful.Bytes.AsSpan(at, wasteful.Used - at);
            var size = SizeOf(rest, out var number);
            ref var place = ref ChunkForWriting(number).Records[number & ItemChunk.Mask];
            if (place == ((long)wasteful.Number << 32 | (uint)at)) Volatile.Write(ref place, texts.Append(rest[..size], default));
            at += size;
        }
        texts.Drop(wasteful);
    }

    private static int SizeOf(ReadOnlySpan<byte> bytes, out int number)
    {
        var rest = bytes;
        number = (int)Varint.Read(ref rest);
        var length = (int)Varint.Read(ref rest);
        return bytes.Length - rest.Length + length;
    }

    private ReadOnlySpan<byte> RecordOf(int number)
    {
        while (true)
        {
            var place = Volatile.Read(ref ChunkOf(number).Records[number & ItemChunk.Mask]);
            if (place == TextArena.Nowhere) return default;
            // Otherwise the record was moved in between, and stands elsewhere by now.
            if (!texts.TryRead(place, out var bytes)) continue;
            Varint.Read(ref bytes);
            var length = (int)Varint.Read(ref bytes);
            return bytes[..length];
        }
    }

    private byte FlagsOf(int number) => Volatile.Read(ref ChunkOf(number).Flags[number & ItemChunk.Mask]);

    private ItemChunk ChunkOf(int number)
    {
        var directory = Volatile.Read(ref chunks);
        var at = number >> ItemChunk.Bits;
        return at < directory.Length ? Volatile.Read(ref directory[at]) ?? ItemChunk.Missing : ItemChunk.Missing;
    }

    private ItemChunk ChunkForWriting(int number)
    {
        var at = number >> ItemChunk.Bits;
        var directory = chunks;
        if (at >= directory.Length)
        {
            Array.Resize(ref directory, Math.Max(at + 1, directory.Length * 2));
            Volatile.Write(ref chunks, directory);
        }
        var chunk = directory[at];
        if (chunk is not null && (chunk.Generation == generation || !SnapshotIsOpen)) return chunk;
        chunk = chunk is null ? new ItemChunk(generation) : new ItemChunk(generation, chunk);
        Volatile.Write(ref directory[at], chunk);
        return chunk;
    }

    private bool SnapshotIsOpen => hold is { IsReleased: false };

    private void BeginWriting()
    {
        if (Interlocked.Exchange(ref writing, 1) != 0)
            throw new InvalidOperationException("Another thread is writing to the catalogue; it has one writer.");
    }
}
