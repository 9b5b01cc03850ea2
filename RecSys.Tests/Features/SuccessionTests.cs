using RecSys.Core.Features;

namespace RecSys.Tests.Features;

public sealed class SuccessionTests
{
    [Fact]
    public void BeginCandidate_HandComputedHistory_SumsAndFadesByPlacesBack()
    {
        var succession = new Succession();

        // Latest item 4, then 3, 2, 1. Item 9 follows 4 by 0.5, 3 by 0.25 and 1 by 0.75.
        succession.Begin(new Table((4, 9, 0.5f), (3, 9, 0.25f), (1, 9, 0.75f), (2, 8, 0.1f)), [1, 2, 3, 4]);
        succession.BeginCandidate(9);

        Assert.Equal(0.5f, succession.Last);
        Assert.Equal(0.75f, succession.SumOfLast3, 1e-6f);
        Assert.Equal(0.5f + 0.9f * 0.25f + 0.729f * 0.75f, succession.Faded, 1e-6f);
        Assert.Equal(0.75f, succession.Highest);
    }

    [Fact]
    public void BeginCandidate_ItemThatFollowsNothing_IsZeroAndNothingStaysFromTheRequestBefore()
    {
        var succession = new Succession();
        succession.Begin(new Table((4, 9, 0.5f)), [4]);
        succession.Begin(new Table((4, 9, 0.5f)), [3]);

        succession.BeginCandidate(9);

        Assert.Equal((0f, 0f, 0f, 0f), (succession.Last, succession.SumOfLast3, succession.Faded, succession.Highest));
    }

    [Fact]
    public void BeginCandidate_NoTable_IsUnknown()
    {
        var succession = new Succession();
        succession.Begin(null, [1, 2]);

        succession.BeginCandidate(9);

        Assert.True(float.IsNaN(succession.Last) && float.IsNaN(succession.Faded));
    }

    [Fact]
    public void Begin_ItemsBeyondTheLast20_DoNotCount()
    {
        var succession = new Succession();
        succession.Begin(new Table((100, 9, 0.5f)), [100, .. Enumerable.Range(0, 20)]);

        succession.BeginCandidate(9);

        Assert.Equal(0, succession.Highest);
    }

    private sealed class Table(params (int Item, int Follower, float Weight)[] pairs) : IItemTransitions
    {
        public bool HasTransitions => true;

        public int MaxFollowers => 10;

        public int Read(int item, Span<int> followers, Span<float> weights)
        {
            var count = 0;
            foreach (var pair in pairs.Where(pair => pair.Item == item)) (followers[count], weights[count++]) = (pair.Follower, pair.Weight);
            return count;
        }
    }
}
