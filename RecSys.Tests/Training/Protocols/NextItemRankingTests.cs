using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Training.Protocols;
using RecSys.Tests.Evaluation;

namespace RecSys.Tests.Training.Protocols;

public sealed class NextItemRankingTests
{
    private const int From = 10;

    private static InteractionLog Log =>
        Logs.Of(4, 6, [.. Clicks.Select(click => new LogEvent(click.Time, click.User, click.Item, EventType.Click))]);

    // User 0 is known before the test part, user 1 comes in it, user 2 does nothing new in it, user 3 does one thing only.
    private static readonly (long Time, int User, int Item)[] Clicks =
        [(1, 0, 0), (2, 0, 1), (3, 2, 5), (10, 0, 2), (11, 1, 4), (12, 2, 5), (13, 1, 3), (14, 0, 3), (15, 3, 1), (16, 0, 0), (17, 1, 0)];

    [Fact]
    public void Rank_FirstNewItem_IsToldFromAllBeforeIt()
    {
        var recorder = new Recorder();

        var result = NextItemRanking.First(Log, From).RequireTargets()
            .Rank(recorder, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["0: 0 1", "1: 4"], recorder.Asked.Order());
        AssertRanks([1, 4], result);
    }

    [Fact]
    public void Rank_SuccessiveItems_AreEachToldFromAllBeforeIt()
    {
        var recorder = new Recorder();
        SequenceTarget[] targets = [.. SequenceTarget.Successive(UserSequence.AllOf(Log), From - 1).OrderBy(target => target.Event)];

        var result = new NextItemRanking(Log, targets).Rank(recorder, cancellationToken: TestContext.Current.CancellationToken);

        // Neither the first thing that a user does nor what the user had before can be told.
        Assert.Equal(["0: 0 1", "0: 0 1 2", "1: 4", "1: 4 3"], recorder.Asked.Order());
        AssertRanks([1, 1, 4, 1], result);
    }

    [Fact]
    public void RequireTargets_NothingNewBehindTheMoment_SaysWhatToDo()
    {
        var failure = Assert.Throws<RecSysException>(() => NextItemRanking.First(Log, 1000).RequireTargets());

        Assert.Contains("--validate-until", failure.Message, StringComparison.Ordinal);
    }

    // The recorder prefers small ordinals: of the items not seen before, how many are smaller than the target?
    private static void AssertRanks(double[] expected, FullRankingResult result) => Assert.Equal(expected,
        result.Users.Zip(result.Ranks).OrderBy(entry => entry.First).Select(entry => entry.Second));

    private sealed class Recorder : IRecommender
    {
        public string Name => "recorder";

        public List<string> Asked { get; } = [];

        public Knowledge Knows => Knowledge.User;

        public void Score(in RankingQuery query, Span<float> scores)
        {
            lock (Asked) Asked.Add($"{query.User}: {string.Join(' ', query.History.ToArray())}");
            for (var item = 0; item < scores.Length; item++) scores[item] = -item;
        }
    }
}
