using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Logging;
using RecSys.Core.Recommendations.Scoring;
using RecSys.Core.Storage.Sqlite;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Models;
using RecSys.Tests.Pipeline;

namespace RecSys.Tests.Recommendations;

public sealed class LogServedFeaturesStageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ServiceProvider metrics = new ServiceCollection().AddMetrics().BuildServiceProvider();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IMeterFactory Meters => metrics.GetRequiredService<IMeterFactory>();

    public void Dispose()
    {
        metrics.Dispose();
        folder.Dispose();
    }

    private static Item Make(int i) => new() { Id = $"i{i}", Title = "t", Category = "c" };

    [Fact]
    public void IsSampled_ManyIds_IsTheShareAndNestsSmallerSamples()
    {
        string[] ids = [.. Enumerable.Range(0, 100_000).Select(i => $"req_{i}")];

        // Standard deviation of a share of 2 % among 100,000: 0.044 %.
        Assert.InRange(ids.Count(id => LogServedFeaturesStage.IsSampled(id, 0.02)), 1_800, 2_200);
        Assert.All(ids.Where(id => LogServedFeaturesStage.IsSampled(id, 0.02)), id => Assert.True(LogServedFeaturesStage.IsSampled(id, 0.1)));
        Assert.DoesNotContain(ids, id => LogServedFeaturesStage.IsSampled(id, 0));
        Assert.All(ids, id => Assert.True(LogServedFeaturesStage.IsSampled(id, 1)));
    }

    [Fact]
    public async Task ExecuteAsync_ReorderedAndShortenedList_LogsEachItemWithItsOwnRow()
    {
        await using var fixture = await RuleFixture.CreateAsync(Enumerable.Range(0, 4).Select(Make));
        fixture.Options.FeatureLogShare = 1;
        fixture.Candidates(1, 2, 3, 4);
        await FillAsync(fixture);
        await fixture.RunAsync(
            new TestStage("filter", StageKind.Filter, context => context.Candidates.Remove(2, "why")),
            new TestStage("sort", StageKind.Rerank, context => context.Candidates.SortByScore()),
            new TestStage("cut", StageKind.Select, context => context.Candidates.Truncate(2)));

        await using var database = SqliteDatabase.Open(folder.Path);
        using var writer = Writer(fixture, database);
        await writer.StartAsync(Ct);
        await fixture.RunAsync(Stage(fixture, writer));
        await writer.StopAsync(Ct);

        var logged = Assert.Single(await database.ServedFeatures.ReadAsync(null, Ct).ToListAsync(Ct));
        Assert.Equal(["i3", "i1"], logged.Rows.Select(row => row.ItemId));
        Assert.Equal([3f, 3, 3], logged.Rows[0].Values);
        Assert.Equal([1f, 1, 1], logged.Rows[1].Values);
        Assert.Equal([3, 1], logged.Rows.Select(row => row.RetrievalRank));
        Assert.Equal((RuleFixture.Now, "req_test", "v1.0.0", new FoldMark(0, null)), (logged.Time, logged.RequestId, logged.ModelVersion, logged.Fold));
    }

    [Fact]
    public async Task ExecuteAsync_EventFoldedMeanwhile_LogsNothing()
    {
        await using var fixture = await RuleFixture.CreateAsync([Make(0)]);
        fixture.Options.FeatureLogShare = 1;
        fixture.Candidates(1);
        fixture.Live.Apply(new Event { Id = "e", UserId = "other", ItemId = "i0", Type = EventType.Click, Time = RuleFixture.Now });
        await fixture.RunAsync(new FeatureStage(fixture.Live, new FeatureExtractor(TestModels.Catalogue), TestModels.Catalogue));

        Assert.Null(fixture.Context.Fold);
        Assert.Equal(0, await LoggedAsync(fixture));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task ExecuteAsync_NotSampledOrWithoutFeatures_LogsNothing(double share, bool features)
    {
        await using var fixture = await RuleFixture.CreateAsync([Make(0)]);
        fixture.Options.FeatureLogShare = share;
        fixture.Candidates(1);
        if (features) await FillAsync(fixture);

        Assert.Equal(0, await LoggedAsync(fixture));
    }

    [Fact]
    public async Task TryWrite_NobodyStores_DropsAndCountsBeyondTheQueue()
    {
        await using var fixture = await RuleFixture.CreateAsync([Make(0)]);
        await using var database = SqliteDatabase.Open(folder.Path);
        using var writer = Writer(fixture, database);
        var dropped = 0L;
        using var listener = new MeterListener { InstrumentPublished = (instrument, self) => { if (instrument.Name == "recsys_served_features_dropped" && instrument.Meter.Scope == Meters) self.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => dropped += value);
        listener.Start();
        var request = new ServedFeatures { RequestId = "r", UserId = "u", Time = RuleFixture.Now, FeatureTime = RuleFixture.Now, ModelVersion = "v", CatalogueHash = "h", Fold = new FoldMark(0, null), Rows = [] };

        var accepted = Enumerable.Range(0, 600).Count(_ => writer.TryWrite(request));

        Assert.Equal(512, accepted);
        Assert.Equal(88, dropped);
    }

    [Fact]
    public async Task RankStage_MatrixThatWasNotCompleted_Fails()
    {
        await using var fixture = await RuleFixture.CreateAsync([Make(0)]);
        fixture.Candidates(1);
        fixture.Context.AllocateMatrix(1, TestModels.Catalogue.Count).Clear();

        await Assert.ThrowsAsync<InvalidOperationException>(() => fixture.RunAsync(new RankStage()));
    }

    private async Task<int> LoggedAsync(RuleFixture fixture)
    {
        await using var database = SqliteDatabase.Open(folder.Path);
        using var writer = Writer(fixture, database);
        await writer.StartAsync(Ct);
        await fixture.RunAsync(Stage(fixture, writer));
        await writer.StopAsync(Ct);
        return await database.ServedFeatures.ReadAsync(null, Ct).CountAsync(Ct);
    }

    // Row i holds i in every column.
    private static Task FillAsync(RuleFixture fixture) => fixture.RunAsync(new TestStage("features", StageKind.Enrich, context =>
    {
        var width = TestModels.Catalogue.Count;
        var matrix = context.AllocateMatrix(context.Candidates.Count, width);
        for (var i = 0; i < matrix.Length; i++) matrix[i] = i / width;
        context.Candidates.AssignMatrixRows();
    }));

    private LogServedFeaturesStage Stage(RuleFixture fixture, ServedFeatureWriter writer) => new(writer, TestModels.Catalogue, fixture.Wrapped, Meters);

    // The clock of the fixture, so that what it serves is not too old to keep.
    private ServedFeatureWriter Writer(RuleFixture fixture, SqliteDatabase database) =>
        new(database.ServedFeatures, fixture.Wrapped, new Microsoft.Extensions.Time.Testing.FakeTimeProvider(RuleFixture.Now), Meters, NullLogger<ServedFeatureWriter>.Instance);
}
