using CsCheck;
using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Sources;

namespace RecSys.Tests.Recommendations.Sources;

public sealed class CoVisitationTests
{
    private const long Hour = 3_600_000;
    private const long Day = 24 * Hour;

    private static readonly long NowMs = RuleFixture.Now.ToUnixTimeMilliseconds();

    private static CoVisitation Create(CoVisitationOptions? options = null) => new(Options.Create(options ?? new CoVisitationOptions()));

    private static FoldUser User(int number) => new((ulong)number + 1, null);

    private static Dictionary<int, float> Read(CoVisitation counts, int item, long timeMs)
    {
        var (items, values) = (new int[counts.Capacity], new float[counts.Capacity]);
        var found = counts.Read(item, timeMs, items, values);
        return Enumerable.Range(0, found).ToDictionary(i => items[i], i => values[i]);
    }

    private static void Visit(CoVisitation counts, int user, params (int Item, long TimeMs)[] visits)
    {
        foreach (var (item, timeMs) in visits) counts.Apply(User(user), new LogEvent(timeMs, user, item, EventType.Click));
    }

    [Fact]
    public void Apply_VisitsWithinTheWindow_CountBothWaysAndDecay()
    {
        var counts = Create(new CoVisitationOptions { DecayDays = 10 });

        Visit(counts, 0, (1, 0), (2, Hour), (3, 30 * Hour));
        Visit(counts, 1, (2, 10 * Day), (1, 10 * Day + Hour));

        var at = 20 * Day + Hour;
        Assert.Equal(Math.Exp(-2) + Math.Exp(-1), Read(counts, 1, at)[2], 1e-5);
        Assert.Equal(Math.Exp(-2) + Math.Exp(-1), Read(counts, 2, at)[1], 1e-5);
        // 3 came 29 hours after 2, outside of the window of 24.
        Assert.Empty(Read(counts, 3, at));
        Assert.Equal([2], Read(counts, 1, at).Keys);
        Assert.Equal(Math.Exp(-2) + Math.Exp(-1), counts.TotalOf(1, at), 1e-5);
    }

    [Fact]
    public void Apply_RepeatsAndOtherEvents_CountNothing()
    {
        var counts = Create();

        Visit(counts, 0, (1, 0), (1, 1), (1, 2));
        counts.Apply(User(0), new LogEvent(3, 0, 2, EventType.Impression));
        counts.Apply(User(0), new LogEvent(3, 0, 2, EventType.Hide));
        counts.Apply(User(1), new LogEvent(3, 1, 2, EventType.Click));

        Assert.Empty(Read(counts, 1, 3));
        Assert.Empty(Read(counts, 2, 3));
    }

