using Microsoft.Extensions.Time.Testing;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Recommendations.Sources;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Events;

/// <summary>A log in memory with a tail over it that may be started, stopped or left lying, and started again from what it wrote.</summary>
internal sealed class TailRig : IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder folder = new();

    public TailRig() => Log = new MemoryEventLog(Clock);

    public FakeTimeProvider Clock { get; } = new(Start);
    public MemoryEventLog Log { get; }
    public MemoryUserStates Users { get; } = new();
    public EventOptions Options { get; } = new();
    public ListLogger<StateSnapshots> SnapshotLog { get; } = new();
    public ListLogger<EventTail> TailLog { get; } = new();
    public string Folder => folder.Path;
    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static IReadOnlyList<IEventFold> Folds() =>
        [new CoVisitation(Microsoft.Extensions.Options.Options.Create(new CoVisitationOptions { Neighbours = 8 })),
            new SegmentCounts(Microsoft.Extensions.Options.Options.Create(new SegmentOptions()))];

    /// <summary>A tail that has read the newest snapshot and the log behind it.</summary>
    public async Task<(EventTail Tail, LiveState State)> OpenAsync()
    {
        var (tail, state) = await ReadAsync();
        await tail.CatchUpAsync(null, Ct);
        return (tail, state);
    }

    /// <summary>A tail at the newest snapshot.</summary>
    public async Task<(EventTail Tail, LiveState State)> ReadAsync()
    {
        var metrics = new EventMetrics(new PlainMeters());
        var snapshots = new StateSnapshots(folder.Path, Users, Options, Clock, metrics, SnapshotLog);
        var state = await snapshots.ReadAsync(await Log.ReadHeadAsync(Ct), Folds, Ct);
        return (new EventTail(Log, state, snapshots, Microsoft.Extensions.Options.Options.Create(Options), Clock, metrics, TailLog), state);
    }

    /// <summary>The whole log folded in one go by a state of its own that uses what was recorded.</summary>
    public async Task<LiveState> WholeAsync()
    {
        var state = new LiveState(Log.Epoch, new MemoryUserStates(), storeIsEmpty: true, new EventOptions(), Folds());
        var head = await Log.ReadHeadAsync(Ct);
        foreach (var entry in Log.Entries)
            state.Fold(entry, entry.Position <= head.Resolved ? entry.Contribution ?? Contribution.None : null);
        return state;
    }

    public static void AssertEqual(LiveState expected, LiveState actual, IReadOnlyCollection<string> users)
    {
        Assert.Empty(StateDifference.Between(expected, actual, users));
        Assert.Equal(expected.FeatureTimeMs(Start.AddYears(1)), actual.FeatureTimeMs(Start.AddYears(1)));
    }

    public void Dispose() => folder.Dispose();
}
