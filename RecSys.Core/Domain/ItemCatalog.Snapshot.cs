using RecSys.Core.Domain.Columns;

namespace RecSys.Core.Domain;

public sealed partial class ItemCatalog
{
    /// <summary>
    /// Notes the catalogue as it is, in the writer's turn: milliseconds at 10 million items, since nothing is copied but lists of blocks.
    /// </summary>
    /// <exception cref="InvalidOperationException">The snapshot before is still open, or another thread is writing.</exception>
    public ItemCatalogSnapshot Capture()
    {
        BeginWriting();
        try
        {
            if (SnapshotIsOpen) throw new InvalidOperationException("The snapshot before is still being written; dispose of it first.");
            generation++;
            return new ItemCatalogSnapshot(hold = new SnapshotHold(), [.. chunks], count, texts, ids, categories, creators);
        }
        finally
        {
            Volatile.Write(ref writing, 0);
        }
    }

    /// <summary>Writes the catalogue as it is, in the writer's turn; <see cref="Capture"/> does not keep the writer waiting.</summary>
    public void Write(Stream stream)
    {
        using var captured = Capture();
        captured.Write(stream);
    }

    /// <summary>The catalogue that was written.</summary>
    /// <param name="stream">Read from where it stands; not closed. Buffering is the caller's.</param>
    /// <param name="source">What to call it in messages, such as the file's name.</param>
    /// <exception cref="RecSysException">Damaged, cut off, of another version or something else.</exception>
    public static ItemCatalog Read(Stream stream, string source)
    {
        var from = new CheckedReader(stream, source, ItemCatalogSnapshot.Name, ItemCatalogSnapshot.Version);
        var catalog = new ItemCatalog();
        var numbers = from.Numbers(2);
        var count = from.Within(numbers[0], int.MaxValue, "the number of items");
        if (numbers[1] != ItemChunk.Mask + 1) throw from.Refusal($"its chunks have {numbers[1]} items");
        foreach (var table in (ReadOnlySpan<TextTable>)[catalog.ids, catalog.categories, catalog.creators]) table.Read(from);
        var lengths = ArenaSnapshot.Read(from, catalog.texts);
        for (var first = 0; first < count; first += ItemChunk.Mask + 1)
        {
            var chunk = catalog.ChunkForWriting(first);
            from.Block(chunk.Records.AsSpan());
            from.Block(chunk.Created.AsSpan());
            from.Block(chunk.DuplicateKeys.AsSpan());
            from.Block(chunk.Categories.AsSpan());
            from.Block(chunk.Flags.AsSpan());
            foreach (var place in chunk.Records)
            {
                if (!ArenaSnapshot.Holds(lengths, place)) throw from.Refusal("the content of an item lies outside its blocks");
            }
        }
        Volatile.Write(ref catalog.count, count);
        return catalog;
    }
}
