using Microsoft.Data.Sqlite;
using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Sqlite;

/// <summary>The one row of <c>log_head</c> while a transaction works on it.</summary>
internal sealed class SqliteLogHead(SqliteConnection connection) : IDisposable
{
    private readonly SqliteStatement select = new(connection, """
        SELECT epoch, position, next_item, resolved, received_ms, events, first_event_ms, last_event_ms, parked, pruned
            FROM log_head WHERE id = 1
        """);

    private readonly SqliteStatement update = new(connection, """
        UPDATE log_head SET position = ?, next_item = ?, resolved = ?, received_ms = ?, events = ?, first_event_ms = ?, last_event_ms = ?,
            parked = ?, pruned = ? WHERE id = 1
        """);

    internal long Epoch { get; private set; }
    internal long Position { get; set; }
    internal int NextItem { get; set; }
    internal long Resolved { get; set; }
    internal long ReceivedMs { get; set; }
    internal long Events { get; private set; }
    internal long? FirstEventMs { get; private set; }
    internal long? LastEventMs { get; private set; }
    internal long Parked { get; set; }

    /// <summary>The ids of entries up to here are forgotten where they are too old.</summary>
    internal long Pruned { get; set; }

    internal void Read()
    {
        if (!select.StepOnce())
        {
            select.Reset();
            throw new RecSysException("The database has no head of its log, so it is damaged. Restore the data folder from a backup.");
        }
        (Epoch, Position, NextItem, Resolved, ReceivedMs) =
            (select.Int64(0), select.Int64(1), (int)select.Int64(2), select.Int64(3), select.Int64(4));
        (Events, FirstEventMs, LastEventMs) = (select.Int64(5), select.MaybeInt64(6), select.MaybeInt64(7));
        (Parked, Pruned) = (select.Int64(8), select.Int64(9));
        select.Reset();
    }

    internal void Write()
    {
        update.Bind(1, Position);
        update.Bind(2, NextItem);
        update.Bind(3, Resolved);
        update.Bind(4, ReceivedMs);
        update.Bind(5, Events);
        update.Bind(6, FirstEventMs);
        update.Bind(7, LastEventMs);
        update.Bind(8, Parked);
        update.Bind(9, Pruned);
        update.Execute();
    }

    internal void CountEvent(long foldMs)
    {
        Events++;
        FirstEventMs = Math.Min(FirstEventMs ?? foldMs, foldMs);
        LastEventMs = Math.Max(LastEventMs ?? foldMs, foldMs);
    }

    internal LogHead ToHead() => new(Epoch, Position, NextItem, Resolved);

    public void Dispose()
    {
        select.Dispose();
        update.Dispose();
    }
}
