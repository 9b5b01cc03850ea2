using System.Text;
using Microsoft.Data.Sqlite;
using RecSys.Core.Domain;
using RecSys.Core.Storage.Payloads;

namespace RecSys.Core.Storage.Sqlite;

/// <summary>Writes entries into the table <c>log</c>; <see cref="SqliteLogRows"/> reads them back.</summary>
internal sealed class SqliteLogInsert(SqliteConnection connection) : IDisposable
{
    private readonly PayloadWriter payload = new();

    private readonly SqliteStatement insertEvent = new(connection, """
        INSERT INTO log (position, kind, received_ms, item, user_id, event_id, type, happened_ms, meaning, value, amount, currency,
            revenue_source, place, request_id, session_id, scenario, device, location)
            VALUES (?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """);

    private readonly SqliteStatement insertOther = new(connection,
        "INSERT INTO log (position, kind, received_ms, item, user_id, happened_ms, request_id, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");

    internal void Insert(LogEntry entry)
    {
        if (entry.Change is EventChange change) InsertEvent(entry, change.Event);
        else InsertOther(entry);
    }

    public void Dispose()
    {
        insertEvent.Dispose();
        insertOther.Dispose();
    }

    private void InsertEvent(LogEntry entry, Event e)
    {
        insertEvent.Bind(1, entry.Position);
        insertEvent.Bind(2, entry.ReceivedMs);
        insertEvent.Bind(3, entry.Item);
        insertEvent.Bind(4, e.UserId);
        insertEvent.Bind(5, e.Id);
        insertEvent.Bind(6, (long)e.Type);
        insertEvent.Bind(7, e.Time.ToUnixTimeMilliseconds());
        insertEvent.Bind(8, (long?)e.Meaning);
        insertEvent.Bind(9, e.Value);
        insertEvent.Bind(10, e.Amount);
        insertEvent.Bind(11, e.Currency);
        insertEvent.Bind(12, (long)e.RevenueSource);
        insertEvent.Bind(13, e.Position);
        insertEvent.Bind(14, e.RequestId);
        insertEvent.Bind(15, e.SessionId);
        insertEvent.Bind(16, e.Scenario);
        insertEvent.Bind(17, e.Device);
        insertEvent.Bind(18, e.Location);
        insertEvent.Execute();
    }

    private void InsertOther(LogEntry entry)
    {
        var (user, request) = entry.Change switch
        {
            UserPut put => (put.User.Id, null),
            UserMerge merge => (merge.From, null),
            UserErasure erasure => (erasure.UserId, null),
            ListShown shown => (shown.UserId, shown.RequestId),
            _ => ((string?)null, (string?)null),
        };
        insertOther.Bind(1, entry.Position);
        insertOther.Bind(2, (long)entry.Change.Kind);
        insertOther.Bind(3, entry.ReceivedMs);
        insertOther.Bind(4, entry.Item < 0 ? null : (long?)entry.Item);
        insertOther.Bind(5, user);
        insertOther.Bind(6, entry.Change.Happened?.ToUnixTimeMilliseconds());
        insertOther.Bind(7, request);
        if (Payload(entry.Change) is { IsEmpty: false } bytes) insertOther.Bind(8, bytes);
        else insertOther.Bind(8, (string?)null);
        insertOther.Execute();
    }

    private ReadOnlySpan<byte> Payload(LogChange change)
    {
        payload.Clear();
        switch (change)
        {
            case ItemPut put:
                ItemPayload.Write(payload, put.Item);
                break;
            case UserPut put:
                UserPayload.Write(payload, put.User);
                break;
            case UserMerge merge:
                return Encoding.UTF8.GetBytes(merge.Into);
            case ListShown shown:
                ListShownPayload.Write(payload, shown.Items);
                break;
            case PolicyPut policy:
                payload.Text(policy.Hash);
                payload.Text(policy.Json);
                break;
            case RuleChange rule:
                RulePayload.Write(payload, rule);
                break;
            default:
                break;
        }
        return payload.Written;
    }
}
