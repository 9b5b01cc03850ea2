using Microsoft.Data.Sqlite;
using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Sqlite;

/// <summary>Appends events on one connection.</summary>
internal sealed class SqliteEventWriter(SqliteConnection connection) : IDisposable
{
    private readonly SqliteStatement insert = new(connection, """
        INSERT INTO events (id, user_id, item_id, type, time_ms, value, position, request_id, device, location)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
        """);

    internal AppendOutcome[] Write(IReadOnlyCollection<Event> events, CancellationToken ct)
    {
        var outcomes = new AppendOutcome[events.Count];
        var at = 0;
        foreach (var e in events)
        {
            ct.ThrowIfCancellationRequested();
            if (RecordRules.FindProblem(e) is { } problem) throw new RecSysException($"An event cannot be stored: {problem}.");
            insert.Bind(1, e.Id);
            insert.Bind(2, e.UserId);
            insert.Bind(3, e.ItemId);
            insert.Bind(4, (long)e.Type);
            insert.Bind(5, e.Time.ToUnixTimeMilliseconds());
            insert.Bind(6, e.Value);
            insert.Bind(7, e.Position);
            insert.Bind(8, e.RequestId);
            insert.Bind(9, e.Device);
            insert.Bind(10, e.Location);
            outcomes[at++] = insert.Execute() == 1 ? AppendOutcome.Accepted : AppendOutcome.Duplicate;
        }
        return outcomes;
    }

    public void Dispose() => insert.Dispose();
}
