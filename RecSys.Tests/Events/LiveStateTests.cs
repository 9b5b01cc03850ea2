using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Events;

public sealed class LiveStateTests
{
    private static readonly DateTimeOffset Start = TailRig.Start;
    private int events;

    private static LiveState State()
    {
        var items = ItemCatalog.Create(Enumerable.Range(0, 5).Select(i => new Item { Id = $"i{i}", Title = "t", Category = "c" }));
        return LiveState.Of(new InteractionLog(items, new UserDirectory([]), []), [.. TailRig.Folds()]);
    }

    private Event Make(string user, int item, EventType type, double hours = 0, string? request = null) =>
        new() { Id = $"e{events++}", UserId = user, ItemId = $"i{item}", Type = type, Time = Start.AddHours(hours), RequestId = request };

    [Fact]
    public void Fold_Event_OfANewUser_IsInTheCopy()
    {
        var state = State();
        Assert.False(state.Copy("u").IsKnown);

        state.Apply(Make("u", 1, EventType.Click));

        var copy = state.Copy("u");
        Assert.Equal([1], copy.State.RecentItems.ToArray());
        Assert.Equal(Start.ToUnixTimeMilliseconds(), copy.Seen.Find(1).ConsumedMs);
        Assert.Equal(state.Position, copy.Position);
    }

    [Fact]
    public void Fold_Merge_MovesHistoryAndSeenItemsAndLaterEntries()
    {
        var state = State();
        state.Apply(Make("anonymous", 1, EventType.Click));
        state.Apply(Make("anonymous", 2, EventType.Hide));
        state.Apply(Make("known", 3, EventType.Click, hours: 1));

        state.Fold(new UserMerge("anonymous", "known"));
        state.Apply(Make("anonymous", 4, EventType.Click, hours: 2));

        foreach (var id in (string[])["known", "anonymous"])
        {
            var copy = state.Copy(id);
            Assert.Equal([1, 3, 4], copy.State.RecentItems.ToArray());
            Assert.True(copy.Seen.Find(2).Rejected);
        }
    }

    [Fact]
    public void Fold_MergeChainsAndRings_LeadToOneUser()
    {
        var state = State();
        state.Apply(Make("a", 1, EventType.Click));

        state.Fold(new UserMerge("a", "b"));
        state.Fold(new UserMerge("b", "c"));
        state.Fold(new UserMerge("c", "a"));
        state.Fold(new UserMerge("b", "b"));
        state.Apply(Make("a", 2, EventType.Click, hours: 1));

        Assert.All<string>(["a", "b", "c"], id => Assert.Equal([1, 2], state.Copy(id).State.RecentItems.ToArray()));
    }

    [Fact]
    public void Fold_Erasure_ForgetsTheUserAndKeepsItemCounters()
    {
        var state = State();
        state.Apply(Make("u", 1, EventType.Click));

        state.Fold(new UserErasure("u"));

        Assert.False(state.Copy("u").IsKnown);
        Assert.Equal(1, state.Features.ItemStates.PositivesOf(1));
        state.Fold(new EventChange(Make("", 2, EventType.Click)), item: 2);
        Assert.Equal(1, state.Features.ItemStates.PositivesOf(2));
    }

    [Fact]
    public void Fold_ListShown_CountsAsShownOnceAndServedAloneDoesNot()
    {
        var state = State();
        state.Fold(new ListShown("r1", "u", [1, 2], Start));
        state.Apply(Make("u", 1, EventType.Impression, hours: 30, request: "r1"));
        state.Apply(Make("u", 3, EventType.Impression, hours: 30, request: "r2"));

        var seen = state.Copy("u").Seen;
        Assert.Equal(Start.ToUnixTimeMilliseconds(), seen.Find(1).ShownMs);
        Assert.Equal(Start.ToUnixTimeMilliseconds(), seen.Find(2).ShownMs);
        Assert.Equal(Start.AddHours(30).ToUnixTimeMilliseconds(), seen.Find(3).ShownMs);
        Assert.Null(seen.Find(4).ShownMs);
    }

