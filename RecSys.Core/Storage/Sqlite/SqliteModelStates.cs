using Dapper;
using Microsoft.Data.Sqlite;
using RecSys.Core.Storage.ModelStates;

namespace RecSys.Core.Storage.Sqlite;

internal sealed class SqliteModelStates(SqliteDatabase database, TimeProvider clock) : IModelStates
{
    private const string Columns = """
        version, state, since_ms, revision, predecessor, actor, reason, collected, parent, window_from_ms, window_to_ms, window_events,
        code_commit, manifest_sha256, report
        """;

    public Task<IReadOnlyList<ModelRecord>> ListAsync(CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<ModelRecord>>(database.Read(connection => Read(connection, "ORDER BY version", null)));
    }

    public Task<ModelRecord?> FindAsync(string version, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(connection => Find(connection, version)));
    }

    public Task<ModelRecord?> ReadChampionAsync(CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(Champion));
    }

    public Task<ModelChange> RegisterAsync(ModelRegistration registration, CancellationToken ct = default) =>
        database.WriteAsync(connection =>
        {
            var known = Find(connection, registration.Version);
            if (known is { State: not ModelState.Training }) return new ModelChange(ModelChangeOutcome.Exists, known);
            var allowed = known is null
                ? ModelStateRules.MayBegin(registration.State) : ModelStateRules.Allows(known.State, registration.State);
            if (!allowed) return new ModelChange(ModelChangeOutcome.NotAllowed, known);
            if (known is not null) connection.Execute("DELETE FROM model_states WHERE version = @Version", new { known.Version });
            Insert(connection, registration, known?.State);
            return Done(connection, registration.Version);
        }, ct);

    public Task<ModelChange> MoveAsync(ModelMove move, CancellationToken ct = default) => database.WriteAsync(connection =>
    {
        if (Find(connection, move.Version) is not { } record) return new ModelChange(ModelChangeOutcome.Unknown, null);
        var toChampion = move.To == ModelState.Champion;
        var champion = toChampion ? Champion(connection) : null;
        if (record.Revision != move.ExpectedRevision
            || (toChampion && move.ExpectedChampion is { } expected && champion?.Version != expected))
            return new ModelChange(ModelChangeOutcome.Stale, record);
        if (!ModelStateRules.Allows(record.State, move.To) || (toChampion && record.Collected)
            || (champion is not null && !ModelStateRules.MayGiveWayAs(move.Outgoing)))
            return new ModelChange(ModelChangeOutcome.NotAllowed, record);
        // The old one first: the index knows one champion at most.
        if (champion is not null)
            Set(connection, champion, move.Outgoing, champion.Predecessor, move.Actor, $"gave way to {move.Version}: {move.Reason}");
        var predecessor = toChampion && !move.IsReturn && champion is not null ? champion.Version : record.Predecessor;
        Set(connection, record, move.To, predecessor, move.Actor, move.Reason);
        return Done(connection, move.Version);
    }, ct);

    public Task<ModelChange> CollectAsync(string version, long expectedRevision, string actor, CancellationToken ct = default) =>
        database.WriteAsync(connection =>
        {
            if (Find(connection, version) is not { } record) return new ModelChange(ModelChangeOutcome.Unknown, null);
            if (record.Revision != expectedRevision) return new ModelChange(ModelChangeOutcome.Stale, record);
            if (!ModelStateRules.MayBeCollected(record.State)) return new ModelChange(ModelChangeOutcome.NotAllowed, record);
            var number = Note(connection, version, record.State, record.State, actor, "the bundle was deleted to make room");
            connection.Execute("UPDATE model_states SET collected = 1, revision = @number WHERE version = @version",
                new { number, version });
            return Done(connection, version);
        }, ct);

    public Task<bool> TakeOverAsync(IReadOnlyList<ModelRegistration> versions, CancellationToken ct = default) =>
        database.WriteAsync(connection =>
        {
            if (connection.ExecuteScalar<long>("SELECT count(*) FROM model_states") > 0) return false;
            foreach (var version in versions) Insert(connection, version, null);
            return true;
        }, ct);

    public Task<IReadOnlyList<ModelTransition>> TransitionsAsync(string? version, int most, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<ModelTransition>>(database.Read(connection =>
        {
            using var select = new SqliteStatement(connection, """
                SELECT number, version, from_state, to_state, happened_ms, actor, reason FROM model_transitions
                WHERE ?1 IS NULL OR version = ?1 ORDER BY number DESC LIMIT ?2
                """);
            select.Bind(1, version);
            select.Bind(2, most);
            var lines = new List<ModelTransition>();
            while (select.Step())
            {
                lines.Add(new ModelTransition(
                    select.Int64(0), select.Text(1)!, select.Text(2) is { } from ? ModelStateRules.Parse(from) : null,
                    ModelStateRules.Parse(select.Text(3)!), Time(select.Int64(4)), select.Text(5)!, select.Text(6)!));
            }
            return lines;
        }));
    }

    private static ModelRecord? Champion(SqliteConnection connection) =>
        Read(connection, "WHERE state = 'champion'", null).SingleOrDefault();

    private static ModelRecord? Find(SqliteConnection connection, string version) =>
        Read(connection, "WHERE version = ?", version).SingleOrDefault();

    private static ModelChange Done(SqliteConnection connection, string version) =>
        new(ModelChangeOutcome.Done, Find(connection, version));

    private void Insert(SqliteConnection connection, ModelRegistration version, ModelState? before)
    {
        var number = Note(connection, version.Version, before, version.State, version.Actor, version.Reason);
        var lineage = version.Lineage;
        using var insert = new SqliteStatement(connection, $"""
            INSERT INTO model_states ({Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
            """);
        insert.Bind(1, version.Version);
        insert.Bind(2, version.State.Name());
        insert.Bind(3, (version.Since ?? clock.GetUtcNow()).ToUnixTimeMilliseconds());
        insert.Bind(4, number);
        insert.Bind(5, version.Predecessor);
        insert.Bind(6, version.Actor);
        insert.Bind(7, version.Reason);
        insert.Bind(8, lineage.Parent);
        insert.Bind(9, lineage.WindowFrom?.ToUnixTimeMilliseconds());
        insert.Bind(10, lineage.WindowTo?.ToUnixTimeMilliseconds());
        insert.Bind(11, lineage.WindowEvents);
        insert.Bind(12, lineage.CodeCommit);
        insert.Bind(13, lineage.ManifestSha256);
        insert.Bind(14, lineage.Report);
        insert.Execute();
    }

    // A version that is staged again has its bundle again.
    private void Set(SqliteConnection connection, ModelRecord record, ModelState to, string? predecessor, string actor, string reason)
    {
        var revision = Note(connection, record.Version, record.State, to, actor, reason);
        connection.Execute("""
            UPDATE model_states SET state = @state, since_ms = @since, revision = @revision, predecessor = @predecessor, actor = @actor,
                reason = @reason, collected = collected AND @state <> 'staging'
            WHERE version = @Version
            """,
            new
            {
                state = to.Name(), since = clock.GetUtcNow().ToUnixTimeMilliseconds(), revision, predecessor, actor, reason, record.Version,
            });
    }

    private long Note(SqliteConnection connection, string version, ModelState? from, ModelState to, string actor, string reason) =>
        connection.ExecuteScalar<long>("""
            INSERT INTO model_transitions (version, from_state, to_state, happened_ms, actor, reason)
            VALUES (@version, @from, @to, @now, @actor, @reason) RETURNING number
            """,
            new
            {
                version, from = from?.Name(), to = to.Name(), now = clock.GetUtcNow().ToUnixTimeMilliseconds(), actor, reason,
            });

    private static List<ModelRecord> Read(SqliteConnection connection, string rest, string? version)
    {
        using var select = new SqliteStatement(connection, $"SELECT {Columns} FROM model_states {rest}");
        if (version is not null) select.Bind(1, version);
        var records = new List<ModelRecord>();
        while (select.Step())
        {
            var lineage = new ModelLineage
            {
                Parent = select.Text(8),
                WindowFrom = MaybeTime(select.MaybeInt64(9)),
                WindowTo = MaybeTime(select.MaybeInt64(10)),
                WindowEvents = select.MaybeInt64(11),
                CodeCommit = select.Text(12),
                ManifestSha256 = select.Text(13),
                Report = select.Text(14),
            };
            records.Add(new ModelRecord(
                select.Text(0)!, ModelStateRules.Parse(select.Text(1)!), Time(select.Int64(2)), select.Int64(3), lineage, select.Text(4),
                select.Text(5)!, select.Text(6)!, select.Int64(7) != 0));
        }
        return records;
    }

    private static DateTimeOffset Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);

    private static DateTimeOffset? MaybeTime(long? ms) => ms is { } known ? Time(known) : null;
}
