using RecSys.Core.Domain;
using RecSys.Core.Simulation;

namespace RecSys.Tests.Simulation;

public sealed class SyntheticWorldTests
{
    private static readonly WorldOptions Small = new() { Items = 1500, Users = 400, Days = 4 };
    private static readonly SyntheticWorld World = SyntheticWorld.Create(Small);
    private static readonly Event[] History = [.. World.GenerateHistory()];

    [Fact]
    public void Create_SameSeed_GivesTheSameWorld()
    {
        var again = SyntheticWorld.Create(Small);
        var other = SyntheticWorld.Create(Small with { Seed = 7 });

        Assert.Equal(World.Items.Select(Text), again.Items.Select(Text));
        Assert.NotEqual(World.Items.Select(Text), other.Items.Select(Text));
        Assert.Equal(History, again.GenerateHistory());
        Assert.Equal(History, World.GenerateHistory());

        static string Text(Item item) =>
            $"{item.Id} {item.Title} {item.Category} {item.Creator} {item.Price} {item.DurationSeconds} {item.CreatedAt:O}";
    }

    [Fact]
    public void GenerateHistory_Events_AreInTimeOrderWithUniqueIds()
    {
        Assert.Equal(History.Length, History.Select(e => e.Id).Distinct().Count());
        Assert.True(History.Zip(History.Skip(1)).All(pair => pair.First.Time <= pair.Second.Time));
        Assert.All(History, e => Assert.True(e.Time >= Small.Start && e.Time < Small.Start.AddDays(Small.Days).AddMinutes(1)));
        Assert.Superset(new HashSet<EventType> { EventType.Click, EventType.View, EventType.LongView, EventType.Like, EventType.AddToCart,
            EventType.Purchase, EventType.Hide }, History.Select(e => e.Type).ToHashSet());
    }

    [Fact]
    public void GenerateHistory_ShownItems_ExistAndMayBeServed()
    {
        var items = World.Items.ToDictionary(item => item.Id);

        Assert.All(History.Where(e => e.Type == EventType.Impression),
            e => Assert.True(items[e.ItemId] is { Available: true, Flagged: false } item && item.CreatedAt <= e.Time));
        Assert.Contains(World.Items, item => !item.Available);
        Assert.Contains(World.Items, item => item.CreatedAt > Small.Start);
    }

    [Fact]
    public void GenerateHistory_ClickRate_IsThatOfARealFeed()
    {
        var rate = (double)History.Count(e => e.Type == EventType.Click) / History.Count(e => e.Type == EventType.Impression);

        Assert.InRange(rate, 0.08, 0.12);
    }

    [Fact]
    public void GenerateHistory_ClicksByPosition_FollowTheExaminationModel()
    {
        // The same list order at random: attraction does not depend on the position, so the ratio of click rates is the ratio of
        // examination.
        var random = new Random(5);
        var clicks = new int[10];
        var ids = World.Items.Select(item => item.Id).ToArray();
        const int lists = 15_000;
        for (var i = 0; i < lists; i++)
        {
            var shown = random.GetItems(ids, 10);
            foreach (var e in World.Respond(World.Users[i % 400], shown, Small.Start.AddDays(3), $"r{i}", "mobile", random))
            {
                if (e.Type == EventType.Click) clicks[e.Position!.Value]++;
            }
        }

        for (var position = 1; position < 10; position++)
        {
            var error = 4 * Math.Sqrt(1.0 / clicks[position] + 1.0 / clicks[0]);
            Assert.Equal(0, Math.Log(clicks[position] / (double)clicks[0] * (1 + 0.12 * position)), error);
        }
    }

    [Fact]
    public void Respond_ManyTimes_ClicksAsOftenAsTheTruthSays()
    {
        var random = new Random(3);
        var (expected, clicks) = (0.0, 0);
        for (var i = 0; i < 4000; i++)
        {
            var user = World.Users[i % 400];
            var item = World.Items[i * 37 % 1500].Id;
            expected += World.ClickProbability(user, item, Small.Start.AddDays(2), 0);
            clicks += World.Respond(user, [item], Small.Start.AddDays(2), $"q{i}", "web", random).Count(e => e.Type == EventType.Click);
        }

        Assert.InRange(clicks, expected - 4 * Math.Sqrt(expected), expected + 4 * Math.Sqrt(expected));
    }

    [Fact]
    public void GenerateHistory_BetterMatchedItems_AreClickedMore()
    {
        var users = World.Users.ToDictionary(user => user.Id);
        var clicked = History.Where(e => e.Type == EventType.Click).Select(e => (e.UserId, e.RequestId, e.ItemId)).ToHashSet();
        var rows = History.Where(e => e.Type == EventType.Impression)
            .Select(e => (Truth: World.ClickProbability(users[e.UserId], e.ItemId, e.Time, e.Position!.Value),
                Hit: clicked.Contains((e.UserId, e.RequestId, e.ItemId))))
            .OrderBy(row => row.Truth).ToArray();

        var low = rows[..(rows.Length / 5)].Average(row => row.Hit ? 1.0 : 0);
        var high = rows[(rows.Length * 4 / 5)..].Average(row => row.Hit ? 1.0 : 0);

        Assert.True(high > 5 * low, $"best fifth {high:P1}, worst fifth {low:P1}");
    }

    [Fact]
    public void Respond_UnknownItem_SaysSo() =>
        Assert.Contains("nothing", Assert.Throws<RecSysException>(
            () => World.Respond(World.Users[0], ["nothing"], Small.Start, "r", "web", new Random(1))).Message, StringComparison.Ordinal);
}