    [Fact]
    public void Fold_ItemEntries_ChangeTheCatalogueUnderTheirNumbers()
    {
        var state = State();
        state.Fold(new ItemPut(new Item { Id = "new", Title = "n", Category = "c" }), item: 5);
        Assert.True(state.Catalog.IsServable(5));
        state.Fold(new ItemPut(new Item { Id = "new", Title = "n2", Category = "c", Flagged = true }), item: 5);
        Assert.Equal(("n2", false), (state.Catalog.TitleOf(5), state.Catalog.IsServable(5)));
        state.Fold(new ItemRemoval("i0"), item: 0);
        Assert.True(state.Catalog.IsRemoved(0));
        Assert.Equal(6, state.Catalog.Count);
    }

    [Fact]
    public void FeatureTimeMs_ImportedLog_IsItsEndUntilLiveEventsCome()
    {
        var state = State();
        var now = Start.AddYears(20);
        Assert.Equal(now.ToUnixTimeMilliseconds(), state.FeatureTimeMs(now));

        for (var i = 0; i < 100; i++) state.Fold(new EventChange(Make("u", 1, EventType.Click, hours: i)), now, item: 1);
        var end = state.FeatureTimeMs(now);
        Assert.InRange(end, Start.AddHours(95).ToUnixTimeMilliseconds(), Start.AddHours(99).ToUnixTimeMilliseconds());

        // One row from years later, and one that claims the future.
        state.Fold(new EventChange(Make("u", 1, EventType.Click, hours: 24 * 365 * 10)), now, item: 1);
        state.Fold(new EventChange(Make("u", 1, EventType.Click, hours: 24 * 365 * 50)), now, item: 1);
        Assert.InRange(state.FeatureTimeMs(now), end, Start.AddHours(99).ToUnixTimeMilliseconds());

        // 102 others: three of them tell nothing, and so do three live ones.
        for (var i = 0; i < 3; i++) Live();
        Assert.InRange(state.FeatureTimeMs(now), end, Start.AddHours(99).ToUnixTimeMilliseconds());
        Live();
        Assert.Equal(now.AddDays(40).ToUnixTimeMilliseconds(), state.FeatureTimeMs(now.AddDays(40)));

        void Live() => state.Fold(new EventChange(Make("u", 1, EventType.Click) with { Time = now.AddMinutes(-1) }), now, item: 1);
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(20, 4)]
    [InlineData(320, 11)]
    [InlineData(2000, 32)]
    public void FeatureTimeMs_OldLogOfAnySize_MovesAfterAShareOfItAndNeverAfterAClickOrTwo(int events, int live)
    {
        var state = State();
        var now = Start.AddYears(20);
        for (var i = 0; i < events; i++) state.Fold(new EventChange(Make("u", 1, EventType.Click, hours: i)), now, item: 1);

        for (var i = 0; i < live; i++)
        {
            Assert.Equal(live - i, state.LiveEventsMissing);
            Assert.True(state.FeatureTimeMs(now) < now.AddYears(-10).ToUnixTimeMilliseconds());
            state.Fold(new EventChange(Make("u", 1, EventType.Click) with { Time = now.AddMinutes(-1) }), now, item: 1);
        }

        Assert.Equal(0, state.LiveEventsMissing);
        Assert.Equal(now.ToUnixTimeMilliseconds(), state.FeatureTimeMs(now));
    }

    [Fact]
    public void IsStill_AfterAnotherEntry_IsFalse()
    {
        var state = State();
        var at = state.Position;
        Assert.True(state.IsStill(at));

        state.Apply(Make("u", 1, EventType.Click));

        Assert.False(state.IsStill(at));
        Assert.True(state.IsStill(state.Position));
    }
}
