using Microsoft.Data.Sqlite;
using RecSys.Core.Domain;
using RecSys.Core.Storage.Payloads;

namespace RecSys.Core.Storage.Sqlite;

/// <summary>The tables of rules, which point to the entries that hold the contents.</summary>
internal sealed class SqliteLogRules(SqliteConnection connection) : IDisposable
{
    private readonly SqliteStatement find = new(connection,
        "SELECT rules.position, payload FROM rules JOIN log ON log.position = rules.position WHERE id = ?");
    private readonly SqliteStatement count = new(connection, "SELECT count(*) FROM rules");
    private readonly SqliteStatement put = new(connection,
        "INSERT INTO rules (id, position) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET position = excluded.position");
    private readonly SqliteStatement remove = new(connection, "DELETE FROM rules WHERE id = ?");
    private readonly SqliteStatement note = new(connection, "INSERT INTO rule_changes (position, id) VALUES (?, ?)");

    internal AppendResult Apply(RuleChange change, SqliteLogTransaction transaction)
    {
        find.Bind(1, change.RuleId);
        var stored = find.StepOnce() ? find.Int64(0) : 0;
        var before = stored == 0 ? null : RulePayload.Read(find.Utf8(1)).Json;
        find.Reset();
        if (change.Json is null && before is null) return new AppendResult(AppendOutcome.Unknown, 0);
        if (change.Json == before) return new AppendResult(AppendOutcome.Duplicate, stored);
        if (before is null && Count() >= LogLimits.MostRules) return new AppendResult(AppendOutcome.Full, 0);

        var result = transaction.Accept(change);
        if (change.Json is null)
        {
            remove.Bind(1, change.RuleId);
            remove.Execute();
        }
        else
        {
            put.Bind(1, change.RuleId);
            put.Bind(2, result.Position);
            put.Execute();
        }
        note.Bind(1, result.Position);
        note.Bind(2, change.RuleId);
        note.Execute();
        return result with { IsNew = before is null };
    }

    public void Dispose()
    {
        foreach (var statement in new[] { find, count, put, remove, note }) statement.Dispose();
    }

    private long Count()
    {
        count.StepOnce();
        var rules = count.Int64(0);
        count.Reset();
        return rules;
    }
}
