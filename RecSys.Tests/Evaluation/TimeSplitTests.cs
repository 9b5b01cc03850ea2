using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation;

namespace RecSys.Tests.Evaluation;

public sealed class TimeSplitTests
{
    private static long[] Times(InteractionLog log) => [.. log.Events.ToArray().Select(e => e.TimeMs)];

    private static InteractionLog At(params long[] times) => Logs.Of(1, 1, [.. times.Select(t => new LogEvent(t, 0, 0, EventType.Click))]);

    [Fact]
    public void Create_EventOnTheCut_GoesToTheLaterPart()
    {
        var split = TimeSplit.Create(At(1, 2, 2, 3, 4), DateTimeOffset.FromUnixTimeMilliseconds(2),
            DateTimeOffset.FromUnixTimeMilliseconds(4));

        Assert.Equal([1], Times(split.Train));
        Assert.Equal([2, 2, 3], Times(split.Validation));
        Assert.Equal([4], Times(split.Test));
    }

    [Fact]
    public void CreateByFractions_TenDistinctTimes_Gives80To10To10()
    {
        var split = TimeSplit.CreateByFractions(At(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));

        Assert.Equal((8, 1, 1), (split.Train.Events.Length, split.Validation.Events.Length, split.Test.Events.Length));
    }

    [Fact]
    public void CreateByFractions_AnyLog_CutsOnlyBetweenTimes()
    {
        Logs.Any.Where(log => log.Events.Length > 0).Sample(log =>
        {
            var split = TimeSplit.CreateByFractions(log);
            Assert.Equal(Times(log), Times(split.Train).Concat(Times(split.Validation)).Concat(Times(split.Test)));
            Assert.All(Times(split.Train), t => Assert.True(t < split.TrainUntilMs));
            Assert.All(Times(split.Validation), t => Assert.InRange(t, split.TrainUntilMs, split.ValidateUntilMs - 1));
            Assert.All(Times(split.Test), t => Assert.True(t >= split.ValidateUntilMs));
        });
    }

    [Fact]
    public void Create_UnusableInput_IsRefused()
    {
        var failure = Assert.Throws<RecSysException>(() => TimeSplit.CreateByFractions(At()));
        Assert.Contains("no events to split", failure.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => TimeSplit.CreateByFractions(At(1), 0.9, 0.1));
        Assert.Throws<ArgumentException>(() => TimeSplit.Create(At(1), DateTimeOffset.UnixEpoch.AddDays(1), DateTimeOffset.UnixEpoch));
    }
}
