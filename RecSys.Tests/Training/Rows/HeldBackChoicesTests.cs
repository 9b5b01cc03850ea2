using RecSys.Core.Domain;
using RecSys.Core.Training;
using RecSys.Core.Training.Rows;

namespace RecSys.Tests.Training.Rows;

public sealed class HeldBackChoicesTests
{
    private const int Users = 40;

    private static readonly InteractionLog log = Log();

    [Fact]
    public void Draw_ShareOfUsers_HoldsBackTheLatestFirstTouchesOfSoMany()
    {
        var drawn = HeldBackChoices.Draw(log, new TrainingOptions { RankerUserShare = 0.25, RankerChoicesPerUser = 3, MinTargets = 0 });

        var byUser = drawn.Choices.GroupBy(index => log.Events[index].User).ToArray();
        Assert.Equal(Users / 4, byUser.Length);
        Assert.Equal(drawn.Choices.Order(), drawn.Choices);
        foreach (var user in byUser) Assert.Equal(FirstTouches(user.Key)[^3..], user);
    }

    [Fact]
    public void Draw_TowerLog_EndsBeforeTheFirstHeldBackChoiceOfEachDrawnUserAndIsWholeForOthers()
    {
        var drawn = HeldBackChoices.Draw(log, new TrainingOptions { RankerUserShare = 0.25, RankerChoicesPerUser = 3, MinTargets = 0 });

        var ends = drawn.Choices.GroupBy(index => log.Events[index].User).ToDictionary(user => user.Key, user => user.Min());
        Assert.Equal(
            log.Events.ToArray().Where((e, index) => !ends.TryGetValue(e.User, out var end) || index < end),
            drawn.TowerLog.Events.ToArray());
    }

    [Fact]
    public void Draw_MoreChoicesThanAUserHasTwice_LeavesHalfToTheTowers()
    {
        var drawn = HeldBackChoices.Draw(log, new TrainingOptions { RankerUserShare = 0.5, RankerChoicesPerUser = 1000 });

        Assert.All(drawn.Choices.GroupBy(index => log.Events[index].User),
            user => Assert.Equal(FirstTouches(user.Key).Length / 2, user.Count()));
    }

    [Fact]
    public void Draw_EnoughChoices_HoldsNoFurtherUserBack()
    {
        var drawn = HeldBackChoices.Draw(log, new TrainingOptions { RankerUserShare = 0.9, RankerChoicesPerUser = 2, MaxTargets = 5 });

        Assert.Equal(3, drawn.Choices.Select(index => log.Events[index].User).Distinct().Count());
    }

    [Theory]
    [InlineData(0.9, Users * 9 / 10)]
    [InlineData(0.1, Users / 2)]
    public void Draw_FewerChoicesThanItTakes_HoldsUpToHalfOfTheUsersBack(double share, int users)
    {
        var drawn = HeldBackChoices.Draw(log, new TrainingOptions { RankerUserShare = share, RankerChoicesPerUser = 1,
            MinTargets = 1_000 });

        Assert.Equal(users, drawn.Choices.Select(index => log.Events[index].User).Distinct().Count());
    }

    [Fact]
    public void Draw_SameSeed_DrawsTheSameUsersAndAnotherSeedOthers()
    {
        var first = HeldBackChoices.Draw(log, new TrainingOptions { Seed = 1 });

        Assert.Equal(first.Choices, HeldBackChoices.Draw(log, new TrainingOptions { Seed = 1 }).Choices);
        Assert.NotEqual(first.Choices, HeldBackChoices.Draw(log, new TrainingOptions { Seed = 2 }).Choices);
    }

    private static int[] FirstTouches(int user)
    {
        var touched = new HashSet<int>();
        return [.. Enumerable.Range(0, log.Events.Length)
            .Where(i => log.Events[i].User == user && log.Events[i].Type.IsPositive() && touched.Add(log.Events[i].Item))];
    }

    private static InteractionLog Log()
    {
        var random = new Random(5);
        var events = Enumerable.Range(0, 1200).Select(i =>
            new LogEvent(1_700_000_000_000 + i, random.Next(Users), random.Next(30), random.Next(4) == 0
                ? EventType.Dislike : EventType.View)).ToArray();
        return new InteractionLog(
            ItemCatalog.Create(Enumerable.Range(0, 30).Select(i => new Item { Id = $"i{i}", Title = $"t{i}", Category = "c" })),
            new UserDirectory(Enumerable.Range(0, Users).Select(u => new User { Id = $"u{u}" })), events);
    }
}
