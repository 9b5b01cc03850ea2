using System.Globalization;
using RecSys.Core.Training.Scheduling;

namespace RecSys.Tests.Training.Scheduling;

public sealed class TrainingScheduleTests
{
    [Fact]
    public void Next_MidnightInBerlin_FollowsTheClockOfTheZone()
    {
        var schedule = Schedule("0 0 * * *", "Europe/Berlin");

        // Summer time ends on 25 October 2026: midnight is at 22:00 UTC before it and at 23:00 behind it.
        Assert.Equal(At("2026-10-24T22:00Z"), schedule.Next(At("2026-10-24T12:00Z")));
        Assert.Equal(At("2026-10-25T23:00Z"), schedule.Next(At("2026-10-24T22:00Z")));
    }

    [Theory]
    [InlineData("2026-03-28T12:00Z", "2026-03-29T01:00Z")]
    [InlineData("2026-10-24T12:00Z", "2026-10-25T00:30Z")]
    public void Next_TimeThatTheClockLeavesOutOrRepeats_IsPlannedOnce(string after, string expected)
    {
        var schedule = Schedule("30 2 * * *", "Europe/Berlin");

        var next = schedule.Next(At(after));

        Assert.Equal(At(expected), next);
        Assert.True(schedule.Next(next!.Value) - next > TimeSpan.FromHours(20));
    }

    [Theory]
    [InlineData("2026-05-01T00:00Z", "2026-05-01T23:59Z", null, 0)]
    [InlineData("2026-05-01T00:00Z", "2026-05-02T06:00Z", "2026-05-02T00:00Z", 0)]
    [InlineData("2026-05-01T00:00Z", "2026-05-02T06:01Z", null, 1)]
    [InlineData("2026-05-01T00:00Z", "2026-05-05T03:00Z", "2026-05-05T00:00Z", 3)]
    [InlineData("2026-05-01T00:00Z", "2026-05-05T12:00Z", null, 4)]
    public void Missed_AfterAPause_MakesUpForOneYoungNightAtMost(string handled, string now, string? makeUp, int skipped)
    {
        var missed = Schedule("0 0 * * *", "UTC").Missed(At(handled), At(now));

        Assert.Equal((makeUp is null ? null : At(makeUp), skipped), (missed.MakeUp, missed.Skipped));
    }

    [Theory]
    [InlineData("0 0 * *", "UTC", "Cron")]
    [InlineData("midnight", "UTC", "Cron")]
    [InlineData("0 25 * * *", "UTC", "Cron")]
    [InlineData("0 0 * * *", "Atlantis/Capital", "TimeZone")]
    public void TryParse_Unusable_NamesTheOption(string cron, string zone, string named)
    {
        Assert.False(TrainingSchedule.TryParse(new ScheduleOptions { Cron = cron, TimeZone = zone }, out _, out var fault));
        Assert.Contains($"Training:Schedule:{named}", fault, StringComparison.Ordinal);
    }

    private static TrainingSchedule Schedule(string cron, string zone)
    {
        Assert.True(TrainingSchedule.TryParse(new ScheduleOptions { Cron = cron, TimeZone = zone }, out var schedule, out _));
        return schedule;
    }

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
}
