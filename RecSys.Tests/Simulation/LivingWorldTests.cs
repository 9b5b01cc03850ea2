using RecSys.Core.Domain;
using RecSys.Core.Simulation;
using RecSys.Core.Simulation.Behaviour;
using RecSys.Core.Simulation.Policies;
using RecSys.Core.Simulation.Truth;

namespace RecSys.Tests.Simulation;

public sealed class LivingWorldTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunDay_SameSeed_GivesTheSameEvents()
    {
        var first = await EventsAsync(Worlds.Tiny);

        Assert.Equal(first, await EventsAsync(Worlds.Tiny));
        Assert.NotEqual(first, await EventsAsync(Worlds.Tiny with { Seed = 4 }));
        Assert.Equal(first.Count, first.Select(e => e.Id).Distinct().Count());

        static async Task<List<Event>> EventsAsync(WorldOptions options)
        {
            var events = new List<Event>();
            var world = LivingWorld.Create(options with { Days = 2 });
            while (world.Day < 2)
                await world.RunDayAsync(PolicyNames.Create("explore:0.2:popular"), list => events.AddRange(world.EventsOf(list)), Token);
            return events;
        }
    }

    [Fact]
    public async Task RunDay_ClicksAtEachPosition_AreExaminationTimesAttraction()
    {
        var policy = new WatchingPolicy<double[]>(PolicyNames.Create("explore:0.5:click"),
            (request, list) => [.. list.Slots.Select(slot => request.Moment.Attraction(slot.Item))]);
        var world = await Worlds.RunAsync(Worlds.Tiny, policy);
        var lists = policy.Lists.Where(entry => !world.IsBot(entry.List.User)).ToList();

        for (var position = 0; position < 10; position++)
        {
            var (expected, variance, clicks) = (0.0, 0.0, 0);
            foreach (var (list, attraction) in lists)
            {
                var probability = attraction[position] / (1 + 0.12 * position);
                expected += probability;
                variance += probability * (1 - probability);
                if (list.Slots[position].IsClicked) clicks++;
            }
            Assert.InRange(clicks, expected - 4 * Math.Sqrt(variance), expected + 4 * Math.Sqrt(variance));
            Assert.True(expected > 100, $"only {expected} clicks are expected at {position}");
        }
    }

    [Fact]
    public async Task RunDay_Purchases_NeverTakeABudgetBelowZero()
    {
        var poor = Worlds.Tiny with
        {
            Behaviour = new() { Money = new() { MonthlyBudget = 40, BuyRate = 0.5, Elasticity = 0.5 } },
        };
        var world = LivingWorld.Create(poor);
        var (purchases, lowest) = (0, double.MaxValue);
        while (world.Day < poor.Days)
        {
            await world.RunDayAsync(PolicyNames.Create("revenue"), list =>
            {
                var budget = world.BudgetOf(list.User, list.Time);
                lowest = Math.Min(lowest, budget);
                purchases += list.Slots.Count(slot => slot.Actions.HasFlag(ListActions.Purchase));
            }, Token);
        }

        Assert.True(purchases > 100, $"{purchases} purchases");
        Assert.InRange(lowest, 0, 5);
    }

    [Fact]
    public void Budget_Spent_RefillsEvenlyUpToItsCapacity()
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var state = new VisitorState(capacity: 60, budget: 60, isBot: false, start.ToUnixTimeMilliseconds());

        state.Spend(50, start.AddDays(1).ToUnixTimeMilliseconds());

        Assert.Equal(10, state.BudgetAt(start.AddDays(1).ToUnixTimeMilliseconds()), 9);
        Assert.Equal(20, state.BudgetAt(start.AddDays(6).ToUnixTimeMilliseconds()), 9);
        Assert.Equal(60, state.BudgetAt(start.AddDays(90).ToUnixTimeMilliseconds()), 9);
    }

    [Fact]
    public async Task RunDay_SatisfiedUsers_ReturnMore()
    {
        var satisfaction = new double[Worlds.Tiny.Users];
        var sessions = new Dictionary<(int User, bool Late), HashSet<string>>();
        var late = false;
        var policy = new WatchingPolicy<double[]>(new RandomPolicy(),
            (request, list) => [.. list.Slots.Select(slot => request.Moment.Satisfaction(slot.Item))]);
        var world = LivingWorld.Create(Worlds.Tiny with { Days = 12, SessionsPerUserPerDay = 1.5 });
        for (; world.Day < 12; late = world.Day >= 4)
            await world.RunDayAsync(policy, list => (sessions.TryGetValue((list.User, late), out var found) ? found
                : sessions[(list.User, late)] = []).Add(list.SessionId), Token);
        foreach (var (list, had) in policy.Lists.Where(entry => entry.List.Time < world.Options.Start.AddDays(4)))
        {
            for (var i = 0; i < had.Length; i++) satisfaction[list.User] += list.Slots[i].IsClicked ? had[i] : 0;
        }
        var regular = Enumerable.Range(0, satisfaction.Length).Where(user => !world.IsBot(user) && Of(user, false) >= 4)
            .OrderBy(user => satisfaction[user] / Of(user, false)).ToArray();

        var (dissatisfied, satisfied) = (Growth(regular[..(regular.Length / 3)]), Growth(regular[^(regular.Length / 3)..]));

        Assert.True(satisfied > 1.1 * dissatisfied, $"satisfied {satisfied:F2}, dissatisfied {dissatisfied:F2}");

        int Of(int user, bool which) => sessions.TryGetValue((user, which), out var found) ? found.Count : 0;
        double Growth(int[] users) => users.Sum(user => Of(user, true)) / (double)users.Sum(user => Of(user, false));
    }

    [Fact]
    public async Task RunDay_CatalogueThatChanges_ShowsOnlyWhatExists()
    {
        var options = Worlds.Tiny with { Behaviour = new() { ArrivingShare = 0.3, VanishingShare = 0.3 } };
        var shown = new HashSet<int>();
        ShownList? wrong = null;
        var world = LivingWorld.Create(options);
        while (world.Day < options.Days)
        {
            await world.RunDayAsync(new RandomPolicy(), list =>
            {
                shown.UnionWith(list.Slots.Select(slot => slot.Item));
                if (list.Slots.Any(slot => world.Items[slot.Item] is not { Available: true, Flagged: false } item
                    || item.CreatedAt > list.Time || world.VanishesAt(slot.Item) < list.Time.AddHours(-1)))
                    wrong = list;
            }, Token);
        }

        Assert.Null(wrong);
        Assert.Contains(shown, item => world.Items[item].CreatedAt > options.Start.AddDays(2));
        Assert.InRange(Enumerable.Range(0, options.Items).Count(item => world.VanishesAt(item) is not null), 140, 220);
    }

    [Theory]
    [InlineData("small", true)]
    [InlineData("shop", false)]
    [InlineData("feed", true)]
    public async Task EventsOf_Preset_ReportsImpressionsOrNot(string preset, bool reported)
    {
        var options = WorldOptions.LivingPreset(preset) with { Items = 500, Users = 100, Days = 1 };
        var events = new List<Event>();
        var world = LivingWorld.Create(options);

        await world.RunDayAsync(new RandomPolicy(), list => events.AddRange(world.EventsOf(list)), Token);

        Assert.Equal(reported, events.Any(e => e.Type == EventType.Impression));
        Assert.Contains(events, e => e.Type == EventType.Click);
    }

    [Fact]
    public async Task EventsOf_Money_IsThatOfTheTotalsBySource()
    {
        var options = Worlds.Tiny with { Behaviour = new() { Money = new() { SubscribeRate = 0.2 } } };
        var world = LivingWorld.Create(options);
        var logged = new Dictionary<RevenueSource, double>();
        var days = new List<DayTotals>();
        while (world.Day < options.Days)
        {
            days.Add(await world.RunDayAsync(PolicyNames.Create("satisfaction"), list =>
            {
                foreach (var e in world.EventsOf(list).Where(e => e.Amount is not null && !world.IsBot(list.User)))
                {
                    Assert.Equal("EUR", e.Currency);
                    logged[e.RevenueSource] = logged.GetValueOrDefault(e.RevenueSource) + e.Amount!.Value;
                }
            }, Token));
        }

        foreach (var source in Enum.GetValues<RevenueSource>().Where(source => source != RevenueSource.None))
        {
            Assert.True(logged[source] > 0, $"{source}");
            Assert.Equal(logged[source], days.Sum(day => day.Revenue(source)), 6);
        }
    }

    [Fact]
    public async Task RunDay_Programs_ClickEvenlyAndCountApart()
    {
        var options = Worlds.Tiny with { Days = 1, Behaviour = new() { BotShare = 0.1 } };
        var world = LivingWorld.Create(options);
        var (clicks, places, gaps) = (0, 0, new List<double>());

        var totals = await world.RunDayAsync(new RandomPolicy(), list =>
        {
            if (!world.IsBot(list.User)) return;
            var times = world.EventsOf(list).Where(e => e.Type == EventType.Click).Select(e => e.Time).ToArray();
            clicks += times.Length;
            places += list.Slots.Count;
            gaps.AddRange(times.Zip(times.Skip(1), (a, b) => (b - a).TotalMilliseconds));
        }, Token);

        Assert.Equal(clicks, totals.BotClicks);
        Assert.InRange(clicks, 0.6 * places - 4 * Math.Sqrt(0.24 * places), 0.6 * places + 4 * Math.Sqrt(0.24 * places));
        Assert.All(gaps, gap => Assert.Equal(0, gap % 100));
        Assert.InRange(Enumerable.Range(0, 400).Count(world.IsBot), 20, 60);
    }

    [Fact]
    public async Task RunDay_AfterTheLastDay_SaysSo()
    {
        var world = await Worlds.RunAsync(Worlds.Tiny with { Days = 1, Users = 5 }, new RandomPolicy());

        var failure = await Assert.ThrowsAsync<RecSysException>(() => world.RunDayAsync(new RandomPolicy(), null, Token));

        Assert.Contains("create one with more", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_WrongKindOfOptions_IsRefused()
    {
        Assert.Contains("preset", Assert.Throws<RecSysException>(() => LivingWorld.Create(WorldOptions.Classic)).Message,
            StringComparison.Ordinal);
        Assert.Throws<RecSysException>(() => SyntheticWorld.Create(WorldOptions.Small));
        Assert.Throws<RecSysException>(() => WorldOptions.LivingPreset("moon"));
    }
}
