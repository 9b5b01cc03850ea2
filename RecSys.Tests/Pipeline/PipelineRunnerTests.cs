using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using RecSys.Core.Domain;
using RecSys.Core.Pipeline;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Pipeline;

public sealed class PipelineRunnerTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public async Task RunAsync_StageFailsOpen_MarksReplyAndGoesOn()
    {
        var context = new RecommendationContext();
        var runner = Runner(
            new StageEntry(Throwing("rank", StageKind.Score), Ms(1), FailurePolicy.FailOpen, "retrieval_score"),
            new StageEntry(Adding(5), Ms(1), FailurePolicy.FailRequest));

        Assert.True(await runner.RunAsync(context, Token));

        Assert.Equal(["retrieval_score"], context.Degraded);
        Assert.Equal(1, context.Candidates.Count);
        Assert.Equal(["rank", "add"], context.Timings.Select(timing => timing.Stage));
    }

    [Fact]
    public async Task RunAsync_RequiredStageFails_StopsAndSaysSo()
    {
        var context = new RecommendationContext();
        var runner = Runner(
            new StageEntry(Throwing("safety", StageKind.Filter), Ms(1), FailurePolicy.FailRequest),
            new StageEntry(Adding(5), Ms(1), FailurePolicy.FailRequest));

        Assert.False(await runner.RunAsync(context, Token));

        Assert.Equal(0, context.Candidates.Count);
        Assert.Empty(context.Degraded);
    }

    [Fact]
    public async Task RunAsync_StageExceedsItsRights_IsNeverFailedOpen()
    {
        var runner = Runner(new StageEntry(
            new TestStage("enrich", StageKind.Enrich, context => context.Candidates.Add(1, CandidateSources.Popular, 0, 0)), Ms(1),
            FailurePolicy.FailOpen));

        await Assert.ThrowsAsync<StageRightsException>(async () => await runner.RunAsync(new RecommendationContext(), Token));
    }

    [Fact]
    public async Task RunAsync_StageOutlivesItsBudget_IsCancelledAtTheBudget()
    {
        var context = new RecommendationContext();
        var runner = Runner(new StageEntry(
            new TestStage("slow", StageKind.Enrich, async (_, token) => await Task.Delay(Timeout.InfiniteTimeSpan, time, token)), Ms(5),
            FailurePolicy.FailOpen));

        var running = runner.RunAsync(context, Token);
        time.Advance(Ms(4));
        Assert.False(running.IsCompleted);
        time.Advance(Ms(1));

        Assert.True(await running);
        Assert.Equal(["slow"], context.Degraded);
        Assert.Equal(Ms(5), context.Timings[0].Elapsed);
    }

    [Fact]
    public async Task RunAsync_StageAfterTimedOutOne_GetsItsOwnBudget()
    {
        var context = new RecommendationContext();
        var token = CancellationToken.None;
        var runner = Runner(
            new StageEntry(new TestStage("slow", StageKind.Enrich, async (_, t) => await Task.Delay(Timeout.InfiniteTimeSpan, time, t)),
                Ms(5), FailurePolicy.FailOpen),
            new StageEntry(
                new TestStage("next", StageKind.Enrich,
                (_, t) => { token = t; t.ThrowIfCancellationRequested(); return ValueTask.CompletedTask; }), Ms(5),
                FailurePolicy.FailOpen));

        var running = runner.RunAsync(context, Token);
        time.Advance(Ms(5));
        await running;

        Assert.Equal(["slow"], context.Degraded);
        Assert.True(token.CanBeCanceled);
    }

    [Fact]
    public async Task RunAsync_CallerCancels_IsNotDegradedButCancelled()
    {
        using var caller = new CancellationTokenSource();
        var runner = Runner(new StageEntry(
            new TestStage("wait", StageKind.Enrich, async (_, token) => await Task.Delay(Timeout.InfiniteTimeSpan, time, token)), Ms(1000),
            FailurePolicy.FailOpen));

        var running = runner.RunAsync(new RecommendationContext(), caller.Token);
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await running);
    }

    [Fact]
    public async Task RunAsync_StageKeepsFailing_IsOneLineAMinuteWithACount()
    {
        var logger = new ListLogger<PipelineRunner>();
        var runner = Runner(logger,
            new StageEntry(Throwing("rank", StageKind.Score), Ms(1), FailurePolicy.FailOpen),
            new StageEntry(Throwing("safety", StageKind.Filter), Ms(1), FailurePolicy.FailRequest));

        for (var i = 0; i < 100; i++) await runner.RunAsync(new RecommendationContext(), Token);
        Assert.Equal(2, logger.Messages.Count);
        time.Advance(TimeSpan.FromMinutes(1));
        await runner.RunAsync(new RecommendationContext(), Token);

        Assert.Equal(4, logger.Messages.Count);
        Assert.StartsWith("Stage rank failed", logger.Messages.ElementAt(2), StringComparison.Ordinal);
        Assert.EndsWith(" 99", logger.Messages.ElementAt(2), StringComparison.Ordinal);
        Assert.StartsWith("Stage safety failed", logger.Messages.ElementAt(3), StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_RepeatedName_Throws() =>
        Assert.Contains("'add'", Assert.Throws<ArgumentException>(() => Runner(
            new StageEntry(Adding(1), Ms(1), FailurePolicy.FailOpen),
            new StageEntry(Adding(2), Ms(1), FailurePolicy.FailOpen))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task RunAsync_EveryStage_RecordsItsDuration()
    {
        var measured = new List<string?>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "recsys_stage_duration") self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => measured.Add(tags[0].Value as string));
        listener.Start();
        var name = $"stage_{Guid.NewGuid():N}";

        await Runner(new StageEntry(new TestStage(name, StageKind.Enrich, _ => { }), Ms(1), FailurePolicy.FailOpen))
            .RunAsync(new RecommendationContext(), Token);

        Assert.Contains(name, measured);
    }

    [Fact]
    public async Task RunAsync_StagesAndWhatRunsThem_LeaveNoGap()
    {
        var counting = new CountingTime();
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        StageEntry[] stages =
        [
            new(Adding(1), Timeout.InfiniteTimeSpan, FailurePolicy.FailRequest, Part: RequestPart.CandidateGeneration),
            new(Throwing("rank", StageKind.Score), Timeout.InfiniteTimeSpan, FailurePolicy.FailOpen, Part: RequestPart.Prediction),
        ];
        var context = new RecommendationContext();

        await new PipelineRunner(stages, counting, new PipelineMetrics(meters), NullLogger<PipelineRunner>.Instance)
            .RunAsync(context, Token);

        Assert.Equal([RequestPart.CandidateGeneration, RequestPart.Prediction], context.Timings.Select(timing => timing.Part));
        Assert.All(context.Timings, timing => Assert.True(timing.Occupied > timing.Elapsed));
        // The clock goes on with each look at it; the last look is the runner's own.
        Assert.Equal(context.Elapsed - TimeSpan.FromTicks(1), new TimeSpan(context.Timings.Sum(timing => timing.Occupied.Ticks)));
    }

    private sealed class CountingTime : TimeProvider
    {
        private long looks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => ++looks;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static TestStage Throwing(string name, StageKind kind) => new(name, kind, _ => throw new InvalidOperationException("broken"));

    private static TestStage Adding(int item) =>
        new("add", StageKind.Retrieve, context => context.Candidates.Add(item, CandidateSources.Popular, 0, 0));

    private PipelineRunner Runner(params StageEntry[] stages) => Runner(NullLogger<PipelineRunner>.Instance, stages);

    private PipelineRunner Runner(ILogger<PipelineRunner> logger, params StageEntry[] stages)
    {
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        return new PipelineRunner(stages, time, new PipelineMetrics(meters), logger);
    }
}
