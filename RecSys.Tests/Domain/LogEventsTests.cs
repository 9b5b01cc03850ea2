using RecSys.Core.Domain;

namespace RecSys.Tests.Domain;

public sealed class LogEventsTests
{
    private static readonly Event Shown = new()
    {
        Id = "e", UserId = "u", ItemId = "i", Type = EventType.Impression, Time = DateTimeOffset.UnixEpoch, Position = 40_000,
            Device = "tv", Location = "home", Value = 2.5,
    };

    [Fact]
    public void Of_Event_TakesOverWhatFoldsNeed()
    {
        var e = LogEvents.Of(Shown, 4, 7, 1234);

        Assert.Equal(
            new LogEvent(1234, 4, 7, EventType.Impression, 2.5f, short.MaxValue, ContextCodes.Device("tv"), ContextCodes.Location("home")),
            e);
        Assert.Equal(EventMeaning.Neutral, e.Meaning);
    }

    [Fact]
    public void Of_NothingKnown_IsUnknown()
    {
        var e = LogEvents.Of(Shown with { Position = null, Value = null, Device = null, Location = null }, 4, 7, 1234);

        Assert.Equal((float.NaN, (short)-1, (byte)0, (byte)0), (e.Value, e.Position, e.Device, e.Location));
        Assert.Equal(-1, LogEvents.Of(Shown with { Position = -5 }, 0, 0, 0).Position);
    }

    [Fact]
    public void Of_Purchase_HasTheMoney()
    {
        var bought = Shown with { Type = EventType.Purchase, Value = null, Amount = 12.5, Currency = "EUR" };

        Assert.Equal(12.5f, LogEvents.Of(bought, 0, 0, 0).Value);
        Assert.Equal(3, LogEvents.Of(bought with { Value = 3 }, 0, 0, 0).Value);
        Assert.Equal(float.NaN, LogEvents.Of(bought with { Type = EventType.Click }, 0, 0, 0).Value);
    }

    [Fact]
    public void Meaning_OfAnyType_IsTheTypesUnlessStated()
    {
        foreach (var type in Enum.GetValues<EventType>())
        {
            Assert.Equal(EventTypes.MeaningOf(type), LogEvents.Of(Shown with { Type = type }, 0, 0, 0).Meaning);
            foreach (var meaning in Enum.GetValues<EventMeaning>())
            {
                var e = LogEvents.Of(Shown with { Type = type, Meaning = meaning }, 0, 0, 0);
                Assert.Equal(meaning, e.Meaning);
                Assert.Equal(meaning == EventMeaning.Positive, e.IsPositive);
            }
        }
    }

    [Fact]
    public void LogEvent_WithItsList_TakesThirtyTwoBytes() => Assert.Equal(32, System.Runtime.CompilerServices.Unsafe.SizeOf<LogEvent>());
}
