namespace RecSys.Core.Features;

/// <summary>
/// Item and overall counters as of one position of the log, to be written by another thread while the fold goes on. It holds no copy: while
/// it is open, the fold copies each page of 256 items before it first writes to it, so that the memory it costs is at most what these pages
/// are, 53 KB each, and never more than the state itself.
/// </summary>
public sealed class FeatureSnapshot : IDisposable
{
    private readonly byte[] whole;
    private readonly FrozenTable<RateCell> groups;
    private readonly FrozenTable<ItemState> items;

    internal FeatureSnapshot(long position, FeatureState state)
    {
        Position = position;
        whole = state.Global.WriteWhole();
        groups = state.Global.FreezeGroups();
        items = state.ItemStates.Freeze();
    }

    /// <summary>All entries up to here are in it, none behind.</summary>
    public long Position { get; }

    /// <summary>Writes it in the form of <see cref="SnapshotFormat"/>; pages without events take no room.</summary>
    /// <exception cref="ObjectDisposedException">It was let go.</exception>
    public void WriteTo(Stream target, CancellationToken ct = default)
    {
        ObjectDisposedException.ThrowIf(!items.IsOpen, this);
        var writer = new SnapshotWriter(target);
        writer.Header(Position);
        writer.Part(SnapshotFormat.Whole, 0, whole);
        writer.Table(SnapshotFormat.Groups, groups, ct);
        writer.Table(SnapshotFormat.Items, items, ct);
        writer.End();
    }

    /// <summary>Lets the fold write without copying again.</summary>
    public void Dispose()
    {
        groups.Dispose();
        items.Dispose();
    }

    /// <summary>Fills an empty state and returns the position.</summary>
    internal static long Read(Stream source, FeatureState into)
    {
        var reader = new SnapshotReader(source);
        var position = reader.Header();
        var groups = new RateCell[ChunkedTable<RateCell>.ChunkSize];
        var items = new ItemState[ChunkedTable<ItemState>.ChunkSize];
        var seen = new HashSet<(byte, int)>();
        while (reader.Next())
        {
            if (!seen.Add((reader.Kind, reader.Number))) throw reader.Refused("it is there twice");
            switch (reader.Kind)
            {
                case SnapshotFormat.Whole when reader.Payload.Length == GlobalState.WholeBytes:
                    into.Global.ReadWhole(reader.Payload);
                    break;
                case SnapshotFormat.Groups when reader.Number < GlobalState.GroupChunks:
                    reader.Chunk<RateCell>(groups);
                    into.Global.RestoreGroups(reader.Number, groups);
                    break;
                case SnapshotFormat.Items when reader.Number <= int.MaxValue / items.Length:
                    reader.Chunk<ItemState>(items);
                    into.ItemStates.Restore(reader.Number, items);
                    break;
                default:
                    throw reader.Refused("it is not a part of this format");
            }
        }
        if (!seen.Contains((SnapshotFormat.Whole, 0))) throw SnapshotFormat.Refused("overall counters", "they are missing");
        return position;
    }
}
