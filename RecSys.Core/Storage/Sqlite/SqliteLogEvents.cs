using Microsoft.Data.Sqlite;
using RecSys.Core.Domain;
using RecSys.Core.Storage.Payloads;

namespace RecSys.Core.Storage.Sqlite;

/// <summary>The tables of events: their ids, the parking place, and which requests have been reported.</summary>
internal sealed class SqliteLogEvents : IDisposable
{
    private const long DayMs = 86_400_000;

    private readonly LogLimits limits;
    private readonly long eventShiftMs;
    private readonly PayloadWriter payload = new();
    private readonly SharedTexts shared = new();
    private readonly SqliteStatement findId;
    private readonly SqliteStatement findParked;
    private readonly SqliteStatement addPosted;
    private readonly SqliteStatement addImported;
    private readonly SqliteStatement findPosted;
    private readonly SqliteStatement anyPosted;
    private readonly SqliteStatement unparkId;
    private readonly SqliteStatement report;
    private readonly SqliteStatement findReport;
    private readonly SqliteStatement park;
    private readonly SqliteStatement parkedOf;
    private readonly SqliteStatement unpark;
    private readonly SqliteStatement oldestParked;
    private readonly SqliteStatement oldIds;
    private readonly SqliteStatement forgetId;
    private readonly SqliteStatement forgetReport;

    internal SqliteLogEvents(SqliteConnection connection, LogLimits limits)
    {
        this.limits = limits;
        eventShiftMs = (long)limits.EventShift.TotalMilliseconds;
        findId = new(connection,
            "SELECT position FROM event_ids WHERE id = ?1 UNION ALL SELECT position FROM import_ids WHERE id = ?1 LIMIT 1");
        findParked = new(connection, "SELECT 1 FROM parked WHERE event_id = ?");
        addPosted = new(connection, "INSERT INTO event_ids (id, position) VALUES (?, ?)");
        addImported = new(connection, "INSERT INTO import_ids (id, position) VALUES (?, ?) ON CONFLICT DO NOTHING");
        findPosted = new(connection, "SELECT position FROM event_ids WHERE id = ?");
        anyPosted = new(connection, "SELECT 1 FROM event_ids LIMIT 1");
        unparkId = new(connection, "DELETE FROM parked WHERE event_id = ?");
        report = new(connection, "INSERT INTO reported (request_id, position) VALUES (?, ?) ON CONFLICT DO NOTHING");
        findReport = new(connection, "SELECT position FROM reported WHERE request_id = ?");
        park = new(connection, "INSERT INTO parked (event_id, item_id, user_id, received_ms, imported, payload) VALUES (?, ?, ?, ?, ?, ?)");
        parkedOf = new(connection, "SELECT sequence, imported, received_ms, payload FROM parked WHERE item_id = ?");
        unpark = new(connection, "DELETE FROM parked WHERE sequence = ?");
        oldestParked = new(connection, "SELECT sequence, received_ms FROM parked ORDER BY sequence LIMIT 200");
        oldIds = new(connection,
            "SELECT position, received_ms, event_id, request_id FROM log WHERE position > ? ORDER BY position LIMIT ?");
        forgetId = new(connection, "DELETE FROM event_ids WHERE id = ? AND position = ?");
        forgetReport = new(connection, "DELETE FROM reported WHERE request_id = ? AND position = ?");
    }

    /// <param name="change">As it is read back, of a user who is not erased.</param>
    /// <param name="item">Number of the item; null when it is not known.</param>
    /// <param name="transaction">The append.</param>
    internal AppendResult Append(EventChange change, int? item, SqliteLogTransaction transaction)
    {
        var e = change.Event;
        if (transaction.Imported && item is { } imported) return StoreImported(change, imported, transaction);
        if (PositionOf(e.Id) is { } first) return new AppendResult(AppendOutcome.Duplicate, first);
        if (!transaction.Imported && e.Time.ToUnixTimeMilliseconds() < transaction.ReceivedMs + eventShiftMs - limits.IdDays * DayMs)
            return new AppendResult(AppendOutcome.TooOld, 0);
        return item is { } number ? Store(change, number, transaction, imported: false) : Park(e, transaction);
    }

    internal AppendResult Append(ListShown shown, SqliteLogTransaction transaction)
    {
        findReport.Bind(1, shown.RequestId);
        if (findReport.StepOnce())
        {
            var first = findReport.Int64(0);
            findReport.Reset();
            return new AppendResult(AppendOutcome.Duplicate, first);
        }
        findReport.Reset();
        var result = transaction.Accept(new ListShown(
            shown.RequestId, shown.UserId, [.. shown.Items],
            DateTimeOffset.FromUnixTimeMilliseconds(shown.ServedAt.ToUnixTimeMilliseconds())));
        Report(shown.RequestId, result.Position);
        return result;
    }

    /// <summary>Puts the events that waited for a new item behind it, in the order in which they happened.</summary>
    internal void TakeParked(string itemId, SqliteLogTransaction transaction)
    {
        if (transaction.Head.Parked == 0) return;
        var waiting = new List<(long Sequence, bool Imported, Event Event)>();
        var oldest = transaction.ReceivedMs - limits.ParkedDays * DayMs;
        parkedOf.Reset();
        parkedOf.Bind(1, itemId);
        while (parkedOf.Step())
        {
            if (parkedOf.Int64(2) >= oldest)
                waiting.Add((parkedOf.Int64(0), parkedOf.Int64(1) != 0, EventPayload.Read(parkedOf.Utf8(3), shared)));
        }
        parkedOf.Reset();
        var number = transaction.Entries[^1].Item;
        foreach (var (sequence, imported, e) in waiting.OrderBy(parked => parked.Event.Time).ThenBy(parked => parked.Sequence))
        {
            Unpark(sequence, transaction);
            if (PositionOf(e.Id) is null) Store(new EventChange(e), number, transaction, imported);
        }
    }

