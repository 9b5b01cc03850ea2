using Microsoft.Data.Sqlite;
using RecSys.Core.Domain;
using RecSys.Core.Storage.Payloads;

namespace RecSys.Core.Storage.Sqlite;

/// <summary>The tables of users: profiles, merges and tombstones.</summary>
internal sealed class SqliteLogUsers(SqliteConnection connection) : IDisposable
{
    // An account that more visitors than this turned into is no account of a person.
    private const int MostMerged = 10_000;

    private readonly PayloadWriter payload = new();
    private readonly SqliteStatement isErased = new(connection, "SELECT 1 FROM erased WHERE id = ?");
    private readonly SqliteStatement anyErased = new(connection, "SELECT 1 FROM erased LIMIT 1");
    private readonly SqliteStatement find =
        new(connection, "SELECT users.position, payload FROM users JOIN log ON log.position = users.position WHERE id = ?");

    private readonly SqliteStatement put = new(connection,
        "INSERT INTO users (id, position) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET position = excluded.position");

    // Whom somebody was merged into has that one's history.
    private readonly SqliteStatement isKnown = new(connection, """
        SELECT 1 FROM users WHERE id = ?1 UNION ALL SELECT 1 FROM log WHERE user_id = ?1
            UNION ALL SELECT 1 FROM parked WHERE user_id = ?1
            UNION ALL SELECT 1 FROM merges WHERE from_id = ?1 UNION ALL SELECT 1 FROM merges WHERE into_id = ?1 LIMIT 1
        """);

    private readonly SqliteStatement merge = new(connection, "INSERT INTO merges (from_id, into_id, position) VALUES (?, ?, ?)");
    private readonly SqliteStatement moveProfile = new(connection, "UPDATE OR IGNORE users SET id = ? WHERE id = ?");
    private readonly SqliteStatement dropProfile = new(connection, "DELETE FROM users WHERE id = ?");
    private readonly SqliteStatement findMerge = new(connection, "SELECT into_id, position FROM merges WHERE from_id = ?");
    private readonly SqliteStatement mergedInto = new(connection, "SELECT from_id FROM merges WHERE into_id = ?");
    private readonly SqliteStatement entomb =
        new(connection, "INSERT INTO erased (id, position, pending) VALUES (?, ?, 1) ON CONFLICT DO NOTHING");
    private readonly SqliteStatement finish = new(connection, "UPDATE erased SET pending = 0 WHERE id = ?");
    private readonly SqliteStatement pending =
        new(connection, "SELECT id, position FROM erased WHERE pending = 1 LIMIT 1");
    private readonly SqliteStatement deleteParked = new(connection, "DELETE FROM parked WHERE user_id = ?");

    private readonly SqliteStatement[] deleteRest =
    [
        new(connection, "DELETE FROM users WHERE id = ?"),
        // A profile that has moved on to another user is still what the erased one had told.
        new(connection, "DELETE FROM users WHERE position IN (SELECT position FROM log WHERE user_id = ? AND kind = 3)"),
        new(connection, "DELETE FROM user_states WHERE user_id = ?"),
        new(connection, "DELETE FROM dead_letters WHERE user_id = ?"),
        new(connection, "DELETE FROM merges WHERE from_id = ?"),
    ];

    private readonly SqliteStatement entriesOf =
        new(connection, "SELECT position, request_id FROM log WHERE user_id = ? AND kind <> 5 LIMIT ?");
    private readonly SqliteStatement strip = new(connection, """
        UPDATE log SET user_id = NULL, session_id = NULL, request_id = NULL, payload = iif(kind IN (3, 4), NULL, payload) WHERE position = ?
        """);

    private readonly SqliteStatement unreport = new(connection, "DELETE FROM reported WHERE request_id = ?");

    internal bool IsErased(string id) => Exists(isErased, id);

    internal bool IsAnyErased()
    {
        var any = anyErased.StepOnce();
        anyErased.Reset();
        return any;
    }

    /// <summary>Stores a profile. A merged id is another name of whom it was merged into, whose profile it is then.</summary>
    internal AppendResult Put(UserPut change, SqliteLogTransaction transaction)
    {
        var user = change.User with { Id = WhoIs(change.User.Id).Id };
        if (user.CreatedAt is { } time)
            user = user with { CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds()) };
        payload.Clear();
        UserPayload.Write(payload, user);
        find.Bind(1, user.Id);
        var known = find.StepOnce();
        var stored = known && find.Utf8(1).SequenceEqual(payload.Written) ? find.Int64(0) : 0;
        find.Reset();
        if (stored > 0) return new AppendResult(AppendOutcome.Duplicate, stored);

