using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RecSys.Core.Events;
using RecSys.Core.Storage.Sqlite;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Events;

public sealed class StateAuditTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private readonly FakeTimeProvider clock = new(TailRig.Start);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task RunAsync_SoundFolder_FindsNothing()
    {
        await using var database = await FillAsync();

        var report = await AuditAsync(database);

        Assert.Empty(report.Differing);
        Assert.True(report is { SnapshotPosition: > 0, Users: > 1, Items: > 1 }
            && report.Position == (await database.EventLog.ReadHeadAsync(Ct)).Position);
    }

    [Fact]
    public async Task RunAsync_StoredUserOfAnother_IsNamed()
    {
        await using var database = await FillAsync();
        var known = LogHistory.Users.Where(id => database.UserStates.Find(id) is not null).ToList();
        var other = database.UserStates.Find(known[1])!;
        await database.UserStates.SaveAsync([other with { UserId = known[0], Position = long.MaxValue / 2 }], Ct);

        Assert.Equal([$"user {known[0]}"], (await AuditAsync(database)).Differing);
    }

    [Fact]
    public async Task RunAsync_RecordedContributionThatNobodyFinds_IsNamed()
    {
        var database = await FillAsync();
        await database.DisposeAsync();
        using (var connection = new SqliteConnection($"Data Source={folder[SqliteDatabase.FileName]};Pooling=False"))
        {
            Assert.Equal(1, connection.Execute(
                "UPDATE contributions SET item_clicks = item_clicks + 1 WHERE position = (SELECT max(position) FROM contributions)"));
        }

        await using var again = SqliteDatabase.Open(folder.Path, clock);
        Assert.Contains((await AuditAsync(again)).Differing, line => line.StartsWith("contribution of position", StringComparison.Ordinal));
    }

    private static Task<StateAuditReport> AuditAsync(SqliteDatabase database) =>
        new StateAudit(database, new EventOptions(), TailRig.Folds).RunAsync(Ct);

    private async Task<SqliteDatabase> FillAsync()
    {
        var database = SqliteDatabase.Open(folder.Path, clock);
        foreach (var part in new LogHistory(4).Take(400).Chunk(50)) await database.EventLog.AppendAsync(part, Ct);
        var (options, metrics) = (new EventOptions(), new EventMetrics(new PlainMeters()));
        var snapshots = new StateSnapshots(folder[StateSnapshots.FolderName], database.UserStates, options, TimeProvider.System, metrics,
            NullLogger<StateSnapshots>.Instance);
        var state = await snapshots.ReadAsync(await database.EventLog.ReadHeadAsync(Ct), TailRig.Folds, Ct);
        using var tail = new EventTail(database.EventLog, state, snapshots, Options.Create(options), TimeProvider.System, metrics,
            NullLogger<EventTail>.Instance);
        await tail.CatchUpAsync(null, Ct);
        await tail.StartAsync(Ct);
        await tail.StopAsync(Ct);
        await database.EventLog.AppendAsync([.. new LogHistory(5).Take(100)], Ct);
        Assert.True((await database.EventLog.ReadHeadAsync(Ct)).Position > state.Position);
        return database;
    }
}
