using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Monitoring;
using RecSys.Core.Monitoring.Business;
using RecSys.Core.Pipeline;
using RecSys.Core.Storage;
using RecSys.Core.Storage.Sqlite;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Monitoring.Business;

/// <summary>
/// Real stores of a data folder, a state that folds their log, and the figures over both, by a clock that the test moves.
/// </summary>
internal sealed class BusinessRig : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string folder;
    private readonly SqliteDatabase database;

    /// <param name="folder">Data folder; what an earlier rig left there is gone on with.</param>
    /// <param name="clock">Of everything.</param>
    /// <param name="options">Target and currency.</param>
    public BusinessRig(string folder, FakeTimeProvider clock, MonitoringOptions? options = null)
    {
        (this.folder, Clock) = (folder, clock);
        options ??= new MonitoringOptions();
        database = SqliteDatabase.Open(folder, clock, new LogLimits());
        State = new LiveState(1, database.UserStates, storeIsEmpty: true, new EventOptions(), []);
        Ledger = new BusinessLedger(CandidateSourceNames.ByBit, options.Currency, new BusinessMetrics(new PlainMeters()));
        Figures = new BusinessFigures(Ledger, Options.Create(options), clock);
        Tail = new BusinessTail(database.ServedRecords, database.EventLog, State, Ledger, clock);
        Job = new BusinessJob(
            Tail, Ledger, BusinessJob.FileAt(Path.Combine(folder, "monitoring", "business.windows")), clock, clock, Log);
    }

    public FakeTimeProvider Clock { get; }
    public LiveState State { get; }
    public BusinessLedger Ledger { get; }
    public BusinessFigures Figures { get; }
    public BusinessTail Tail { get; }
    public BusinessJob Job { get; }
    public ListLogger<BusinessJob> Log { get; } = new();
    public IServedRecordStore Records => database.ServedRecords;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Reads what was left, as a start does, without the loop.</summary>
    public async Task OpenAsync()
    {
        await FoldAsync();
        Job.Restore();
    }

    public async Task KnowAsync(params IEnumerable<string> items)
    {
        await database.EventLog.AppendAsync([.. items.Select(id => new ItemPut(new Item { Id = id, Title = id, Category = "c" }))], Ct);
        await FoldAsync();
    }

    public async Task KnowUserAsync(User user)
    {
        await database.EventLog.AppendAsync([new UserPut(user)], Ct);
        await FoldAsync();
    }

    /// <summary>Stores the record of an answered request.</summary>
    public Task ServeAsync(string request, params (int Item, CandidateSources Sources)[] places) =>
        ServeAsync(Record(request, places));

    public Task ServeAsync(params ServedRecord[] records) => database.ServedRecords.AppendAsync(records, Ct);

    public ServedRecord Record(string request, params (int Item, CandidateSources Sources)[] places) => new()
    {
        RequestId = request,
        UserId = "u",
        Time = Clock.GetUtcNow(),
        FeatureTime = Clock.GetUtcNow(),
        Epoch = 1,
        Position = State.Position,
        Assignment = new Assignment("none", "control", "v1", "policy"),
        LatencyMs = 1,
        Items = [.. places.Select(place => new ServedItem { Item = place.Item, Sources = (int)place.Sources })],
    };

    /// <summary>Posts an event of the present moment.</summary>
    public Task PostAsync(string? request, string item, EventType type, Func<Event, Event>? with = null)
    {
        var e = new Event
        {
            Id = Guid.NewGuid().ToString("N"), UserId = "u", ItemId = item, Type = type, Time = Clock.GetUtcNow(), RequestId = request,
        };
        return PostAsync(with?.Invoke(e) ?? e);
    }

    public async Task PostAsync(params Event[] more)
    {
        await database.EventLog.AppendAsync([.. more.Select(e => new EventChange(e))], Ct);
        await FoldAsync();
    }

    public async Task<BusinessTotals> CountAsync(int hours = 24)
    {
        await Job.CountAsync(Ct);
        return Figures.Read(hours).All;
    }

    /// <summary>Closes the stores as a kill does: nothing is written.</summary>
    public async ValueTask DisposeAsync()
    {
        Job.Dispose();
        await database.DisposeAsync();
    }

    private async Task FoldAsync()
    {
        await foreach (var entry in database.EventLog.ReadAfterAsync(State.Position, Ct)) State.Fold(entry, recorded: null);
    }
}