    [Fact]
    public void Apply_AnyLog_EqualsCountingEveryPair()
    {
        var visit = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 9], Gen.Int[0, 40]);
        visit.Array[0, 60].Sample(log =>
        {
            var counts = Create(new CoVisitationOptions { Neighbours = 16, DecayDays = 5 });
            var pairs = new List<(int A, int B, long TimeMs)>();
            var histories = new Dictionary<int, List<(int Item, long TimeMs)>>();
            foreach (var (user, item, hours) in log)
            {
                var timeMs = hours * Hour;
                Visit(counts, user, (item, timeMs));
                if (!histories.TryGetValue(user, out var history)) histories[user] = history = [];
                var last = history.TakeLast(4).ToArray();
                if (last.Any(v => v.Item == item)) continue;
                foreach (var (other, at) in last.Where(v => Math.Abs(v.TimeMs - timeMs) <= Day))
                    pairs.AddRange([(item, other, Math.Max(at, timeMs)), (other, item, Math.Max(at, timeMs))]);
                if (history.Count == 0 || timeMs >= history[^1].TimeMs) history.Add((item, timeMs));
            }

            for (var item = 0; item < 10; item++)
            {
                var expected = pairs.Where(p => p.A == item).GroupBy(p => p.B)
                    .ToDictionary(g => g.Key, g => g.Sum(p => Math.Exp(-(50 * Hour - p.TimeMs) / (5.0 * Day))));
                var actual = Read(counts, item, 50 * Hour);
                Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
                foreach (var (neighbour, count) in expected) Assert.Equal(count, actual[neighbour], 1e-3);
            }
        }, iter: 300);
    }

    [Fact]
    public void Apply_MoreNeighboursThanPlaces_KeepsTheFrequentOnes()
    {
        var counts = Create(new CoVisitationOptions { Neighbours = 8 });
        for (var n = 0; n < 200; n++)
        {
            Visit(counts, 3 * n, (0, n), (1, n));
            Visit(counts, 3 * n + 1, (0, n), (2, n));
            Visit(counts, 3 * n + 2, (0, n), (100 + n, n));
        }

        var neighbours = Read(counts, 0, 200);

        Assert.Equal(8, neighbours.Count);
        Assert.Equal([1, 2], neighbours.OrderByDescending(n => n.Value).Take(2).Select(n => n.Key).Order());
        Assert.Equal(200, neighbours[1], 0.1);
    }

    [Fact]
    public async Task Read_WhileEventsAreCounted_IsAlwaysConsistent()
    {
        var counts = Create(new CoVisitationOptions { Neighbours = 8 });
        var writing = Task.Run(() =>
        {
            var random = new Random(1);
            for (var n = 0; n < 200_000; n++) Visit(counts, random.Next(100), (random.Next(1000), n));
        }, TestContext.Current.CancellationToken);
        var reads = 0;
        while (!writing.IsCompleted || reads == 0)
        {
            for (var item = 0; item < 1000; item++)
            {
                // ToDictionary throws on a repeated neighbour.
                var row = Read(counts, item, 0);
                Assert.All(row, n => Assert.True(n.Key is >= 0 and < 1000 && n.Key != item && n.Value > 0 && float.IsFinite(n.Value)));
                Assert.True(row.Values.Sum() <= counts.TotalOf(item, 0) * 1.001f);
            }
            reads++;
        }
        await writing;
    }

    [Fact]
    public async Task Source_UserWithHistory_GetsNeighboursOfTheLatestItemsThatAreNotSeen()
    {
        // The user's own last visit was item 1, before that item 0.
        LogEvent[] own = [new(NowMs - 2 * Hour, 0, 0, EventType.Click), new(NowMs - Hour, 0, 1, EventType.Click)];
        var counts = Create();
        for (var n = 1; n <= 10; n++)
        {
            Visit(counts, 10 * n, (0, NowMs), (5, NowMs));
            Visit(counts, 10 * n + 1, (1, NowMs), (6, NowMs));
            // Item 7 goes with item 1 as often as 6 does, but it goes with everything else too.
            Visit(counts, 10 * n + 2, (1, NowMs), (7, NowMs));
            for (var other = 8; other < 12; other++) Visit(counts, 10 * n + other - 5, (7, NowMs), (other, NowMs));
            // The user's own two visits are the tenth.
            if (n > 1) Visit(counts, 10 * n + 8, (0, NowMs), (1, NowMs));
            Visit(counts, 10 * n + 9, (0, NowMs), (11, NowMs));
        }

        await using var fixture = await RuleFixture.CreateAsync(
            Enumerable.Range(0, 12).Select(i => new Item { Id = $"i{i}", Title = $"t{i}", Category = "c" }), own, folds: [counts]);

        await fixture.RunAsync(new CoVisitationSource());

        // 10 / (√(30 × 10) + 5) for 6, 0.9 times that for 5, 0.9 × 10 / (√(30 × 20) + 5) for 11, 10 / (√(30 × 50) + 5) for 7.
        Assert.Equal([6, 5, 11, 7], fixture.Ids);
        Assert.All(fixture.Context.Candidates.Items.ToArray(), c => Assert.Equal(CandidateSources.CoVisitation, c.Sources));

        fixture.Begin(Policy.Default with { CoVisitationLimit = 1 });
        await fixture.RunAsync(new CoVisitationSource());
        Assert.Equal([6], fixture.Ids);
    }

    [Fact]
    public async Task Source_UnknownUser_AddsNothing()
    {
        await using var fixture = await RuleFixture.CreateAsync([new Item { Id = "i", Title = "t", Category = "c" }]);
        fixture.Begin(user: "nobody");

        await fixture.RunAsync(new CoVisitationSource());

        Assert.Empty(fixture.Ids);
    }
}
