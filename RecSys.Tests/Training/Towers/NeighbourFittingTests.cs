using RecSys.Core.Domain;
using RecSys.Core.Training;
using RecSys.Core.Training.Rows;
using RecSys.Core.Training.Towers;
using RecSys.Tests.Evaluation;

namespace RecSys.Tests.Training.Towers;

public sealed class NeighbourFittingTests
{
    private static readonly InteractionLog log = Logs.OfSequences(6, [0, 1], [0, 1], [2, 3], [4, 5]);

    [Theory]
    [InlineData(true, null, NeighbourFitting.SparseShare)]
    [InlineData(false, null, 0.0)]
    [InlineData(true, 0.0, 0.0)]
    [InlineData(false, 0.25, 0.25)]
    [InlineData(true, 0.25, 0.25)]
    public void Fit_LogAndSetting_GivesTheShare(bool sparse, double? setting, double expected)
    {
        var fitted = Fit(log, sparse, setting);

        Assert.Equal(expected, fitted?.Share ?? 0);
        if (fitted is not null) Assert.Equal([1], fitted.Table.Of(0).ToArray());
    }

    [Fact]
    public void Fit_TowersPartOfALog_KnowsNothingOfWhatTheRankerLearnsFrom()
    {
        // Everybody takes two items of a group, then two of the next: the second pair is held back of half of the users.
        var whole = Logs.OfSequences(8, [.. Enumerable.Range(0, 40)
            .Select(u => new[] { u % 2 * 2, u % 2 * 2 + 1, 4 + u % 2 * 2, 5 + u % 2 * 2 })]);
        var held = HeldBackChoices.Draw(whole, new TrainingOptions { MinTargets = 40 });

        var fitted = Fit(held.TowerLog, sparse: true, null)!.Table;

        // Counted by hand in what is left: the users who took both.
        var taken = held.TowerLog.Events.ToArray().GroupBy(e => e.User).Select(user => user.Select(e => e.Item).ToHashSet()).ToArray();
        for (var item = 0; item < 8; item++)
        {
            for (var n = 0; n < fitted.Of(item).Length; n++)
            {
                var other = fitted.Of(item)[n];
                var both = taken.Count(set => set.Contains(item) && set.Contains(other));
                var cosine = both / Math.Sqrt((double)taken.Count(set => set.Contains(item)) * taken.Count(set => set.Contains(other)));
                Assert.Equal(cosine * both / (both + 10), fitted.WeightsOf(item)[n], 1e-5);
            }
        }
        var all = Fit(whole, sparse: true, null)!.Table;
        Assert.NotEqual(all.WeightsOf(4).ToArray(), fitted.WeightsOf(4).ToArray());
    }

    private static Core.Retrieval.Neighbours.NeighbourSource? Fit(InteractionLog of, bool sparse, double? setting) => NeighbourFitting.Fit(
        sparse, of, new TrainingOptions { NeighbourShare = setting }, null, TestContext.Current.CancellationToken);
}
