using RecSys.Core.Domain;
using RecSys.Core.Events;

namespace RecSys.Tests.Events;

public sealed class LiveStateTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly ItemCatalog Items = ItemCatalog.Create(Enumerable.Range(0, 5).Select(i => new Item { Id = $"i{i}", Title = "t", Category = "c" }));

    private static Event Make(string user, string item, EventType type, double hours) =>
        new() { Id = $"{user}-{item}-{hours}", UserId = user, ItemId = item, Type = type, Time = Start.AddHours(hours) };

    [Fact]
    public void Apply_EventByEvent_EqualsFoldOfTheWholeLog()
    {
        LogEvent[] log = [.. Enumerable.Range(0, 40).Select(i => new LogEvent(Start.AddMinutes(i).ToUnixTimeMilliseconds(), 0, i % 5, i % 3 == 0 ? EventType.Click : EventType.Impression))];
        var users = new UserDirectory([new User { Id = "u" }]);
        var whole = new LiveState(new InteractionLog(Items, users, log));
        var stepwise = new LiveState(new InteractionLog(Items, users, []));

        foreach (var e in log)
            stepwise.Apply(new Event { Id = $"{e.TimeMs}", UserId = "u", ItemId = $"i{e.Item}", Type = e.Type, Time = DateTimeOffset.FromUnixTimeMilliseconds(e.TimeMs) });

        Assert.Equal(whole.FindUser("u")!.State.RecentItems, stepwise.FindUser("u")!.State.RecentItems);
        for (var item = 0; item < Items.Count; item++)
        {
            Assert.Equal(whole.Features.ItemStates.PositivesOf(item), stepwise.Features.ItemStates.PositivesOf(item));
            Assert.Equal(whole.Features.ItemStates.ImpressionsOf(item), stepwise.Features.ItemStates.ImpressionsOf(item));
            Assert.Equal(whole.FindUser("u")!.ConsumedAt(item), stepwise.FindUser("u")!.ConsumedAt(item));
        }
    }

    [Fact]
    public void Apply_NewUser_IsKnownAfterwards()
    {
        var state = new LiveState(new InteractionLog(Items, new UserDirectory([]), []));
        Assert.Null(state.FindUser("new"));

        Assert.True(state.Apply(Make("new", "i1", EventType.Click, 1)));

        Assert.Equal([1], state.FindUser("new")!.State.RecentItems.ToArray());
    }

    [Fact]
    public void Apply_UnknownItem_IsIgnored()
    {
        var state = new LiveState(new InteractionLog(Items, new UserDirectory([]), []));

        Assert.False(state.Apply(Make("u", "nowhere", EventType.Click, 1)));
        Assert.Null(state.FindUser("u"));
    }

    [Fact]
    public void FeatureTimeMs_LogThatEndedLongAgo_IsOneDayAfterItsEnd()
    {
        var state = new LiveState(new InteractionLog(Items, new UserDirectory([]), []));
        Assert.Equal(Start.ToUnixTimeMilliseconds(), state.FeatureTimeMs(Start));

        state.Apply(Make("u", "i1", EventType.Click, 0));

        Assert.Equal(Start.AddHours(2).ToUnixTimeMilliseconds(), state.FeatureTimeMs(Start.AddHours(2)));
        Assert.Equal(Start.AddDays(1).ToUnixTimeMilliseconds(), state.FeatureTimeMs(Start.AddYears(20)));
    }
}
