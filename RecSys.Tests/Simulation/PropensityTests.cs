using RecSys.Core.Domain;
using RecSys.Core.Simulation;
using RecSys.Core.Simulation.Policies;

namespace RecSys.Tests.Simulation;

/// <summary>Logged propensities let an estimator find the value of a policy that did not serve.</summary>
public sealed class PropensityTests
{
    private static readonly WorldOptions Options = WorldOptions.Small with
    {
        Items = 24, Users = 1500, Days = 10, Seed = 2, ListLength = 4,
        Behaviour = new() { BotShare = 0 },
    };

    [Theory]
    [InlineData("random", "click")]
    [InlineData("explore:0.6:popular", "click")]
    [InlineData("explore:0.6:click", "satisfaction")]
    public async Task InversePropensityScore_OtherPolicysLists_CoversItsTrueClicks(string logging, string target)
    {
        var policy = new WatchingPolicy<(int[] Items, double Clicks)>(PolicyNames.Create(logging), (request, would) =>
        {
            int[] items = [.. would.Slots.Select(slot => slot.Item)];
            return (items, items.Select((item, at) => request.Moment.Attraction(item) / (1 + 0.12 * at)).Sum());
        }, instead: PolicyNames.Create(target));
        await Worlds.RunAsync(Options, policy);

        var terms = policy.Lists.Select(entry => entry.List.Slots.Zip(entry.Truth.Items)
            .Sum(pair => pair.First.Item == pair.Second && pair.First.IsClicked ? 1 / pair.First.Propensity : 0)).ToArray();
        var truth = policy.Lists.Average(entry => entry.Truth.Clicks);
        var estimate = terms.Average();
        var error = Math.Sqrt(terms.Sum(term => (term - estimate) * (term - estimate))) / terms.Length;

        Assert.InRange(truth, estimate - 3 * error, estimate + 3 * error);
        Assert.True(error < 0.07 * truth, $"the estimate {estimate} ± {error} tells nothing");
        // Without the propensities the same places tell something else.
        var unweighted = policy.Lists.Average(entry =>
            entry.List.Slots.Zip(entry.Truth.Items).Count(pair => pair.First.Item == pair.Second && pair.First.IsClicked));
        Assert.True(Math.Abs(unweighted - truth) > 5 * error, $"unweighted {unweighted}, target {truth}");
    }

    [Fact]
    public async Task Explore_Lists_AreExploredAsOftenAsEpsilonSays()
    {
        var policy = new WatchingPolicy<(int[] Best, int Candidates)>(PolicyNames.Create("explore:0.25:click"),
            (request, best) => ([.. best.Slots.Select(slot => slot.Item)], request.Candidates.Length),
            instead: PolicyNames.Create("click"));
        await Worlds.RunAsync(Options with { Days = 2 }, policy);

        var explored = policy.Lists.Count(entry => entry.List.Slots[0].Kind == SlotKind.Explored);
        var spread = 4 * Math.Sqrt(0.25 * 0.75 * policy.Lists.Count);
        Assert.InRange(explored, 0.25 * policy.Lists.Count - spread, 0.25 * policy.Lists.Count + spread);
        foreach (var (list, (best, candidates)) in policy.Lists)
        {
            Assert.Single(list.Slots.Select(slot => slot.Kind).Distinct());
            for (var at = 0; at < 4; at++)
                Assert.Equal(0.25 / candidates + (list.Slots[at].Item == best[at] ? 0.75 : 0), list.Slots[at].Propensity, 12);
        }
    }

    [Theory]
    [InlineData("magic")]
    [InlineData("explore:2:click")]
    [InlineData("explore:0:click")]
    [InlineData("explore:0.1:random")]
    [InlineData("explore:0.1:explore:0.1:click")]
    [InlineData("mix:much")]
    public void Create_NoSuchPolicy_IsRefused(string name) => Assert.Throws<RecSysException>(() => PolicyNames.Create(name));

    [Fact]
    public void Add_TwiceTooManyOrWithoutChance_IsRefused()
    {
        var list = new ShownList("r", "s", 0, Options.Start, 2);
        list.Add(1);

        Assert.Throws<RecSysException>(() => list.Add(1));
        Assert.Throws<RecSysException>(() => list.Add(2, 0));
        list.Add(2, 0.5);
        Assert.Throws<RecSysException>(() => list.Add(3));
    }
}
