using Dapper;
using Microsoft.Data.Sqlite;
using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Sqlite;

/// <summary>
/// The one writing connection of the log, with its prepared statements. Not thread-safe: the caller holds the writer's place. Another
/// process may write to the same file; each transaction takes the database's write lock first and reads the head under it.
/// </summary>
internal sealed class SqliteLogWriter : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly TimeProvider clock;
    private readonly LogLimits limits;
    private readonly SqliteLogHead head;
    private readonly SqliteLogInsert log;
    private readonly SqliteLogEvents events;
    private readonly SqliteLogContents contents;
    private readonly SqliteLogRules rules;
    private readonly SqliteLogUsers users;
    private readonly SqliteStatement contribute;

    internal SqliteLogWriter(SqliteConnection connection, TimeProvider clock, LogLimits limits)
    {
        this.connection = connection;
        this.clock = clock;
        this.limits = limits;
        head = new SqliteLogHead(connection);
        log = new SqliteLogInsert(connection);
        users = new SqliteLogUsers(connection);
        contents = new SqliteLogContents(connection);
        rules = new SqliteLogRules(connection);
        events = new SqliteLogEvents(connection, limits);
        contribute = new SqliteStatement(connection,
            "INSERT INTO contributions (position, play, user_clicks, user_long_views, item_clicks, item_long_views) VALUES (?, ?, "
                + "?, ?, ?, ?)");
    }

    internal LogAppend Append(IReadOnlyList<LogChange> changes, bool imported, CancellationToken ct) => InTransaction(() =>
    {
        var results = new AppendResult[changes.Count];
        var transaction = new SqliteLogTransaction(head, log, Received(), imported, new List<LogEntry>(changes.Count));
        events.Forget(transaction);
        for (var i = 0; i < results.Length; i++)
        {
            ct.ThrowIfCancellationRequested();
            results[i] = Apply(changes[i], transaction);
        }
        head.Write();
        return new LogAppend(results, transaction.Entries);
    });

    internal bool Record(long expected, long resolved, IReadOnlyList<(long Position, Contribution Contribution)> contributions)
    {
        // The next append forces this to disk, too: what is lost with the power before that has been seen by nobody and is resolved again.
        connection.Execute("PRAGMA synchronous = NORMAL");
        try
        {
            return InTransaction(() =>
            {
                if (head.Resolved != expected) return false;
                if (resolved < expected || resolved > head.Position)
                    throw new ArgumentOutOfRangeException(nameof(resolved), resolved,
                        $"The log has entries from {expected + 1} to {head.Position} that can be resolved.");
                foreach (var (position, contribution) in contributions) Record(position, contribution, expected, resolved);
                head.Resolved = resolved;
                head.Write();
                return true;
            });
        }
        finally
        {
            connection.Execute("PRAGMA synchronous = FULL");
        }
    }

    /// <inheritdoc cref="SqliteLogUsers.NextPending"/>
    internal (string User, long Erased)? NextPending() => users.NextPending();

    /// <summary>Takes the subject out of some entries of an erased user.</summary>
    /// <returns>False when there were none left.</returns>
    internal bool Strip(string user, int most) => InTransaction(() => users.Strip(user, most) > 0);

    internal void FinishErasure(string user) => InTransaction(() =>
    {
        users.Finish(user);
        return true;
    });

    /// <summary>From now on entries are stored without the index that finds those of a user.</summary>
    internal bool DropUserIndex() => InTransaction(() => SqliteUserIndex.Drop(connection));

    /// <summary>Makes the index anew, where it is missing.</summary>
    internal bool BuildUserIndex() => InTransaction(() => SqliteUserIndex.Build(connection));

    /// <summary>
    /// Starts a new epoch: whatever was folded from entries behind this moment's head in another copy of the log is refused from now on.
    /// </summary>
    internal long StartEpoch() => InTransaction(() =>
    {
        var epoch = Math.Max(head.Epoch + 1, clock.GetUtcNow().ToUnixTimeMilliseconds());
        using var raise = new SqliteStatement(connection, "UPDATE log_head SET epoch = ? WHERE id = 1");
        raise.Bind(1, epoch);
        raise.Execute();
        using var note = new SqliteStatement(connection, "INSERT INTO epochs (epoch, start) VALUES (?, ?)");
        note.Bind(1, epoch);
        note.Bind(2, head.Position);
        note.Execute();
        return epoch;
    });

    public void Dispose()
    {
        head.Dispose();
        log.Dispose();
        events.Dispose();
        contents.Dispose();
        rules.Dispose();
        users.Dispose();
        contribute.Dispose();
        connection.Dispose();
    }

    private AppendResult Apply(LogChange change, SqliteLogTransaction transaction)
    {
        if (RecordRules.FindProblem(change) is { } problem) throw new RecSysException($"{Name(change)} cannot be stored: {problem}.");
        if (change is EventChange { Event: var e })
            return IsErased(e.UserId, transaction)
                ? new AppendResult(AppendOutcome.Erased, 0) : events.Append(Normal(e), FindItem(e.ItemId, transaction), transaction);
        switch (change)
        {
            case ItemPut put:
                var result = contents.Put(put, transaction, out var isNew);
                if (isNew) events.TakeParked(put.Item.Id, transaction);
                return result;
            case ItemRemoval removal:
                return contents.Remove(removal, transaction);
            case PolicyPut policy:
                return contents.Put(policy, transaction);
            case RuleChange rule:
                return rules.Apply(rule, transaction);
            case ListShown shown:
                return users.IsErased(shown.UserId) ? new AppendResult(AppendOutcome.Erased, 0) : events.Append(shown, transaction);
            case UserPut put:
                return users.IsErased(put.User.Id) ? new AppendResult(AppendOutcome.Erased, 0) : users.Put(put, transaction);
            case UserMerge merge:
                return users.Merge(merge, transaction);
            case UserErasure erasure:
                transaction.MayBeErased = true;
                return users.Erase(erasure, transaction);
            default:
                throw new ArgumentException($"A {change.GetType().Name} cannot be appended.");
        }
    }

    // Of history almost nobody is erased, and the same items come again and again: one look for all of a chunk.
    private bool IsErased(string user, SqliteLogTransaction transaction) =>
        (!transaction.Imported || (transaction.MayBeErased ??= users.IsAnyErased())) && users.IsErased(user);

    private int? FindItem(string id, SqliteLogTransaction transaction)
    {
        if (!transaction.Imported) return contents.FindItem(id);
        if (transaction.Items.TryGetValue(id, out var known)) return known;
        if (contents.FindItem(id) is not { } number) return null;
        transaction.Items[id] = number;
        return number;
    }

    // What is returned is what reading back gives: whole milliseconds, UTC.
    private static EventChange Normal(Event e) =>
        new(e.Time == DateTimeOffset.FromUnixTimeMilliseconds(e.Time.ToUnixTimeMilliseconds()) && e.Time.Offset == TimeSpan.Zero
        ? e
        : e with { Time = DateTimeOffset.FromUnixTimeMilliseconds(e.Time.ToUnixTimeMilliseconds()) });

    private static string Name(LogChange change) => change.Kind switch
    {
        LogKind.Event => "An event",
        LogKind.ItemPut or LogKind.ItemRemoval => "An item",
        LogKind.UserPut or LogKind.UserMerge or LogKind.UserErasure => "A user",
        LogKind.ListShown => "A shown list",
        LogKind.RuleChange => "A rule",
        _ => "A policy",
    };

    private void Record(long position, Contribution contribution, long expected, long resolved)
    {
        if (position <= expected || position > resolved)
            throw new ArgumentOutOfRangeException(nameof(position), position,
                $"Contributions of the entries {expected + 1} to {resolved} are recorded.");
        if (contribution == Contribution.None) return;
        contribute.Bind(1, position);
        contribute.Bind(2, (long)contribution.Play);
        contribute.Bind(3, contribution.UserClicks);
        contribute.Bind(4, contribution.UserLongViews);
        contribute.Bind(5, contribution.ItemClicks);
        contribute.Bind(6, contribution.ItemLongViews);
        contribute.Execute();
    }

    // The store's clock never goes back, whatever the machine's does.
    private long Received()
    {
        head.ReceivedMs = Math.Max(head.ReceivedMs, clock.GetUtcNow().ToUnixTimeMilliseconds());
        return head.ReceivedMs;
    }

    private T InTransaction<T>(Func<T> work)
    {
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            head.Read();
            var result = work();
            connection.Execute("COMMIT");
            return result;
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    private void RollBack()
    {
        try
        {
            connection.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself after failures of the disk; the failure that led here is the one to tell.
        }
    }
}
