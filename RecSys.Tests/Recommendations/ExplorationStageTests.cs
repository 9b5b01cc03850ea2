using RecSys.Api.Contracts;
using RecSys.Api.Endpoints;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Domain;
using RecSys.Core.Recommendations;
using RecSys.Core.Recommendations.Logging;
using RecSys.Core.Recommendations.Rules;
using RecSys.Tests.Models;

namespace RecSys.Tests.Recommendations;

public sealed class ExplorationStageTests
{
    private const int Requests = 20_000;
    private const int Length = 4;
    private static readonly Policy Exploring = Policy.Default with { ExplorationShare = 0.2, ExplorationPool = 3 };

    [Fact]
    public async Task Explore_ByDefault_ChangesNothing()
    {
        await using var fixture = await FixtureAsync(_ => "");

        await ServeAsync(fixture, Policy.Default, "req_1");

        Assert.Equal([0, 1, 2, 3], fixture.Ids);
        Assert.All(fixture.Context.Candidates.Items.ToArray(), c => Assert.Equal((SlotKind.Ranked, 1.0), (c.Slot, c.Propensity)));
    }

    [Fact]
    public async Task Explore_ManyRequests_EachItemStandsAtEachPlaceAsOftenAsItsPropensitySays()
    {
        await using var fixture = await FixtureAsync(_ => "");
        // Of what was shown at each place: how often, and the sum of 1 / propensity, whose mean over requests is 1 for every item that can
        // stand there if the propensities are exact.
        var weights = new double[Length, 7];
        for (var request = 0; request < Requests; request++)
        {
            await ServeAsync(fixture, Exploring, $"req_{request}");
            var items = fixture.Context.Candidates.Items;
            Assert.Equal(Length, items.ToArray().Select(candidate => candidate.Item).Distinct().Count());
            for (var place = 0; place < Length; place++)
            {
                Assert.Equal(items[place].Item == place ? SlotKind.Ranked : SlotKind.Explored, items[place].Slot);
                weights[place, items[place].Item] += 1 / items[place].Propensity;
            }
        }

        for (var place = 0; place < Length; place++)
        {
            Assert.Equal(1, weights[place, place] / Requests, 0.02);
            // Three in the pool, but those drawn earlier are gone; conditional on the places before, the sum of the weights of all in the
            // pool is still the number that are left.
            var pool = weights[place, 4] + weights[place, 5] + weights[place, 6];
            Assert.Equal(3 - 0.2 * place, pool / Requests, 0.15);
            Assert.Equal(weights[place, 4] / Requests, weights[place, 6] / Requests, 0.15);
        }
    }

    [Fact]
    public async Task Explore_ThePlacesOfAList_AreDrawnIndependently()
    {
        await using var fixture = await FixtureAsync(_ => "");
        var (first, second, both) = (0, 0, 0);
        for (var request = 0; request < Requests; request++)
        {
            await ServeAsync(fixture, Exploring, $"req_{request}");
            var items = fixture.Context.Candidates.Items;
            var (a, b) = (items[0].Slot == SlotKind.Explored, items[1].Slot == SlotKind.Explored);
            first += a ? 1 : 0;
            second += b ? 1 : 0;
            both += a && b ? 1 : 0;
        }

        Assert.Equal(0.2, first / (double)Requests, 0.01);
        Assert.Equal(0.2, second / (double)Requests, 0.01);
        Assert.Equal(0.04, both / (double)Requests, 0.005);
    }

    [Fact]
    public async Task Explore_TheSameRequest_IsDrawnTheSame()
    {
        await using var fixture = await FixtureAsync(_ => "");
        for (var request = 0; request < 50; request++)
        {
            await ServeAsync(fixture, Exploring, $"req_{request}");
            var once = fixture.Ids;
            await ServeAsync(fixture, Exploring, $"req_{request}");
            Assert.Equal(once, fixture.Ids);
        }
    }

    [Fact]
    public async Task Explore_WhatWouldBreakTheDiversityRule_IsNotDrawn()
    {
        // 0 to 2 are of one category, of which no fourth may come; of the pool only the last is of another.
        await using var fixture = await FixtureAsync(i => i is 3 or 6 ? "other" : "lead");
        var seen = new HashSet<int>();
        for (var request = 0; request < 500; request++)
        {
            await ServeAsync(fixture, Exploring with { ExplorationShare = 0.5 }, $"req_{request}");
            var ids = fixture.Ids;
            Assert.True(ids.Count(id => id is not (3 or 6)) <= 3, string.Join(' ', ids));
            seen.UnionWith(ids);
        }

        Assert.Equal(7, seen.Count);
    }

