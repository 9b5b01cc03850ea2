using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RecSys.Core.Domain;
using RecSys.Core.Expressions;
using RecSys.Core.Merchandising;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;
using RecSys.Core.Recommendations.Filters;
using RecSys.Core.Recommendations.Rules;
using RecSys.Core.Recommendations.Sources;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Merchandising;
using RecSys.Tests.Models;

namespace RecSys.Tests.Recommendations;

/// <summary>What each kind of rule does to a list, beside a plain reckoning of the same.</summary>
public sealed class MerchandisingTests
{
    [Theory]
    [InlineData(RuleKind.Include)]
    [InlineData(RuleKind.Exclude)]
    public async Task Filters_OfRules_FillTheListWithWhatPasses(RuleKind kind)
    {
        // 60 items of the bundle and 140 newer ones.
        await using var fixture = await RuleFixture.CreateAsync(
            Enumerable.Range(0, 200).Select(i => TestModels.Item(i) with { Price = i, Title = $"t{i}", Available = i % 10 != 3 }));
        var filter = kind == RuleKind.Include ? "price >= 150 and category in ['category 1', 'category 2']" : "price < 150";
        Put(fixture, RuleSamples.Filtered("dear", kind, filter), RuleSamples.Filtered("late", RuleKind.Exclude, "price >= 190"));
        fixture.Begin(Policy.Default with { Candidates = 40 }, user: "nobody", numItems: 12);

        await RunAsync(fixture);

        var passing = Enumerable.Range(150, 40).Where(i => i % 10 != 3 && (kind == RuleKind.Exclude || i % 5 is 1 or 2)).ToHashSet();
        Assert.Subset(passing, fixture.Ids.ToHashSet());
        Assert.True(fixture.Ids.Length >= 12, $"{fixture.Ids.Length} of {passing.Count}");
        Assert.All(Enumerable.Range(0, 200).Where(i => i % 10 != 3), i => Assert.Equal(passing.Contains(i), fixture.Context.Wants(i)));
        if (kind == RuleKind.Include) Assert.Equal(passing.Count, fixture.Context.Narrowing.Count);
        else Assert.False(fixture.Context.Narrowing.IsSet);
    }

    [Fact]
    public async Task Filter_OfARule_SaysWhichRuleTookTheItemOut()
    {
        await using var fixture = await FixtureAsync(20);
        Put(fixture, RuleSamples.Filtered("in", RuleKind.Include, "category != 'category 1'"),
            RuleSamples.Filtered("out", RuleKind.Exclude, "category = 'category 2'"), RuleSamples.OwnItems("own"));
        fixture.Begin(user: "creator 3");
        fixture.Candidates([.. Enumerable.Range(0, 20).Select(i => 1.0 / (i + 1))]);

        await fixture.RunAsync(new MatchRules(), new RuleFilter());

        var expected = Enumerable.Range(0, 20).ToDictionary(
            i => i, i => i % 5 == 1 ? "rule:in" : i % 5 == 2 ? "rule:out" : i % 7 == 3 ? "rule:own" : null);
        Assert.Equal(expected.Where(pair => pair.Value is null).Select(pair => pair.Key), fixture.Ids);
        Assert.Equal(expected.Where(pair => pair.Value is not null).Select(pair => (pair.Key, pair.Value!)),
            fixture.Context.Candidates.Removed.Select(removed => (removed.Item, removed.Reason)));
    }

    [Fact]
    public async Task RequestAndRule_BothNarrow_LeaveWhatPassesBoth()
    {
        await using var fixture = await FixtureAsync(100);
        Put(fixture, RuleSamples.Filtered("in", RuleKind.Include, "category = 'category 1'"));
        var filter = ExpressionReader.Filter("price > 20", RuleFaults.Expressions, out _);
        fixture.Begin(numItems: 5, wishes: new RequestWishes { Filter = filter, Excluded = new HashSet<int> { 31 } });

        await RunAsync(fixture);

        var passing = Enumerable.Range(0, 100).Where(i => i % 5 == 1 && i % 3 != 0 && i > 20 && i != 31).ToArray();
        Assert.Equal(passing.Length, fixture.Context.Narrowing.Count);
        Assert.Equal(passing, Enumerable.Range(0, 100).Where(fixture.Context.Wants));
        Assert.Subset(passing.ToHashSet(), fixture.Ids.ToHashSet());
    }