        var result = transaction.Accept(new UserPut(user));
        put.Bind(1, user.Id);
        put.Bind(2, result.Position);
        put.Execute();
        return result with { IsNew = !known };
    }

    internal AppendResult Merge(UserMerge change, SqliteLogTransaction transaction)
    {
        if (IsErased(change.From) || IsErased(change.Into)) return new AppendResult(AppendOutcome.Erased, 0);
        // A visitor who is somebody already takes that one along: the table says it of whom the visitor has become, so that each id has one
        // row.
        var (from, last) = WhoIs(change.From);
        var (into, before) = WhoIs(change.Into);
        if (from == into) return new AppendResult(AppendOutcome.Duplicate, Math.Max(last, before));
        if (!Exists(isKnown, change.From)) return new AppendResult(AppendOutcome.Unknown, 0);
        var result = transaction.Accept(change);
        merge.Bind(1, from);
        merge.Bind(2, change.Into);
        merge.Bind(3, result.Position);
        merge.Execute();
        // The profile goes where history goes, unless there is one.
        moveProfile.Bind(1, into);
        moveProfile.Bind(2, from);
        moveProfile.Execute();
        dropProfile.Bind(1, from);
        dropProfile.Execute();
        return result;
    }

    /// <summary>
    /// Sets the tombstones of the user and of all that were merged into this one, deletes what stands outside the log, and leaves the log's
    /// entries to <see cref="Strip"/>. Users of whom nothing is known get a tombstone, too: their events may be on the way.
    /// </summary>
    internal AppendResult Erase(UserErasure erasure, SqliteLogTransaction transaction)
    {
        if (IsErased(erasure.UserId)) return new AppendResult(AppendOutcome.Erased, 0);
        var result = transaction.Accept(erasure);
        foreach (var id in WithMerged(erasure.UserId))
        {
            entomb.Bind(1, id);
            entomb.Bind(2, result.Position);
            entomb.Execute();
            deleteParked.Bind(1, id);
            transaction.Head.Parked -= deleteParked.Execute();
            foreach (var statement in deleteRest)
            {
                statement.Bind(1, id);
                statement.Execute();
            }
        }
        return result;
    }

    // Whom an id has become by the merges so far, and where the last of them stands; no ring can come into the table.
    private (string Id, long Position) WhoIs(string id)
    {
        var position = 0L;
        while (true)
        {
            findMerge.Bind(1, id);
            var next = findMerge.StepOnce() ? findMerge.Text(0) : null;
            if (next is not null) position = findMerge.Int64(1);
            findMerge.Reset();
            if (next is null) return (id, position);
            id = next;
        }
    }

    /// <summary>A user whose entries still have to be stripped, and where it was erased; or null.</summary>
    internal (string User, long Erased)? NextPending()
    {
        (string, long)? next = pending.StepOnce() ? (pending.Text(0)!, pending.Int64(1)) : null;
        pending.Reset();
        return next;
    }

    internal int Strip(string user, int most)
    {
        var entries = new List<(long Position, string? Request)>();
        entriesOf.Reset();
        entriesOf.Bind(1, user);
        entriesOf.Bind(2, most);
        while (entriesOf.Step()) entries.Add((entriesOf.Int64(0), entriesOf.Text(1)));
        entriesOf.Reset();
        foreach (var (position, request) in entries)
        {
            strip.Bind(1, position);
            strip.Execute();
            if (request is null) continue;
            unreport.Bind(1, request);
            unreport.Execute();
        }
        return entries.Count;
    }

    internal void Finish(string user)
    {
        finish.Bind(1, user);
        finish.Execute();
    }

    public void Dispose()
    {
        foreach (var statement in new[]
        {
            isErased, anyErased, find, put, isKnown, merge, moveProfile, dropProfile, findMerge, mergedInto, entomb, finish, pending,
            deleteParked, entriesOf, strip, unreport,
        })
        {
            statement.Dispose();
        }
        foreach (var statement in deleteRest) statement.Dispose();
    }

    private HashSet<string> WithMerged(string user)
    {
        var all = new HashSet<string>(StringComparer.Ordinal) { user };
        var open = new Queue<string>([user]);
        while (open.TryDequeue(out var id) && all.Count < MostMerged)
        {
            mergedInto.Reset();
            mergedInto.Bind(1, id);
            while (mergedInto.Step())
            {
                if (mergedInto.Text(0) is { } from && all.Add(from)) open.Enqueue(from);
            }
        }
        mergedInto.Reset();
        return all;
    }

    private static bool Exists(SqliteStatement statement, string id)
    {
        statement.Bind(1, id);
        var exists = statement.StepOnce();
        statement.Reset();
        return exists;
    }
}
