using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Logging;
using RecSys.Core.Recommendations.Scoring;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Models;
using RecSys.Tests.Pipeline;

namespace RecSys.Tests.Recommendations.Logging;

/// <summary>What is kept of an answered request, and that nothing is kept beyond a bound when it cannot be stored.</summary>
public sealed class ServedRecordTests : IDisposable
{
    private readonly ServiceProvider metrics = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ListLogger<ServedRecordWriter> logger = new();
    private readonly FakeTimeProvider clock = new(RuleFixture.Now);
    private readonly ServedRecordOptions options = new() { Queue = 64, FeatureShare = 0 };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => metrics.Dispose();

    private static Item Make(int i) => new() { Id = $"i{i}", Title = $"t{i}", Category = "c" };

    [Fact]
    public void IsSampled_ManyIds_IsTheShareAndNestsSmallerSamples()
    {
        string[] ids = [.. Enumerable.Range(0, 100_000).Select(i => $"req_{i}")];

        // Standard deviation of a share of 2 % among 100,000: 0.044 %.
        Assert.InRange(ids.Count(id => ServedRecordFactory.IsSampled(id, 0.02)), 1_800, 2_200);
        Assert.All(ids.Where(id => ServedRecordFactory.IsSampled(id, 0.02)), id => Assert.True(ServedRecordFactory.IsSampled(id, 0.1)));
        Assert.DoesNotContain(ids, id => ServedRecordFactory.IsSampled(id, 0));
        Assert.All(ids, id => Assert.True(ServedRecordFactory.IsSampled(id, 1)));
    }

    [Fact]
    public async Task Of_ReorderedAndShortenedList_KeepsEachItemWithItsOwnRowAndRankBeforeRules()
    {
        await using var fixture = await RankedAsync();

        var record = ServedRecordFactory.Of(fixture.Context, TestModels.Catalogue, withFeatures: true);

        Assert.Equal([3, 1], record.Items.Select(item => item.Item));
        Assert.Equal([3f, 3, 3], record.Items[0].Features!);
        Assert.Equal([1f, 1, 1], record.Items[1].Features!);
        Assert.Equal([3, 1], record.Items.Select(item => item.RetrievalRank));
        // Among 0, 1 and 3, which the filter left, the ranker put 0 first, then 1, then 3; a rule turned it round.
        Assert.Equal([2, 1], record.Items.Select(item => item.RankBeforeRules));
        Assert.Equal([[0.1f], [0.3f]], record.Items.Select(item => item.Scores));
        Assert.Equal([40d, 20], record.Items.Select(item => item.FinalScore));
        Assert.All(record.Items,
            item => Assert.Equal(((int)CandidateSources.TwoTower, SlotKind.Ranked, 1.0), (item.Sources, item.Slot, item.Propensity)));
        Assert.Equal((RuleFixture.Now, "req_test", "u", "v1.0.0", TestModels.Catalogue.Hash),
            (record.Time, record.RequestId, record.UserId, record.Assignment.ModelVersion, record.CatalogueHash));
        Assert.Null(ServedRecordFactory.Of(fixture.Context, TestModels.Catalogue, withFeatures: false).Items[0].Features);
    }

    [Fact]
    public async Task TryWrite_EventFoldedMeanwhile_KeepsTheRecordWithoutFeatures()
    {
        await using var fixture = await RuleFixture.CreateAsync([Make(0)]);
        options.FeatureShare = 1;
        var store = new BlockedStore(open: true);
        using var writer = Writer(store);
        await writer.StartAsync(Ct);
        var features = new FeatureStage(new FeatureExtractor(TestModels.Catalogue), TestModels.Catalogue);

        fixture.Candidates(1);
        await fixture.RunAsync(features);
        Assert.True(writer.TryWrite(fixture.Context));
        fixture.Begin();
        fixture.Candidates(1);
        fixture.Live.Apply(new Event { Id = "e", UserId = "other", ItemId = "i0", Type = EventType.Click, Time = RuleFixture.Now });
        await fixture.RunAsync(features);
        Assert.True(writer.TryWrite(fixture.Context));
        await writer.StopAsync(Ct);

        Assert.NotNull(store.Records[0].Items[0].Features);
        Assert.Null(store.Records[1].Items[0].Features);
        Assert.Null(store.Records[1].CatalogueHash);
    }

    [Fact]
    public async Task TryWrite_StoreBlocked_DropsAtOnceCountsAndDoesNotGrow()
    {
        await using var fixture = await RankedAsync();
        var dropped = 0L;
        using var listener = Counting("recsys_served_records_dropped", value => dropped += value);
        var store = new BlockedStore();
        using var writer = Writer(store);
        await writer.StartAsync(Ct);
        Assert.True(writer.TryWrite(fixture.Context));
        await store.Entered.Task.WaitAsync(Ct);

        for (var n = 0; n < 64; n++) Assert.True(writer.TryWrite(fixture.Context));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (var n = 0; n < 20_000; n++) Assert.False(writer.TryWrite(fixture.Context));
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;

        Assert.Equal(20_000, dropped);
        Assert.Equal(64, writer.Waiting);
        // Twenty thousand records would be some 15 MB; other tests run beside this one.
        Assert.True(allocated < 20_000 * 100, $"{allocated} bytes were allocated for what was dropped");
        Assert.True(grown < 8_000_000, $"{grown} bytes more are in use");
        Assert.Single(logger.Messages);

        store.Open();
        await writer.StopAsync(Ct);
        Assert.Equal(65, store.Records.Count);
    }

