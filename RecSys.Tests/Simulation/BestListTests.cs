using RecSys.Core.Simulation;
using RecSys.Core.Simulation.Policies;
using RecSys.Core.Simulation.Truth;

namespace RecSys.Tests.Simulation;

public sealed class BestListTests
{
    private static readonly WorldOptions Options = WorldOptions.Small with
    {
        Items = 9, Users = 40, Days = 2, Seed = 5, ListLength = 3,
        Behaviour = new() { ArrivingShare = 0, VanishingShare = 0, Money = new() { BuyRate = 0.4, MonthlyBudget = 2000 } },
    };

    [Fact]
    public async Task BestFor_EveryUser_IsTheBestOfAllLists()
    {
        var world = await Worlds.RunAsync(Options, new RandomPolicy());
        var time = Options.Start.AddDays(2).AddHours(20);
        for (var user = 0; user < Options.Users; user++)
        {
            int[] candidates = [];
            var seen = new WatchingPolicy<bool>(new RandomPolicy(), (request, _) =>
            {
                candidates = request.Candidates.ToArray();
                return true;
            });
            await world.AskAsync(seen, user, time, TestContext.Current.CancellationToken);
            var all = Orders(candidates, 3).Select(list => world.ValueOf(user, time, list)).ToList();

            Assert.Equal(all.Max(value => value.Clicks), Best(Objective.Clicks).Clicks, 12);
            Assert.Equal(all.Max(value => value.Satisfaction), Best(Objective.OfSatisfaction).Satisfaction, 12);
            var mixed = new Objective(0.5, 0.5, 0);
            Assert.Equal(all.Max(Mixed), Mixed(Best(mixed)), 12);
            // Only a list's first purchase happens, which the order does not know.
            var byRevenue = Best(Objective.OfRevenue);
            Assert.InRange(byRevenue.Revenue, (1 - byRevenue.Purchases - byRevenue.SubscriptionRevenue / 9.99) * all.Max(v => v.Revenue),
                all.Max(v => v.Revenue) + 1e-9);

            ListValue Best(Objective objective) => world.ValueOf(user, time, world.BestFor(user, time, objective));
        }

        static double Mixed(ListValue value) => 0.5 * value.Clicks + 0.5 * value.Satisfaction;
    }

    private static IEnumerable<int[]> Orders(int[] candidates, int length) => length == 0 ? [[]]
        : Orders(candidates, length - 1).SelectMany(list => candidates.Except(list).Select(item => (int[])[.. list, item]));
}
