using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Training.Protocols;

namespace RecSys.Tests.Training.Protocols;

public sealed class NextItemRankingTests
{
    private const int From = 10;

    // User 0 is known before the test part, user 1 comes in it, user 2 does nothing new in it, user 3 does one thing only.
    private static readonly (long Time, int User, int Item)[] Clicks =
        [(1, 0, 0), (2, 0, 1), (3, 2, 5), (10, 0, 2), (11, 1, 4), (12, 2, 5), (13, 1, 3), (14, 0, 3), (15, 3, 1), (16, 0, 0), (17, 1, 0)];

    [Theory]
    [InlineData(false, "0: 0 1", "1: 4")]
    [InlineData(true, "0: 0 1 2", "1: 4 3")]
    public void Rank_FirstOrLastNewItem_IsToldFromAllBeforeIt(bool last, params string[] asked)
    {
        var items = ItemCatalog.Create(Enumerable.Range(0, 6).Select(i => new Item { Id = $"i{i}", Title = "t", Category = "c" }));
        var users = new UserDirectory(Enumerable.Range(0, 4).Select(i => new User { Id = $"u{i}" }));
        var log = new InteractionLog(items, users,
            [.. Clicks.Select(click => new LogEvent(click.Time, click.User, click.Item, EventType.Click))]);
        var recommender = new Recorder();

        var ranking = last
            ? new NextItemRanking(log, [.. SequenceTarget.Successive(UserSequence.AllOf(log), From - 1).GroupBy(target => target.User.User)
                .Select(user => user.Last()).OrderBy(target => target.Event)])
            : NextItemRanking.First(log, From);

        var result = ranking.Rank(recommender, null, null, TestContext.Current.CancellationToken);

        Assert.Equal(asked.Order(), recommender.Asked.Order());
        // The recorder prefers small ordinals: of the items not seen before, how many are smaller than the target?
        Assert.Equal(last
            ? [1.0, 1.0] : [1.0, 4.0], result.Users.Zip(result.Ranks).OrderBy(entry => entry.First).Select(entry => entry.Second));
    }

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
