using RecSys.Core.Storage;

namespace RecSys.Tests.Storage;

public sealed class LogEndTests
{
    private const long Day = 86_400_000;

    private static long? End(long days, params (long Day, long Count)[] latestFirst) =>
        LogEnd.Find([.. latestFirst.Select(moment => (moment.Day * Day, moment.Count))], days * Day) / Day;

    [Fact]
    public void Find_NoEvents_IsNull() => Assert.Null(LogEnd.Find([], Day));

    [Fact]
    public void Find_OrdinaryLog_IsItsLastEvent() => Assert.Equal(30, End(7, [.. Enumerable.Range(0, 30).Select(i => (30L - i, 100L))]));

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public void Find_FewEventsFarBehind_IsTheEndOfTheRest(long stragglers) =>
        Assert.Equal(30, End(7, (90, stragglers), (30, 300), (29, 300)));

    [Fact]
    public void Find_StragglersInSeveralPlaces_AreAllPassed() => Assert.Equal(30, End(7, (900, 1), (700, 2), (500, 1), (30, 300), (29,
        300)));

    [Fact]
    public void Find_SmallNewPart_IsNoStraggler() => Assert.Equal(90, End(7, (90, 30), (30, 300), (29, 300)));

    // A day in ten years has less than a thousandth of the events, and still the log ends today.
    [Fact]
    public void Find_LongThinLog_IsItsLastEvent() => Assert.Equal(3_650, End(1, [.. Enumerable.Range(0, 3_650).Select(i => (3_650L - i,
        3L))]));

    [Fact]
    public void Find_WindowThatReachesTheBulk_IsTheLastEvent() => Assert.Equal(90, End(70, (90, 1), (30, 300), (29, 300)));
}
