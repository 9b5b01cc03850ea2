using RecSys.Core.Domain;
using RecSys.Core.Training.Rows;
using RecSys.Tests.Features;

namespace RecSys.Tests.Training.Rows;

public sealed class CandidateWalkTests
{
    private const long Minute = 60_000;

    private static readonly LogEvent[] Events =
    [
        Make(0, 0, EventType.Impression, 0), // answered by 3
        Make(0, 1, EventType.Impression, 0),
        Make(1, 0, EventType.Impression, 1),
        Make(0, 0, EventType.Click, 5),
        Make(0, 1, EventType.Click, 31),     // too late to be an answer
        Make(1, 2, EventType.Click, 32),     // never shown
        Make(1, 0, EventType.Impression, 40),
        Make(1, 0, EventType.Click, 41),     // answers the latest impression, 6
    ];

    [Fact]
    public void Moments_AnsweredLateAndUnshownChoices_AreTheImpressionOrTheChoice() =>
        Assert.Equal([0, 4, 5, 6], CandidateWalk.Moments(FeatureLogs.Log(Events), [3, 4, 5, 7]));

    [Fact]
    public void Run_AnsweredChoice_SeesNothingOfItsImpression()
    {
        var seen = new List<(int Choice, int Index, int Shown)>();

        CandidateWalk.Run(FeatureLogs.Log(Events), [3, 5, 7], withheld: null, (choice, index, state) =>
            seen.Add((choice, index, state.ItemStates.ImpressionsOf(Events[index].Item))), "walk", progress: null,
            TestContext.Current.CancellationToken);

        Assert.Equal([(0, 0, 0), (1, 5, 0), (2, 6, 2)], seen);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Run_CancelledAtAStop_MakesNoOther(int at)
    {
        using var cancelled = new CancellationTokenSource();
        var stops = 0;

        Assert.Throws<OperationCanceledException>(() => CandidateWalk.Run(FeatureLogs.Log(Events), [3, 5, 7], withheld: null, (_, _, _) =>
        {
            if (stops++ == at) cancelled.Cancel();
        }, "walk", progress: null, cancelled.Token));

        Assert.Equal(at + 1, stops);
    }

    [Fact]
    public void Run_CancelledBetweenFarStops_EndsWithoutReachingTheNext()
    {
        var events = Enumerable.Range(0, 5000).Select(i => Make(i % 7, i % 3, EventType.Click, i)).ToArray();
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.Throws<OperationCanceledException>(() => CandidateWalk.Run(
            FeatureLogs.Log(events), [4999], null, (_, _, _) => Assert.Fail("stopped"), "walk", null, cancelled.Token));
    }

    [Fact]
    public void Run_WithheldEvent_IsNeverApplied()
    {
        var withheld = new bool[Events.Length];
        withheld[0] = true;
        var impressions = -1;

        CandidateWalk.Run(FeatureLogs.Log(Events), [7], withheld, (_, _, state) => impressions = state.ItemStates.ImpressionsOf(0), "walk",
            progress: null, TestContext.Current.CancellationToken);

        Assert.Equal(1, impressions);
    }

    private static LogEvent Make(int user, int item, EventType type, long minutes) =>
        new(FeatureLogs.Start + minutes * Minute, user, item, type);
}
