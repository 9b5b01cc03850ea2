using RecSys.Core.Domain.Columns;

namespace RecSys.Core.Domain;

/// <summary>
/// The catalogue as it was at one moment, to be written from any thread while the catalogue goes on. As long as it is open, the writer
/// copies each chunk of columns (150 KB) before its first change, and gives no memory of replaced texts back.
/// </summary>
public sealed class ItemCatalogSnapshot : IDisposable
{
    internal const int Version = 2;
    private readonly ItemChunk?[] chunks;
    private readonly ArenaSnapshot texts;
    private readonly TextTableSnapshot[] tables;
    private readonly SnapshotHold hold;

    internal ItemCatalogSnapshot(SnapshotHold hold, ItemChunk?[] chunks, int count, TextArena texts, params ReadOnlySpan<TextTable> tables)
    {
        (this.hold, this.chunks, Count) = (hold, chunks, count);
        this.texts = new ArenaSnapshot(texts);
        this.tables = new TextTableSnapshot[tables.Length];
        for (var i = 0; i < tables.Length; i++) this.tables[i] = tables[i].Capture();
    }

    /// <summary>8 bytes that a written catalogue begins with.</summary>
    internal static ReadOnlySpan<byte> Name => "RSITEMS\n"u8;

    /// <summary>Count of the catalogue at that moment.</summary>
    public int Count { get; }

    /// <summary>Writes everything in checksummed blocks of at most 256 KB, unless one text alone is larger.</summary>
    public void Write(Stream stream)
    {
        var to = new CheckedWriter(stream, Name, Version);
        to.Numbers(Count, ItemChunk.Mask + 1);
        foreach (var table in tables) table.Write(to);
        texts.Write(to);
        for (var first = 0; first < Count; first += ItemChunk.Mask + 1)
        {
            var chunk = chunks[first >> ItemChunk.Bits] ?? ItemChunk.Missing;
            to.Block<long>(chunk.Records);
            to.Block<long>(chunk.Created);
            to.Block<ulong>(chunk.DuplicateKeys);
            to.Block<int>(chunk.Categories);
            to.Block<byte>(chunk.Flags);
        }
    }

    /// <summary>Lets the catalogue write in place again.</summary>
    public void Dispose() => hold.Release();
}
