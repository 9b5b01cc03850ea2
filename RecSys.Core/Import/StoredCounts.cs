namespace RecSys.Core.Import;

/// <summary>What became of the users or items of an import, each id counted once.</summary>
/// <param name="Added">Not stored before.</param>
/// <param name="Changed">Stored with another content.</param>
/// <param name="Unchanged">Stored as they are.</param>
public readonly record struct StoredCounts(long Added, long Changed, long Unchanged)
{
    /// <summary>Ids in all.</summary>
    public long All => Added + Changed + Unchanged;
}