    [Fact]
    public async Task Explore_AnExploredPlace_IsToldInTheReplyAndKeptInTheRecord()
    {
        await using var fixture = await FixtureAsync(_ => "");
        await ServeAsync(fixture, Exploring with { ExplorationShare = 0.5 }, "req_1");
        var explored = fixture.Context.Candidates.Items.ToArray().ToList().FindIndex(candidate => candidate.Slot == SlotKind.Explored);
        var query = RecommendQuery.Read(
            QueryParameters.Read("user_id=u&num_items=4&include=reasons,propensity", RecommendQuery.Parameters),
            new PolicyBook(Policy.Default));

        var reply = RecommendResponses.From(fixture.Context, query!).Items[explored];
        const double propensity = 0.5 / 3;
        Assert.Equal(("explored", propensity), (reply.Sources![^1], reply.Propensity));
        var kept = ServedRecordFactory.Of(fixture.Context, TestModels.Catalogue, withFeatures: false).Items[explored];
        Assert.Equal((SlotKind.Explored, propensity), (kept.Slot, kept.Propensity));
    }

    [Fact]
    public async Task Explore_AnExploredPlace_KeepsWhatItWasDrawnFrom()
    {
        await using var fixture = await FixtureAsync(_ => "");
        var drawn = new Dictionary<string, int>();
        for (var request = 0; request < 2000; request++)
        {
            await ServeAsync(fixture, Exploring, $"req_{request}");
            var (left, items) = (new HashSet<int> { 4, 5, 6 }, ServedRecordFactory.Of(fixture.Context, TestModels.Catalogue, false).Items);
            foreach (var item in items)
            {
                // Of the three behind the list whatever no earlier place has taken, each as likely.
                if (item.Slot != SlotKind.Explored) Assert.Null(item.Pool);
                else
                {
                    Assert.Equal(left.Order(), item.Pool);
                    Assert.Equal(Exploring.ExplorationShare / left.Count, item.Propensity, 1e-12);
                    if (left.Count == 3) drawn[$"{item.Item}"] = drawn.GetValueOrDefault($"{item.Item}") + 1;
                    left.Remove(item.Item);
                }
            }
        }

        Assert.All(drawn.Values, count => Assert.Equal(1 / 3.0, count / (double)drawn.Values.Sum(), 0.05));
    }

    [Fact]
    public async Task Explore_MoreThanARecordHasRoomFor_KeepsTheFirstPoolsWhole()
    {
        await using var fixture = await FixtureAsync(_ => "", items: 444);
        var policy = Exploring with { ExplorationShare = 0.5, ExplorationPool = 400 };
        for (var request = 0; ; request++)
        {
            fixture.Begin(policy, numItems: 20, requestId: $"req_{request}");
            fixture.Candidates([.. Enumerable.Range(0, 444).Select(i => 444.0 - i)]);
            await fixture.RunAsync(new OrderStage(), new ExplorationStage(), new SelectStage());
            var explored = ServedRecordFactory.Of(fixture.Context, TestModels.Catalogue, false).Items
                .Where(item => item.Slot == SlotKind.Explored).ToArray();
            if (explored.Length < 3) continue;

            Assert.Equal([400, 399], explored.Select(item => item.Pool).OfType<IReadOnlyList<int>>().Select(pool => pool.Count));
            Assert.All(explored[2..], item => Assert.Null(item.Pool));
            return;
        }
    }

    [Fact]
    public async Task Explore_WithOneCategory_StillExplores()
    {
        await using var fixture = await FixtureAsync(_ => "only");
        var explored = 0;
        for (var request = 0; request < 100; request++)
        {
            await ServeAsync(fixture, Exploring, $"req_{request}");
            explored += fixture.Context.Candidates.Items.ToArray().Count(candidate => candidate.Slot == SlotKind.Explored);
        }

        Assert.InRange(explored, 50, 110);
    }

    [Fact]
    public async Task Explore_NothingBehindTheList_SaysThatNothingElseWasPossible()
    {
        await using var fixture = await FixtureAsync(_ => "", items: Length);

        await ServeAsync(fixture, Exploring, "req_1");

        Assert.Equal([0, 1, 2, 3], fixture.Ids);
        Assert.All(fixture.Context.Candidates.Items.ToArray(), c => Assert.Equal(1, c.Propensity));
    }

    [Fact]
    public async Task Explore_ItemsWithoutAScore_AreNeverDrawn()
    {
        await using var fixture = await FixtureAsync(_ => "");
        for (var request = 0; request < 200; request++)
        {
            fixture.Begin(Exploring, numItems: Length, requestId: $"req_{request}");
            fixture.Candidates(6, 5, 4, 3, double.NaN, 1, double.PositiveInfinity);
            await fixture.RunAsync(new OrderStage(), new ExplorationStage(), new SelectStage());
            Assert.DoesNotContain(4, fixture.Ids);
            Assert.DoesNotContain(6, fixture.Ids);
        }
    }

    private static Task<RuleFixture> FixtureAsync(Func<int, string> category, int items = 7) =>
        RuleFixture.CreateAsync(Enumerable.Range(0, items)
            .Select(i => new Item { Id = $"i{i}", Title = $"title {i}", Category = category(i) }));

    private static async Task ServeAsync(RuleFixture fixture, Policy policy, string requestId)
    {
        fixture.Begin(policy, numItems: Length, requestId: requestId);
        fixture.Candidates([.. Enumerable.Range(0, fixture.Context.Catalog.Count).Select(i => 7.0 - i)]);
        await fixture.RunAsync(new OrderStage(), new ExplorationStage(), new SelectStage());
    }
}