    /// <summary>Forgets some ids and parked events whose time is over; called by every append, it keeps up with what comes in.</summary>
    internal void Forget(SqliteLogTransaction transaction)
    {
        ForgetParked(transaction);
        var head = transaction.Head;
        if (head.Pruned >= head.Position) return;
        var ends = transaction.ReceivedMs - limits.IdDays * DayMs;
        oldIds.Reset();
        oldIds.Bind(1, head.Pruned);
        oldIds.Bind(2, 4_000);
        while (oldIds.Step() && oldIds.Int64(1) < ends)
        {
            var position = oldIds.Int64(0);
            if (oldIds.Text(2) is { } id) Run(forgetId, id, position);
            if (oldIds.Text(3) is { } request) Run(forgetReport, request, position);
            head.Pruned = position;
        }
        oldIds.Reset();
    }

    public void Dispose()
    {
        foreach (var statement in new[]
        {
            findId, findParked, addPosted, addImported, findPosted, anyPosted, unparkId, report, findReport, park, parkedOf, unpark,
                oldestParked, oldIds, forgetId,
                forgetReport,
        })
        {
            statement.Dispose();
        }
    }

    // History comes by the million: its id is looked up by entering it.
    private AppendResult StoreImported(EventChange change, int item, SqliteLogTransaction transaction)
    {
        if (transaction.MayBePosted ??= Any(anyPosted))
        {
            findPosted.Bind(1, change.Event.Id);
            long? posted = findPosted.StepOnce() ? findPosted.Int64(0) : null;
            findPosted.Reset();
            if (posted is { } first) return new AppendResult(AppendOutcome.Duplicate, first);
        }
        addImported.Bind(1, change.Event.Id);
        addImported.Bind(2, transaction.Head.Position + 1);
        if (addImported.Execute() == 0) return new AppendResult(AppendOutcome.Duplicate, PositionOf(change.Event.Id)!.Value);
        LeaveParking(change.Event.Id, transaction);
        return transaction.Accept(change, item);
    }

    // An event that waits under another item and now comes with the right one shall not come again when that other item does.
    private void LeaveParking(string eventId, SqliteLogTransaction transaction)
    {
        if (transaction.Head.Parked == 0) return;
        unparkId.Bind(1, eventId);
        transaction.Head.Parked -= unparkId.Execute();
    }

    private AppendResult Store(EventChange change, int item, SqliteLogTransaction transaction, bool imported)
    {
        var result = transaction.Accept(change, item);
        if (!imported) transaction.MayBePosted = true;
        Run(imported ? addImported : addPosted, change.Event.Id, result.Position);
        // Nobody asks whether requests of imported history were reported: their lists are not here.
        if (!imported && change.Event.RequestId is { } request) Report(request, result.Position);
        return result;
    }

    private AppendResult Park(Event e, SqliteLogTransaction transaction)
    {
        findParked.Bind(1, e.Id);
        var known = findParked.StepOnce();
        findParked.Reset();
        if (known) return new AppendResult(AppendOutcome.Parked, 0);
        if (transaction.Head.Parked >= limits.MostParked) return new AppendResult(AppendOutcome.Full, 0);
        payload.Clear();
        EventPayload.Write(payload, e);
        park.Bind(1, e.Id);
        park.Bind(2, e.ItemId);
        park.Bind(3, e.UserId);
        park.Bind(4, transaction.ReceivedMs);
        park.Bind(5, transaction.Imported ? 1L : 0L);
        park.Bind(6, payload.Written);
        park.Execute();
        transaction.Head.Parked++;
        return new AppendResult(AppendOutcome.Parked, 0);
    }

    private long? PositionOf(string eventId)
    {
        findId.Bind(1, eventId);
        long? position = findId.StepOnce() ? findId.Int64(0) : null;
        findId.Reset();
        return position;
    }

    private static bool Any(SqliteStatement statement)
    {
        var any = statement.StepOnce();
        statement.Reset();
        return any;
    }

    private void ForgetParked(SqliteLogTransaction transaction)
    {
        if (transaction.Head.Parked == 0) return;
        var ends = transaction.ReceivedMs - limits.ParkedDays * DayMs;
        var over = new List<long>();
        oldestParked.Reset();
        while (oldestParked.Step() && oldestParked.Int64(1) < ends) over.Add(oldestParked.Int64(0));
        oldestParked.Reset();
        foreach (var sequence in over) Unpark(sequence, transaction);
    }

    private void Unpark(long sequence, SqliteLogTransaction transaction)
    {
        unpark.Bind(1, sequence);
        transaction.Head.Parked -= unpark.Execute();
    }

    private void Report(string requestId, long position) => Run(report, requestId, position);

    private static void Run(SqliteStatement statement, string key, long position)
    {
        statement.Bind(1, key);
        statement.Bind(2, position);
        statement.Execute();
    }
}
