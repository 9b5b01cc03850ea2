using RecSys.Core.Domain;
using RecSys.Core.Training.Nightly;
using RecSys.Tests.Retrieval;

namespace RecSys.Tests.Training.Nightly;

/// <summary>Days that no night can be of, and days without anything.</summary>
[Collection(TorchCollection.Name)]
public sealed class NightDayTests(NightFixture fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Day_NotOver_IsRefused()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: false);

        var failure = await Assert.ThrowsAsync<RecSysException>(() =>
            rig.PlanAsync(NightRig.Request() with { Day = NightFixture.Day.AddDays(1) }));

        var today = NightFixture.Day.AddDays(1);
        Assert.Contains($"{today:yyyy-MM-dd} is not over", failure.Message, StringComparison.Ordinal);
        // The time that it names is late enough.
        Assert.Contains($"--now {today.AddDays(1):yyyy-MM-dd}T00:05:00Z", failure.Message, StringComparison.Ordinal);
        var late = new DateTimeOffset(today.AddDays(1).ToDateTime(new TimeOnly(0, 5)), TimeSpan.Zero);
        Assert.Equal(today, NightDay.Of(today, late, 5));
    }

    [Fact]
    public async Task Day_OfTheFuture_IsRefusedAsSuch()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: false);

        var failure = await Assert.ThrowsAsync<RecSysException>(() =>
            rig.PlanAsync(NightRig.Request() with { Day = NightFixture.Day.AddDays(2) }));

        Assert.Contains($"has not begun: it is {NightFixture.Day.AddDays(1):yyyy-MM-dd}", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("--now", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Days_WithoutEntries_AreRefusedWithAdvice()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: false);
        var later = NightFixture.Day.AddDays(30);

        var failure = await Assert.ThrowsAsync<RecSysException>(() => rig.PlanAsync(NightRig.Request(later)));

        Assert.Contains("--day", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Days are those of receipt", failure.Message, StringComparison.Ordinal);
        // Who names a day means one with data; of the last closed one, whichever that is, it is no fault.
        Assert.False(failure.IsSkip);
        var idle = await Assert.ThrowsAsync<RecSysException>(() => rig.RunAsync(NightRig.Request(later) with { Day = null }));
        Assert.True(idle.IsSkip);
        Assert.Equal(failure.Message, idle.Message);
        Assert.False(Directory.Exists(Path.Combine(rig.Data, "nights", $"{later:yyyy-MM-dd}")));
        // Counted entry by entry.
        var received = new SortedDictionary<DateOnly, int>();
        await foreach (var entry in rig.Database.EventLog.ReadAfterAsync(0, Ct))
        {
            var day = DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(entry.ReceivedMs).UtcDateTime);
            received[day] = received.GetValueOrDefault(day) + 1;
        }
        foreach (var (day, count) in (ReadOnlySpan<KeyValuePair<DateOnly, int>>)[received.First(), received.Last()])
        {
            Assert.Contains(
                FormattableString.Invariant($"{day:yyyy-MM-dd} ({count:#,0}"), failure.Message, StringComparison.Ordinal);
        }
    }
}
