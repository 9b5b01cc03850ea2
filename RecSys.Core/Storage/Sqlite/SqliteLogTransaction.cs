using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Sqlite;

/// <summary>One append while it is under way.</summary>
/// <param name="Head">Read under the write lock, written before the commit.</param>
/// <param name="Log">Writes entries.</param>
/// <param name="ReceivedMs">The time of all its entries.</param>
/// <param name="Imported">True for history: of any past time, with ids that are remembered for good.</param>
/// <param name="Entries">The new entries in order.</param>
internal sealed record SqliteLogTransaction(SqliteLogHead Head, SqliteLogInsert Log, long ReceivedMs, bool Imported, List<LogEntry> Entries)
{
    /// <summary>False while no posted event has its id remembered; null: not looked up yet.</summary>
    internal bool? MayBePosted { get; set; }

    /// <summary>False while nobody is erased; null: not looked up yet.</summary>
    internal bool? MayBeErased { get; set; }

    /// <summary>Numbers of the items that this transaction met, for history, whose events name few items again and again.</summary>
    internal Dictionary<string, int> Items { get; } = new(StringComparer.Ordinal);

    /// <summary>Gives the change its place.</summary>
    /// <param name="change">What changed, in the form in which it is read back.</param>
    /// <param name="item">Number of its item, or -1.</param>
    internal LogEntry Add(LogChange change, int item = -1)
    {
        var entry = new LogEntry(++Head.Position, ReceivedMs, item, change);
        Log.Insert(entry);
        Entries.Add(entry);
        if (change is EventChange) Head.CountEvent(entry.FoldMs);
        return entry;
    }

    internal AppendResult Accept(LogChange change, int item = -1) => new(AppendOutcome.Accepted, Add(change, item).Position);
}