    [Fact]
    public async Task BoostAndBury_SeveralOfOneItem_AreMultipliedWithinBounds()
    {
        await using var fixture = await FixtureAsync(8);
        Put(fixture, RuleSamples.Scaled("a", "price > 3", 4), RuleSamples.Scaled("b", "price > 4", 5),
            RuleSamples.Scaled("c", "price > 6", 0.5), RuleSamples.Scaled("d", "price < 3", 0.2),
            RuleSamples.Scaled("e", "price < 2", 0.2));
        double[] scores = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, -0.8];
        fixture.Begin();
        fixture.Candidates(scores);

        await fixture.RunAsync(new MatchRules(), new RuleBoost());

        double Plain(int i)
        {
            if (i % 3 == 0) return scores[i];
            var factor = (i > 3 ? 4.0 : 1) * (i > 4 ? 5 : 1) * (i > 6 ? 0.5 : 1) * (i < 3 ? 0.2 : 1) * (i < 2 ? 0.2 : 1);
            return scores[i] + Math.Abs(scores[i]) * (Math.Min(10, Math.Max(0.1, factor)) - 1);
        }
        Assert.All(Enumerable.Range(0, 8), i => Assert.Equal(Plain(i), fixture.Scores[i], 1e-12));
    }

    [Fact]
    public async Task CapsAndPins_FiveHundredDrawnLists_AreAsAPlainReckoningSays()
    {
        var random = new Random(7);
        await using var fixture = await RuleFixture.CreateAsync(Enumerable.Range(0, 40).Select(i => TestModels.Item(i) with
        {
            Title = $"t{i}", Category = i % 11 == 0 ? "" : $"c{random.Next(4)}", Creator = i % 7 == 0 ? null : $"m{random.Next(6)}",
        }));
        var put = new List<string>();
        for (var round = 0; round < 500; round++)
        {
            foreach (var id in put) fixture.Live.Fold(new RuleChange(id, null, ""));
            Rule[] caps = [.. Enumerable.Range(0, random.Next(3)).Select(i =>
                RuleSamples.Cap($"cap{i}", (CapGroup)random.Next(2), 1 + random.Next(3), 1 + random.Next(15)))];
            Rule[] pins = [.. Enumerable.Range(0, random.Next(4)).Select(i =>
                RuleSamples.Pin($"pin{i}", fixture.Live.Catalog.IdOf(random.Next(40)), 1 + random.Next(14), random.Next(3)))];
            Put(fixture, [.. caps, .. pins]);
            put = [.. caps.Concat(pins).Select(rule => rule.Id)];
            var policy = Policy.Default with { MaxPerCategory = 1 + random.Next(4), DiversityTop = 1 + random.Next(12) };
            if (put.Count == 0) policy = policy with { MaxPerCategory = 100 };
            var count = 1 + random.Next(40);
            var scores = Enumerable.Range(0, count).Select(_ => random.Next(12) * 0.1).ToArray();
            fixture.Begin(policy);
            fixture.Candidates(scores);

            await RunAsync(fixture,
                new MatchRules(), new PinSource(), new DiversityRule(), new ArrangeRule(), new OrderStage(), new PinStage());

            Assert.Equal(Plain(fixture.Live.Catalog, scores, policy, caps, pins), fixture.Ids);
            var pinned = pins.Select(pin => pin.Item).ToHashSet();
            Assert.All(fixture.Context.Candidates.Items.ToArray(), candidate => Assert.True(
                candidate.Slot == SlotKind.Ranked || pinned.Contains(fixture.Live.Catalog.IdOf(candidate.Item))));
        }
    }

    [Fact]
    public async Task Pin_WhatMayNotBeShown_LeavesThePlaceToTheNext()
    {
        var rejected = new LogEvent(RuleFixture.Now.ToUnixTimeMilliseconds(), 0, 4, EventType.Hide);
        var shown = new LogEvent(RuleFixture.Now.ToUnixTimeMilliseconds(), 0, 5, EventType.Impression);
        await using var fixture = await RuleFixture.CreateAsync(
            Enumerable.Range(0, 12).Select(i => TestModels.Item(i) with { Available = i != 2, Flagged = i == 3 }), [shown, rejected]);
        string Id(int i) => fixture.Live.Catalog.IdOf(i);
        Put(fixture, RuleSamples.Pin("a", Id(2), 1, 9), RuleSamples.Pin("b", Id(3), 1, 8), RuleSamples.Pin("c", Id(4), 1, 7),
            RuleSamples.Pin("d", "nothing such", 1, 6), RuleSamples.Pin("e", Id(7), 1, 5), RuleSamples.Pin("f", Id(5), 1, 4),
            RuleSamples.Pin("g", Id(5), 3, 3), RuleSamples.Pin("h", Id(6), 1, 2), RuleSamples.Pin("i", Id(5), 2, 1),
            RuleSamples.Filtered("x", RuleKind.Exclude, "category = 'category 2'"));
        fixture.Begin(numItems: 4);
        fixture.Candidates(0.9, 0.8);

        await fixture.RunAsync(new MatchRules(), new PinSource(), new AvailabilityFilter(), new RuleFilter(), new SeenFilter(),
            new ArrangeRule(), new OrderStage(), new PinStage());

        // 7 is excluded by a rule; what was shown may be pinned; one item has one place.
        Assert.Equal([5, 0, 1], fixture.Ids);
        Assert.Equal([new PinnedItem(5, 0)], fixture.Context.Rules.Pins);
        Assert.Equal([SlotKind.Pinned, SlotKind.Ranked, SlotKind.Ranked],
            fixture.Context.Candidates.Items.ToArray().Select(candidate => candidate.Slot));
        Assert.True(fixture.Context.Candidates.Items[0].Sources.HasFlag(CandidateSources.Pinned));
    }

    [Fact]
    public async Task Explore_ListWithPinsAndCaps_KeepsBothAndExactPropensities()
    {
        const int Requests = 20_000;
        // Items 0 to 5 by score; 3 is pinned to the first place, and of its creator only one may stand among the first four.
        await using var fixture = await RuleFixture.CreateAsync(Enumerable.Range(0, 7).Select(i =>
            TestModels.Item(i) with { Title = $"t{i}", Category = "", Creator = i is 3 or 6 ? "one" : null }));
        Put(fixture, RuleSamples.Pin("p", fixture.Live.Catalog.IdOf(3), 1), RuleSamples.Pin("q", fixture.Live.Catalog.IdOf(5), 6),
            RuleSamples.Cap("c", CapGroup.Creator, 1, 4));
        var weights = new double[3, 7];
        for (var request = 0; request < Requests; request++)
        {
            fixture.Begin(Policy.Default with { ExplorationShare = 0.2, ExplorationPool = 4 }, numItems: 3, requestId: $"req_{request}");
            fixture.Candidates(0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3);
            await fixture.RunAsync(new MatchRules(), new PinSource(), new ArrangeRule(), new OrderStage(), new PinStage(),
                new ExplorationStage(), new SelectStage());
            var items = fixture.Context.Candidates.Items;
            Assert.Equal((3, SlotKind.Pinned, 1.0), (items[0].Item, items[0].Slot, items[0].Propensity));
            for (var place = 1; place < 3; place++) weights[place, items[place].Item] += 1 / items[place].Propensity;
        }

        // Behind the list stand 2, 4, the pinned 5 and 6, of which only 2 and 4 may be drawn.
        Assert.Equal(1, weights[1, 0] / Requests, 0.03);
        Assert.Equal(1, weights[1, 2] / Requests, 0.15);
        Assert.Equal(1, weights[1, 4] / Requests, 0.15);
        Assert.Equal(0, weights[1, 5] + weights[1, 6] + weights[2, 5] + weights[2, 6]);
    }

    [Fact]
    public async Task Match_SegmentScenarioAndTime_DecideForWhomARuleHolds()
    {
        await using var fixture = await FixtureAsync(10);
        fixture.Live.Fold(new UserPut(new User { Id = "u", Age = 20, Gender = "f" }));
        Rule Excluding(string id) => RuleSamples.Filtered(id, RuleKind.Exclude, "has(category)");
        Put(fixture, Excluding("adults") with { Segment = "user.age >= 18 and user.gender = 'f'" },
            Excluding("children") with { Segment = "user.age < 18" }, Excluding("unknown") with { Segment = "user.location = 'SF'" },
            Excluding("elsewhere") with { Scenarios = ["cart"] }, Excluding("here") with { Scenarios = ["cart", "home"] },
            Excluding("past") with { Ends = RuleFixture.Now }, Excluding("now") with { Starts = RuleFixture.Now },
            Excluding("off") with { Enabled = false });
        fixture.Begin();

        await fixture.RunAsync(new MatchRules());

        Assert.Equal(["adults", "here", "now"], fixture.Context.Rules.Filters.Select(bound => bound.Rule.Rule.Id));
        Assert.Empty(fixture.Context.Degraded);
    }

    [Fact]
    public async Task Match_AttributeThatNoItemHas_IsLeftOutAndSaid()
    {
        await using var fixture = await FixtureAsync(10);
        Put(fixture, RuleSamples.Filtered("a", RuleKind.Include, "attributes.gone = 'x'"));
        fixture.Begin();

        await fixture.RunAsync(new MatchRules());

        Assert.Empty(fixture.Context.Rules.Filters);
        Assert.Equal(["rules"], fixture.Context.Degraded);
    }

    [Fact]
    public async Task AppliesTo_NoRuleOfTheScenario_LeavesTheStagesOut()
    {
        await using var fixture = await FixtureAsync(10);
        Put(fixture, RuleSamples.OwnItems("a") with { Scenarios = ["cart"] });
        fixture.Begin();

        Assert.All(
            (IStage[])
            [
                new MatchRules(), new PinSource(), new NarrowStage(), new RuleFilter(), new RuleBoost(), new ArrangeRule(), new PinStage(),
            ],
            stage => Assert.False(stage.AppliesTo(fixture.Context)));
        Assert.True(new DiversityRule().AppliesTo(fixture.Context));
        Assert.True(fixture.Context.Wants(3));
    }

    [Fact]
    public async Task Ladder_RulesThatLeaveOut_HoldThereToo()
    {
        await using var fixture = await FixtureAsync(30);
        Put(fixture, RuleSamples.Filtered("a", RuleKind.Include, "category = 'category 2'"));
        var lists = new LastLists(100);
        lists.Keep("u", [.. Enumerable.Range(0, 30)]);
        fixture.Begin(numItems: 4);
        await fixture.RunAsync(new MatchRules());

        new FallbackLadder(lists, Popular(fixture)).Answer(fixture.Context);

        Assert.Equal([2, 7, 12, 17], fixture.Ids);
    }

    private static Task<RuleFixture> FixtureAsync(int items) => RuleFixture.CreateAsync(Enumerable.Range(0, items).Select(TestModels.Item));

    private static void Put(RuleFixture fixture, params Rule[] rules)
    {
        foreach (var rule in rules) fixture.Live.Fold(RuleSamples.Put(rule));
    }

    private static Task RunAsync(RuleFixture fixture) => RunAsync(
        fixture, new MatchRules(), new UserEmbeddingStage(), new NormaliseStage(), new NarrowStage(), new TwoTowerSource(),
        new AvailabilityFilter(), new RequestFilter(), new RuleFilter(), new SeenFilter(), new DuplicateFilter(),
        new RefillSource(Popular(fixture)));

    private static async Task RunAsync(RuleFixture fixture, params IStage[] stages)
    {
        foreach (var stage in stages)
        {
            if (stage.AppliesTo(fixture.Context)) await fixture.RunAsync(stage);
        }
    }

    private static PopularItems Popular(RuleFixture fixture)
    {
        var popular = new PopularItems(new FakeTimeProvider(RuleFixture.Now), Options.Create(new SegmentOptions()));
        popular.Refresh(fixture.World, TestContext.Current.CancellationToken);
        return popular;
    }

    // Place by place: a pin, else the best that breaks nothing there, else the best.
    private static List<int> Plain(ItemCatalog catalog, double[] scores, Policy policy, Rule[] caps, Rule[] pins)
    {
        var places = new SortedDictionary<int, int>();
        foreach (var pin in pins.OrderByDescending(pin => pin.Priority).ThenBy(pin => pin.Id, StringComparer.Ordinal))
        {
            catalog.TryGetNumber(pin.Item!, out var item);
            if (!places.ContainsKey(pin.Position!.Value - 1) && !places.ContainsValue(item)) places.Add(pin.Position.Value - 1, item);
        }
        (Func<int, string?> Group, int Most, int Top)[] limits =
        [
            (item => catalog[item].Category is { Length: > 0 } name ? name : null, policy.MaxPerCategory, policy.DiversityTop),
            .. caps.Select(cap => (new Func<int, string?>(item => cap.By == CapGroup.Creator ? catalog[item].Creator
                : catalog[item].Category is { Length: > 0 } name ? name : null), cap.Most!.Value, cap.Top!.Value)),
        ];
        var rest = Enumerable.Range(0, scores.Length).Where(item => !places.ContainsValue(item)).OrderByDescending(item => scores[item])
            .ThenBy(item => item).ToList();
        var placed = new Dictionary<int, int>(places);
        for (var place = 0; rest.Count > 0; place++)
        {
            if (placed.ContainsKey(place)) continue;
            var at = place;
            var next = rest.FirstOrDefault(item => limits.All(limit => at >= limit.Top || limit.Group(item) is not { } group
                || placed.Count(other => other.Key < limit.Top && limit.Group(other.Value) == group) < limit.Most), rest[0]);
            placed[place] = next;
            rest.Remove(next);
        }
        return [.. placed.OrderBy(each => each.Key).Select(each => each.Value)];
    }
}
