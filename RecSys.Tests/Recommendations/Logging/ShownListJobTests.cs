using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Recommendations.Logging;
using RecSys.Core.Storage;
using RecSys.Core.Storage.Sqlite;
using RecSys.Tests.Events;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Storage;

namespace RecSys.Tests.Recommendations.Logging;

/// <summary>Lists that nobody reports on, over a real store, writer and tail.</summary>
public sealed class ShownListJobTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider clock = new(TailRig.Start);
    private readonly ServedRecordOptions options = new();
    private readonly EventOptions events = new();
    private readonly ListLogger<LogWriter> logger = new();
    private SqliteDatabase database = null!;
    private LiveState live = null!;
    private EventTail tail = null!;
    private LogWriter writer = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = SqliteDatabase.Open(folder.Path, clock);
        var metrics = new EventMetrics(new PlainMeters());
        var snapshots = new StateSnapshots(folder["state"], database.UserStates, events, clock, metrics, new ListLogger<StateSnapshots>());
        live = await snapshots.ReadAsync(await database.EventLog.ReadHeadAsync(Ct), () => [], Ct);
        tail = new EventTail(database.EventLog, live, snapshots, Options.Create(events), clock, metrics, new ListLogger<EventTail>());
        await tail.CatchUpAsync(null, Ct);
        await tail.StartAsync(Ct);
        writer = new LogWriter(database.EventLog, tail, database.DeadLetters, Options.Create(events), clock, metrics, logger);
        await writer.StartAsync(Ct);
        await writer.AppendAsync([.. Enumerable.Range(0, 4).Select(i => new ItemPut(Sample.Item($"i{i}")))], Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await writer.StopAsync(CancellationToken.None);
        await tail.StopAsync(CancellationToken.None);
        writer.Dispose();
        tail.Dispose();
        await database.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task RunOnce_OldReportedAndYoungLists_CountsTheUnreportedOldOnesOnce()
    {
        await database.ServedRecords.AppendAsync(
            [Record("silent", -31, 0, 1), Record("reported", -31, 2), Record("young", -29, 3)], Ct);
        await writer.AppendAsync(
            [new EventChange(Sample.Event("e", clock.GetUtcNow(), user: "ada", item: "i2") with
            {
                Type = EventType.Impression, RequestId = "reported",
            })], Ct);

        Assert.Equal(1, await Job().RunOnceAsync(Ct));
        Assert.Equal(0, await Job().RunOnceAsync(Ct));

        var shown = Assert.Single(await ListsAsync());
        Assert.Equal(("silent", "ada", clock.GetUtcNow().AddMinutes(-31)), (shown.RequestId, shown.UserId, shown.ServedAt));
        Assert.Equal([0, 1], shown.Items);
        Assert.True(await tail.WaitAsync((await database.EventLog.ReadHeadAsync(Ct)).Position, TimeSpan.FromMinutes(1), Ct));
        var seen = live.Copy("ada").Seen;
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(item => seen.Find(item).ShownMs is not null));

        // What is reported afterwards does not make the list count again; the young one's turn comes.
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(1, await Job().RunOnceAsync(Ct));
        Assert.Equal(["silent", "young"], (await ListsAsync()).Select(list => list.RequestId));
    }

    [Fact]
    public async Task RunOnce_MoreThanABatch_CountsAllOfThem()
    {
        await database.ServedRecords.AppendAsync([.. Enumerable.Range(0, 1201).Select(i => Record($"r{i}", -60, i % 4))], Ct);

        Assert.Equal(1201, await Job().RunOnceAsync(Ct));

        Assert.Equal(1201, (await ListsAsync()).Select(list => list.RequestId).Distinct().Count());
    }

    [Fact]
    public async Task RunOnce_AnotherProcessIsAtIt_LeavesItToThatOne()
    {
        await database.ServedRecords.AppendAsync([Record("r", -31, 0)], Ct);

        await using (new FileStream(folder["shown-lists.lock"], FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
            Assert.Equal(0, await Job().RunOnceAsync(Ct));

        Assert.Equal(1, await Job().RunOnceAsync(Ct));
    }

    [Fact]
    public async Task RunOnce_SwitchedOff_CountsNothing()
    {
        await database.ServedRecords.AppendAsync([Record("r", -3000, 0)], Ct);
        options.CountsAfterMinutes = null;

        Assert.Equal(0, await Job().RunOnceAsync(Ct));
        Assert.Empty(await ListsAsync());
    }

    [Fact]
    public async Task RunOnce_UserErasedMeanwhile_BringsNothingBack()
    {
        await database.ServedRecords.AppendAsync([Record("r", -31, 0)], Ct);
        await writer.AppendAsync([new UserErasure("ada")], Ct);

        await Job().RunOnceAsync(Ct);

        Assert.Empty(await ListsAsync());
    }

    private ShownListJob Job() => new(
        database.ServedRecords, writer, Options.Create(options), Options.Create(new StorageOptions { DataFolder = folder.Path }), clock,
        new ListLogger<ShownListJob>());

    private ServedRecord Record(string request, int minutes, params int[] items) =>
        Served.Record(request, "ada", clock.GetUtcNow().AddMinutes(minutes)) with
        {
            Items = [.. items.Select(item => new ServedItem { Item = item, Scores = [0.5f], FinalScore = 0.25 })],
        };

    private async Task<List<ListShown>> ListsAsync() =>
        await database.EventLog.ReadAfterAsync(0, Ct).Select(entry => entry.Change).OfType<ListShown>().ToListAsync(Ct);
}
