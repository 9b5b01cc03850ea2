using RecSys.Core.Simulation;
using RecSys.Core.Simulation.Behaviour;
using RecSys.Core.Simulation.Policies;
using RecSys.Core.Simulation.Truth;
using RecSys.Core.Simulation.World;

namespace RecSys.Tests.Simulation;

/// <summary>What the truth says of lists, against enumeration of all that may happen and against what does happen.</summary>
public sealed class ListValueTests
{
    private static readonly ReturnOptions Returns = new()
    {
        ReturnGain = 0.9, MoodRate = 0.4, LeaveDisappointed = 0.4, LeaveEmptyList = 0.3,
    };

    private static readonly WorldOptions Options = WorldOptions.Small with
    {
        Items = 60, Users = 300, Days = 3, Seed = 11, ListLength = 3,
        Behaviour = new() { Returns = Returns, Money = new() { BuyRate = 0.4, SubscribeRate = 0.5, MonthlyBudget = 2000 } },
    };

    [Fact]
    public async Task Of_List_IsTheSumOverAllOutcomes()
    {
        var checkedLists = 0;
        var parts = new WorldParts(Options);
        var policy = new WatchingPolicy<bool>(new RandomPolicy(), (request, list) =>
        {
            int[] items = [.. list.Slots.Select(slot => slot.Item)];
            Compare(Enumerate(parts, request.Moment, items), ListValuation.Of(parts, request.Moment, items));
            checkedLists++;
            return true;
        });

        await Worlds.RunAsync(Options, policy);

        Assert.True(checkedLists > 200);
    }

    [Fact]
    public async Task Of_AllListsOfARun_IsWhatHappens()
    {
        var days = new List<DayTotals>();
        var world = LivingWorld.Create(Options with { Users = 3000 });
        var policy = new WatchingPolicy<ListValue>(PolicyNames.Create("explore:0.5:satisfaction"), (_, list) =>
            world.IsBot(list.User) ? Nothing
            : world.ValueOf(list.User, list.Time, [.. list.Slots.Select(slot => slot.Item)]));
        while (world.Day < 3) days.Add(await world.RunDayAsync(policy, null, TestContext.Current.CancellationToken));
        var truths = policy.Lists.Select(entry => entry.Truth).ToList();

        // Counts of rare and independent outcomes: their variance is at most their mean.
        Near(truths.Sum(truth => truth.Clicks), days.Sum(day => day.Clicks));
        Near(truths.Sum(truth => truth.Purchases), days.Sum(day => day.Purchases));
        Near(truths.Sum(truth => truth.Leaves), days.Sum(day => day.Left));
        Near(truths.Sum(truth => truth.SubscriptionRevenue) / 9.99, days.Sum(day => day.Subscriptions));
        // A click brings between -1 and 1, so the sum varies less than the number of clicks.
        var satisfaction = days.Sum(day => day.Satisfaction) - truths.Sum(truth => truth.Satisfaction);
        Assert.InRange(satisfaction, -4 * Math.Sqrt(days.Sum(day => day.Clicks)), 4 * Math.Sqrt(days.Sum(day => day.Clicks)));

        static void Near(double expected, double happened)
        {
            Assert.True(expected > 20, $"only {expected} expected");
            Assert.InRange(happened, expected - 4 * Math.Sqrt(expected), expected + 4 * Math.Sqrt(expected));
        }
    }

    [Fact]
    public void SessionsNextDay_OneListEach_IsHowOftenTheyCome()
    {
        var parts = new WorldParts(Options with { Users = 4000 });
        var states = VisitorState.CreateAll(parts);
        var request = new ServingRequest(parts);
        var response = new ListResponse(parts);
        var random = new Random(1);
        var (expected, left) = (0.0, 0);
        for (var user = 0; user < states.Length; user++)
        {
            if (states[user].IsBot) states[user].Left = true;
            else
            {
                request.Begin(user, states[user], Options.Start.AddHours(20).ToUnixTimeMilliseconds(), turn: 0);
                var list = new ShownList("r", "s", user, request.Time, 3);
                foreach (var item in random.GetItems(request.Candidates, 20).Distinct().Take(3)) list.Add(item);
                expected += ListValuation.Of(parts, request.Moment, [.. list.Slots.Select(slot => slot.Item)]).SessionsNextDay;
                if (response.Realise(request.Moment, list, turn: 0).Leaves) left++;
            }
        }

        var plan = new VisitPlan(parts, states, day: 1);
        var sessions = 0;
        while (plan.TryNext(out _, out _)) sessions++;

        // Sessions of a user come from 0 to some eight at a time: twice the mean is more than their variance.
        Assert.True(left > 300, $"{left} left");
        Assert.InRange(sessions, expected - 4 * Math.Sqrt(2 * expected), expected + 4 * Math.Sqrt(2 * expected));
    }