    [Fact]
    public async Task TryWrite_ContextReleased_LeavesTheRecordAsItWas()
    {
        await using var fixture = await RankedAsync();
        var store = new BlockedStore();
        using var writer = Writer(store);
        await writer.StartAsync(Ct);

        Assert.True(writer.TryWrite(fixture.Context));
        fixture.Context.Dispose();
        fixture.Begin(user: "somebody-else");
        store.Open();
        await writer.StopAsync(Ct);

        var record = Assert.Single(store.Records);
        Assert.Equal(("u", "v1.0.0"), (record.UserId, record.Assignment.ModelVersion));
        Assert.Equal([3, 1], record.Items.Select(item => item.Item));
    }

    [Fact]
    public async Task ExecuteAsync_StoreRefusesForLong_LogsOneLinePerIntervalAndCountsAll()
    {
        await using var fixture = await RankedAsync();
        var lost = 0L;
        using var listener = Counting("recsys_served_records_lost", value => Interlocked.Add(ref lost, value));
        var store = new BlockedStore(open: true) { Refuses = true };
        using var writer = Writer(store);
        await writer.StartAsync(Ct);

        for (var n = 1; n <= 30; n++)
        {
            Assert.True(writer.TryWrite(fixture.Context));
            while (Interlocked.Read(ref lost) < n) await Task.Yield();
        }
        Assert.Single(logger.Messages);
        clock.Advance(RepeatedReports.EveryMinute);
        Assert.True(writer.TryWrite(fixture.Context));
        await writer.StopAsync(Ct);

        Assert.Equal(31, lost);
        Assert.Equal(2, logger.Messages.Count);
        Assert.Contains("30 records", logger.Messages.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExecuteAsync_Retention_IsByDaysAndByNumber()
    {
        await using var fixture = await RankedAsync();
        (options.Days, options.Most) = (3, 5000);
        var store = new BlockedStore(open: true);
        using var writer = Writer(store);
        await writer.StartAsync(Ct);

        Assert.True(writer.TryWrite(fixture.Context));
        await writer.StopAsync(Ct);

        Assert.Equal([(RuleFixture.Now.AddDays(-3), 5000L)], store.Deletions);
    }

    [Fact]
    public async Task RankStage_MatrixThatWasNotCompleted_Fails()
    {
        await using var fixture = await RuleFixture.CreateAsync([Make(0)]);
        fixture.Candidates(1);
        fixture.Context.AllocateMatrix(1, TestModels.Catalogue.Count).Clear();

        await Assert.ThrowsAsync<InvalidOperationException>(() => fixture.RunAsync(new RankStage()));
    }

    /// <summary>Of items 0 to 3, 2 filtered out, 3 and 1 are served; row i of the matrix holds i in every column.</summary>
    private static async Task<RuleFixture> RankedAsync()
    {
        var fixture = await RuleFixture.CreateAsync(Enumerable.Range(0, 4).Select(Make));
        fixture.Candidates(0, 0, 0, 0);
        await fixture.RunAsync(
            new TestStage("filter", StageKind.Filter, context => context.Candidates.Remove(2, "why")),
            new TestStage("features", StageKind.Enrich, context =>
            {
                var width = TestModels.Catalogue.Count;
                var matrix = context.AllocateMatrix(context.Candidates.Count, width);
                for (var i = 0; i < matrix.Length; i++) matrix[i] = context.Candidates.Items[i / width].Item;
                context.Candidates.AssignMatrixRows();
            }),
            new TestStage("rank", StageKind.Score, context =>
            {
                context.Candidates.SetRank(0, 0.5, 0.5);
                context.Candidates.SetRank(1, 0.3, 0.3);
                context.Candidates.SetRank(2, 0.1, 0.1);
            }),
            new TestStage("rule", StageKind.Score, context =>
            {
                for (var i = 0; i < 3; i++) context.Candidates.SetScore(i, 10 * (context.Candidates.Items[i].Item + 1));
            }),
            new TestStage("sort", StageKind.Rerank, context => context.Candidates.SortByScore()),
            new TestStage("cut", StageKind.Select, context => context.Candidates.Truncate(2)));
        return fixture;
    }

    private MeterListener Counting(string name, Action<long> count)
    {
        var factory = metrics.GetRequiredService<IMeterFactory>();
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == name && instrument.Meter.Scope == factory) self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => count(value));
        listener.Start();
        return listener;
    }

    private ServedRecordWriter Writer(BlockedStore store) => new(
        store, TestModels.Catalogue, Options.Create(options), new ServedRecordMetrics(metrics.GetRequiredService<IMeterFactory>()), clock,
        logger);
}
