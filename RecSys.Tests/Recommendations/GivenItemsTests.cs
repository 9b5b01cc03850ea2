using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Expressions;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;
using RecSys.Core.Recommendations.Filters;
using RecSys.Core.Recommendations.Logging;
using RecSys.Core.Recommendations.Rules;
using RecSys.Core.Recommendations.Sources;
using RecSys.Tests.Models;

namespace RecSys.Tests.Recommendations;

/// <summary>Requests that bring their own items.</summary>
public sealed class GivenItemsTests
{
    [Fact]
    public async Task Given_ItemsNearAndFar_HaveTheScoresAndRanksOfTheSearch()
    {
        await using var fixture = await RuleFixture.CreateAsync(Enumerable.Range(0, 60).Select(TestModels.Item));
        fixture.Begin(Policy.Default with { Candidates = 10 }, numItems: 4);
        await fixture.RunAsync(new UserEmbeddingStage(), new NormaliseStage(), new TwoTowerSource());
        var found = fixture.Context.Candidates.Items.ToArray();
        var far = Enumerable.Range(0, 60).Except(found.Select(candidate => candidate.Item)).First();
        int[] given = [far, found[7].Item, found[2].Item];

        fixture.Begin(Policy.Default with { Candidates = 10 }, numItems: 3, wishes: new RequestWishes { Given = given });
        await fixture.RunAsync(new UserEmbeddingStage(), new NormaliseStage(), new GivenSource(), new TwoTowerSource());

        var ranked = fixture.Context.Candidates.Items.ToArray();
        Assert.Equal(given, fixture.Ids);
        Assert.Equal([10_000, found[7].RetrievalRank, found[2].RetrievalRank], ranked.Select(candidate => candidate.RetrievalRank));
        Assert.Equal([found[7].RetrievalScore, found[2].RetrievalScore], ranked.Skip(1).Select(candidate => candidate.RetrievalScore));
        Assert.Equal(CandidateSources.Given, ranked[0].Sources);
        Assert.Equal(CandidateSources.Given | CandidateSources.TwoTower, ranked[1].Sources);

        // Without the ranker that is the order.
        await fixture.RunAsync(new OrderStage(), new SelectStage());
        Assert.Equal([found[2].Item, found[7].Item, far], fixture.Ids);
    }

    [Fact]
    public async Task AppliesTo_GivenItems_LeavesOutWhatProposesDropsOrMoves()
    {
        await using var fixture = await RuleFixture.CreateAsync(Enumerable.Range(0, 10).Select(TestModels.Item));
        IStage[] others =
        [
            new CoVisitationSource(), new NeighbourSourceStage(), new SeenFilter(), new DuplicateFilter(), new DiversityRule(),
            new ExplorationStage(),
        ];
        Assert.All(others, stage => Assert.True(stage.AppliesTo(fixture.Context)));
        Assert.False(new GivenSource().AppliesTo(fixture.Context));

        fixture.Begin(wishes: new RequestWishes { Given = [1, 2] });

        Assert.All(others, stage => Assert.False(stage.AppliesTo(fixture.Context)));
        Assert.All((IStage[])[new GivenSource(), new TwoTowerSource(), new AvailabilityFilter(), new FreshnessBoost(), new SafetyRule()],
            stage => Assert.True(stage.AppliesTo(fixture.Context)));
    }

    [Fact]
    public async Task AppliesTo_SourceThatThePolicyDoesWithout_IsFalse()
    {
        await using var fixture = await RuleFixture.CreateAsync(Enumerable.Range(0, 10).Select(TestModels.Item));
        (IStage Stage, PolicySources Source)[] sources =
        [
            (new CoVisitationSource(), PolicySources.CoVisitation), (new NeighbourSourceStage(), PolicySources.Neighbours),
            (new TwoTowerSource(), PolicySources.TwoTower), (new SeedSource(), PolicySources.SeedItems),
        ];
        foreach (var (stage, source) in sources)
        {
            fixture.Begin(Policy.Default with { Sources = PolicySources.All & ~source }, wishes: new RequestWishes { Seeds = [1] });
            Assert.False(stage.AppliesTo(fixture.Context), stage.Name);
            fixture.Begin(Policy.Default with { Sources = source }, wishes: new RequestWishes { Seeds = [1] });
            Assert.Equal([stage], sources.Select(each => each.Stage).Where(each => each.AppliesTo(fixture.Context)));
        }
    }

    [Fact]
    public async Task Ladder_GivenItems_KeepsTheirOrderWithoutWhatMayNotBeShown()
    {
        await using var fixture = await RuleFixture.CreateAsync(
            Enumerable.Range(0, 10).Select(i => TestModels.Item(i) with { Available = i != 3 }));
        var lists = new LastLists(100);
        lists.Keep("u", [0, 1]);
        fixture.Begin(wishes: new RequestWishes { Given = [5, 3, 2, 8] }, numItems: 4);

        new FallbackLadder(lists, new PopularItems(TimeProvider.System, Options.Create(new SegmentOptions()))).Answer(fixture.Context);

        Assert.Equal([5, 2, 8], fixture.Ids);
        Assert.Equal(["given_order"], fixture.Context.Degraded);
    }

    [Theory]
    [InlineData(1024, false)]
    [InlineData(1025, true)]
    public async Task Record_OfLongExpressions_KeepsTheirDigest(int length, bool isLong)
    {
        await using var fixture = await RuleFixture.CreateAsync(Enumerable.Range(0, 10).Select(TestModels.Item));
        var limits = new ExpressionLimits();
        var boost = "1.5".PadRight(length);
        fixture.Begin(wishes: new RequestWishes
        {
            Filter = ExpressionReader.Filter("price > 3", limits, out _), Boost = ExpressionReader.Factor(boost, limits, out _),
        });

        var record = ServedRecordFactory.Of(fixture.Context, TestModels.Catalogue, withFeatures: false);

        // printf '%-1025s' 1.5 | sha256sum
        const string Digest = "sha256:eb8bef9ccb3b21945455eaf2167dcb0668a6f6b605d4be55dd89fefcdd15d6a6";
        Assert.Equal(("price > 3", isLong ? Digest : boost), (record.Filter, record.Boost));
    }
}