    private static ListValue Nothing { get; } = new()
    {
        Clicks = 0, Satisfaction = 0, Purchases = 0, AdRevenue = 0, PurchaseRevenue = 0, AffiliateRevenue = 0, SubscriptionRevenue = 0,
        Leaves = 0, SessionsNextDay = 0,
    };

    private static void Compare(ListValue expected, ListValue actual)
    {
        Assert.Equal(expected.Clicks, actual.Clicks, 9);
        Assert.Equal(expected.Satisfaction, actual.Satisfaction, 9);
        Assert.Equal(expected.Purchases, actual.Purchases, 9);
        Assert.Equal(expected.AdRevenue, actual.AdRevenue, 9);
        Assert.Equal(expected.PurchaseRevenue, actual.PurchaseRevenue, 9);
        Assert.Equal(expected.AffiliateRevenue, actual.AffiliateRevenue, 9);
        Assert.Equal(expected.SubscriptionRevenue, actual.SubscriptionRevenue, 9);
        Assert.Equal(expected.Leaves, actual.Leaves, 9);
        Assert.Equal(expected.SessionsNextDay, actual.SessionsNextDay, 9);
    }

    // Each place is passed over, or clicked with or without a wish to buy, a wish to subscribe and a reason to leave: 9^n branches.
    private static ListValue Enumerate(WorldParts parts, ListMoment moment, int[] items)
    {
        var sum = Nothing;
        Branch(0, 1, new Story());
        return sum;

        void Branch(int at, double chance, Story story)
        {
            if (chance == 0) return;
            if (at == items.Length)
            {
                End(chance, story);
                return;
            }
            var item = items[at];
            var click = moment.Attraction(item) / (1 + 0.12 * at);
            var had = moment.Satisfaction(item);
            Branch(at + 1, chance * (1 - click), story);
            for (var bits = 0; bits < 8; bits++)
            {
                var (buys, subscribes, leaves) = ((bits & 1) > 0, (bits & 2) > 0, (bits & 4) > 0);
                var branch = chance * click * Of(moment.Buying(item, had), buys) * Of(moment.Subscribing(had), subscribes)
                    * Of(moment.Leaving(had), leaves);
                Branch(at + 1, branch, story with
                {
                    Clicks = story.Clicks + 1,
                    Satisfaction = story.Satisfaction + had,
                    Ads = story.Ads + parts.Truths.AdAmount[item],
                    Bought = story.Bought ?? (buys ? item : null),
                    Subscribed = story.Subscribed || subscribes,
                    Left = story.Left || leaves,
                });
            }
        }

        void End(double chance, Story story)
        {
            if (story.Clicks == 0)
            {
                var leaves = moment.LeavingEmptyList;
                Add(chance * leaves, story with { Left = true }, -Returns.EmptyListCost);
                Add(chance * (1 - leaves), story, -Returns.EmptyListCost);
            }
            else Add(chance, story, story.Satisfaction);
        }

        void Add(double chance, Story story, double total)
        {
            var mood = (1 - Returns.MoodRate) * moment.State.Mood + Returns.MoodRate * total;
            var (sale, affiliate) = story.Bought is { } item ? (parts.Truths.SaleRevenue[item], parts.Truths.Affiliate[item]) : (0, false);
            sum = new ListValue
            {
                Clicks = sum.Clicks + chance * story.Clicks,
                Satisfaction = sum.Satisfaction + chance * story.Satisfaction,
                Purchases = sum.Purchases + (story.Bought is null ? 0 : chance),
                AdRevenue = sum.AdRevenue + chance * story.Ads,
                PurchaseRevenue = sum.PurchaseRevenue + (affiliate ? 0 : chance * sale),
                AffiliateRevenue = sum.AffiliateRevenue + (affiliate ? chance * sale : 0),
                SubscriptionRevenue = sum.SubscriptionRevenue + (story.Subscribed ? chance * 9.99 : 0),
                Leaves = sum.Leaves + (story.Left ? chance : 0),
                SessionsNextDay = sum.SessionsNextDay
                    + (story.Left ? 0 : chance * parts.SessionRate(moment.User) * Math.Exp(Returns.ReturnGain * mood)),
            };
        }

        static double Of(double probability, bool happens) => happens ? probability : 1 - probability;
    }

    private sealed record Story
    {
        public int Clicks { get; init; }
        public double Satisfaction { get; init; }
        public double Ads { get; init; }
        public int? Bought { get; init; }
        public bool Subscribed { get; init; }
        public bool Left { get; init; }
    }
}
