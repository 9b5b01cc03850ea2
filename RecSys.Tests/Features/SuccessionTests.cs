using RecSys.Core.Features;

namespace RecSys.Tests.Features;

public sealed class SuccessionTests
{
    private static readonly CandidateInput[] Nine = [new(9)];

    [Fact]
    public void BeginCandidate_ManyCandidatesOneRequestAfterAnother_EqualsSummingOverTheTable()
    {
        var random = new Random(3);
        var succession = new Succession(0.9f);
        foreach (var count in (int[])[700, 3, 1, 90])
        {
            var pairs = Enumerable.Range(0, 200).Select(
                n => (Item: n % 20, Follower: random.Next(1000) * 4096, Weight: random.NextSingle())).DistinctBy(
                pair => (pair.Item, pair.Follower)).ToArray();
            var candidates = Enumerable.Range(0, 1000).OrderBy(_ => random.Next()).Take(count).Select(
                n => new CandidateInput(n * 4096)).ToArray();
            int[] recent = [.. Enumerable.Range(0, 20)];

            succession.Begin(new FollowerPairs(new Table(pairs)), recent, candidates);

            foreach (var candidate in candidates)
            {
                succession.BeginCandidate(candidate.Item);
                var behind = pairs.Where(pair => pair.Follower == candidate.Item).ToArray();
                Assert.Equal(behind.Sum(pair => Math.Pow(0.9, 19 - pair.Item) * pair.Weight), succession.Faded, 1e-4);
                Assert.Equal(behind.Select(pair => pair.Weight).DefaultIfEmpty(0).Max(), succession.Highest);
                Assert.Equal(behind.Where(pair => pair.Item == 19).Sum(pair => pair.Weight), succession.Last);
                Assert.Equal(behind.Where(pair => pair.Item >= 17).Sum(pair => pair.Weight), succession.SumOfLast3, 1e-5f);
            }
        }
    }

    [Fact]
    public void BeginCandidate_HandComputedHistory_SumsAndFadesByPlacesBack()
    {
        var succession = new Succession(0.9f);

        // Latest item 4, then 3, 2, 1. Item 9 follows 4 by 0.5, 3 by 0.25 and 1 by 0.75.
        succession.Begin(new FollowerPairs(new Table((4, 9, 0.5f), (3, 9, 0.25f), (1, 9, 0.75f), (2, 8, 0.1f))), [1, 2, 3, 4], Nine);
        succession.BeginCandidate(9);

        Assert.Equal(0.5f, succession.Last);
        Assert.Equal(0.75f, succession.SumOfLast3, 1e-6f);
        Assert.Equal(0.5f + 0.9f * 0.25f + 0.729f * 0.75f, succession.Faded, 1e-6f);
        Assert.Equal(0.75f, succession.Highest);
    }

    [Fact]
    public void BeginCandidate_ItemThatFollowsNothing_IsZeroAndNothingStaysFromTheRequestBefore()
    {
        var succession = new Succession(0.9f);
        succession.Begin(new FollowerPairs(new Table((4, 9, 0.5f))), [4], Nine);
        succession.Begin(new FollowerPairs(new Table((4, 9, 0.5f))), [3], Nine);

        succession.BeginCandidate(9);

        Assert.Equal((0f, 0f, 0f, 0f), (succession.Last, succession.SumOfLast3, succession.Faded, succession.Highest));
    }

    [Fact]
    public void BeginCandidate_NoTable_IsUnknown()
    {
        var succession = new Succession(0.9f);
        succession.Begin(new FollowerPairs(null), [1, 2], Nine);

        succession.BeginCandidate(9);

        Assert.True(float.IsNaN(succession.Last) && float.IsNaN(succession.Faded));
    }

    [Fact]
    public void Begin_ItemsBeyondTheLast20_DoNotCount()
    {
        var succession = new Succession(0.9f);
        succession.Begin(new FollowerPairs(new Table((100, 9, 0.5f))), [100, .. Enumerable.Range(0, 20)], Nine);

        succession.BeginCandidate(9);

        Assert.Equal(0, succession.Highest);
    }

    private sealed class Table(params (int Item, int Follower, float Weight)[] pairs) : IItemTransitions
    {
        public bool HasTransitions => true;

        public int MaxFollowers => 100;

        public int Read(int item, Span<int> followers, Span<float> weights)
        {
            var count = 0;
            foreach (var pair in pairs.Where(pair => pair.Item == item)) (followers[count], weights[count++]) = (
                pair.Follower, pair.Weight);
            return count;
        }
    }
}
