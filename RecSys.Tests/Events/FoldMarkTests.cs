using RecSys.Core.Domain;
using RecSys.Core.Events;

namespace RecSys.Tests.Events;

public sealed class FoldMarkTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ItemCatalog Items = ItemCatalog.Create([new Item { Id = "i", Title = "t", Category = "c" }]);

    private static LiveState State(long position = 0) => new(new InteractionLog(Items, new UserDirectory([]), []), logPosition: position);

    private static Event Make(string id, string item = "i") => new() { Id = id, UserId = "u", ItemId = item, Type = EventType.Click, Time = Start };

    [Fact]
    public void Mark_NewState_IsThePositionOfTheLog() => Assert.Equal(new FoldMark(77, null), State(77).Mark);

    [Fact]
    public void Apply_KnownItem_MovesTheMarkToTheEvent()
    {
        var state = State(77);
        var before = state.Mark;

        state.Apply(Make("a"));
        state.Apply(Make("b"));

        Assert.Equal(new FoldMark(77, "b"), state.Mark);
        Assert.False(state.IsStill(before));
        Assert.True(state.IsStill(state.Mark));
    }

    [Fact]
    public void Apply_UnknownItem_LeavesTheMark()
    {
        var state = State();
        var before = state.Mark;

        state.Apply(Make("a", item: "nowhere"));

        Assert.True(state.IsStill(before));
    }

    // The same event twice is two folds, even though the marks look alike.
    [Fact]
    public void IsStill_EqualMarkOfAnotherFold_IsFalse()
    {
        var state = State();
        state.Apply(Make("a"));
        var mark = state.Mark;
        state.Apply(Make("a"));

        Assert.Equal(mark, state.Mark);
        Assert.False(state.IsStill(mark));
        Assert.False(state.IsStill(null));
    }

    [Fact]
    public async Task IsStill_WhileAnEventIsFolded_IsFalse()
    {
        var state = State();
        state.Apply(Make("a"));
        var mark = state.Mark;
        var user = state.FindUser("u")!;
        Task folding;
        lock (user.Gate)
        {
            // The writer needs the user's gate, so it stands in the middle of the fold.
            folding = Task.Run(() => state.Apply(Make("b")), TestContext.Current.CancellationToken);
            Assert.True(SpinWait.SpinUntil(() => state.Mark is null, TimeSpan.FromSeconds(30)));
            Assert.False(state.IsStill(mark));
        }
        await folding;
        Assert.Equal("b", state.Mark!.LastEventId);
    }
}
