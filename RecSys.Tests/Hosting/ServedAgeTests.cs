using RecSys.Api.Hosting;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Hosting;

public sealed class ServedAgeTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private static LiveState StateOf(params DateTimeOffset[] events)
    {
        var state = new LiveState(1, new MemoryUserStates(), storeIsEmpty: true, new EventOptions(), []);
        state.Fold(new ItemPut(new Item { Id = "i", Title = "t", Category = "c" }), Now, item: 0);
        foreach (var time in events)
        {
            state.Fold(new EventChange(new Event { Id = $"{time:O}", UserId = "u", ItemId = "i", Type = EventType.Click, Time = time }),
                Now, item: 0);
        }
        return state;
    }

    [Fact]
    public void Of_LogThatEndedYearsAgo_SaysWhenAndAsOfWhenAndWhatToDo()
    {
        var age = ServedAge.Of(StateOf(new DateTimeOffset(2013, 5, 6, 8, 0, 0, TimeSpan.Zero)), Now, Now)!;

        Assert.Equal(new DateTimeOffset(2013, 5, 6, 8, 0, 0, TimeSpan.Zero), age.ServedAsOf);
        Assert.Contains("ended 13 years ago", age.Note, StringComparison.Ordinal);
        Assert.Contains("2013-05-06 08:00Z", age.Note, StringComparison.Ordinal);
        Assert.Contains("until 4 more live events have come", age.Note, StringComparison.Ordinal);
        Assert.Contains("--as-of last-event", age.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ClockSetToTheEnd_SaysAsOfWhenByTheClockThatRunsOn()
    {
        var end = new DateTimeOffset(2013, 5, 6, 8, 0, 0, TimeSpan.Zero);
        var state = StateOf(end);
        state.FollowsClock = true;

        var age = ServedAge.Of(state, end.AddDays(40), Now.AddDays(40))!;

        Assert.Equal(end.AddDays(40), age.ServedAsOf);
        Assert.Contains("2013-06-15 08:00Z, by a clock that runs on", age.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_EmptyOrLiveLog_IsNone()
    {
        Assert.Null(ServedAge.Of(StateOf(), Now, Now));
        Assert.Null(ServedAge.Of(StateOf(Now.AddHours(-1)), Now, Now));
        Assert.Null(ServedAge.Of(StateOf([Now.AddYears(-10), .. Enumerable.Range(1, 4).Select(i => Now.AddMinutes(-i))]), Now, Now));
    }
}
