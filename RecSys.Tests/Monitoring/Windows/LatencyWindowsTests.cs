using Microsoft.Extensions.Time.Testing;
using RecSys.Core.Domain;
using RecSys.Core.Monitoring.Windows;

namespace RecSys.Tests.Monitoring.Windows;

public sealed class LatencyWindowsTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1), FiveMinutes = TimeSpan.FromMinutes(5), Hour = TimeSpan.FromHours(1),
        Day = TimeSpan.FromHours(24);

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly LatencyWindows windows;

    public LatencyWindowsTests() => windows = new LatencyWindows(clock);

    // One request every second for 25 hours: as many are in a window as it has seconds, and at most those of one stretch more.
    [Fact]
    public void Read_SteadyTraffic_CountsWhatEndedInTheWindow()
    {
        for (var second = 0; second < 25 * 3600; second++)
        {
            Record(1_000_000);
            Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(windows.Read(Minute).Requests, 60, 65);
        Assert.InRange(windows.Read(FiveMinutes).Requests, 300, 305);
        Assert.InRange(windows.Read(Hour).Requests, 3600, 3660);
        Assert.InRange(windows.Read(Day).Requests, 86_400, 86_400 + 900);
        // 5 s for 5 minutes, minutes for an hour, quarters for the rest, each with one that is being filled or merged.
        Assert.InRange(windows.Slots().Count, 60 + 55 + 92, 60 + 55 + 92 + 8);
    }

    [Fact]
    public void Read_OldAndNewRequests_KeepsTheirPercentilesApart()
    {
        for (var i = 0; i < 100; i++) Record(80_000_000);
        Advance(LatencyWindows.Finest);
        Advance(TimeSpan.FromMinutes(2));
        for (var i = 0; i < 100; i++) Record(2_000_000);

        Assert.Equal((100, 2e6), (windows.Read(Minute).Requests, Math.Round(windows.Read(Minute).Total.P99 / 1e5) * 1e5));
        Assert.Equal((200, 80e6), (windows.Read(FiveMinutes).Requests, Math.Round(windows.Read(FiveMinutes).Total.P99 / 1e6) * 1e6));
        Assert.Equal(41e6, windows.Read(FiveMinutes).Total.Mean);
    }

    [Fact]
    public void Read_PartsAndRest_AddUpToTheTotal()
    {
        var random = new Random(5);
        var parts = new long[RequestParts.Count];
        for (var i = 0; i < 1000; i++)
        {
            for (var part = 0; part < parts.Length; part++) parts[part] = random.Next(2_000_000);
            windows.Record(parts.Sum() + random.Next(50_000), parts, failed: false);
            Advance(TimeSpan.FromSeconds(2));
        }

        var day = windows.Read(Day);

        Assert.Equal(day.Total.Sum, day.Parts.Sum(part => part.Sum) + day.Rest.Sum);
        Assert.Equal(day.Total.Mean, day.Parts.Sum(part => part.Mean) + day.Rest.Mean, precision: 3);
        Assert.Equal(RequestParts.Names, day.Parts.Select(part => part.Name));
        Assert.InRange(day.UnattributedShare, 0.001, 0.01);
    }

    // A request every ten seconds, each with the number of its minute as its time: every point is known beforehand.
    [Fact]
    public void Series_OfADay_HasEveryRequestOnceInStretchesOfTheStep()
    {
        var requests = new List<(DateTimeOffset At, long Took)>();
        for (var at = 0; at < 6 * 60 * 26; at++)
        {
            var took = 1_000_000L + at / 6 * 1_000L;
            requests.Add((clock.GetUtcNow(), took));
            Record(took);
            Advance(TimeSpan.FromSeconds(10));
        }

        foreach (var (window, step, most) in new[]
        {
            (Minute, TimeSpan.FromSeconds(5), 14), (FiveMinutes, TimeSpan.FromSeconds(5), 62), (Hour, Minute, 62),
            (Day, TimeSpan.FromMinutes(15), 98),
        })
        {
            var points = windows.Series(window, step);
            Assert.InRange(points.Count, 5, most);
            Assert.Equal(windows.Read(window).Requests, points.Sum(point => point.Requests));
            Assert.All(points.Zip(points.Skip(1)), pair => Assert.True(pair.First.To <= pair.Second.From));
            foreach (var point in points)
            {
                var own = requests.Where(request => request.At >= point.From && request.At < point.To)
                    .Select(request => request.Took).ToList();
                Assert.Equal(own.Count, point.Requests);
                Assert.Equal(own.Average(), point.Total.Mean, tolerance: 1);
                Assert.Equal(point.Total.Mean, point.PartMeans.Sum(), tolerance: 1);
                Assert.InRange(point.Total.P50, own.Order().ElementAt((own.Count - 1) / 2) * 0.992, own.Max() * 1.008);
            }
        }
    }

    [Fact]
    public void Series_WithoutRequests_HasNoPoints() => Assert.Empty(windows.Series(Day, Minute));

    [Fact]
    public async Task Read_EightRecordAcrossTurns_LosesNone()
    {
        const int Recorders = 8, Each = 20_000;
        var running = Recorders;
        var recording = Enumerable.Range(0, Recorders).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++) Record(i % 2 == 0 ? 1_000_000 : 3_000_000, failed: i % 4 == 0);
            Interlocked.Decrement(ref running);
        })).ToList();
        var turns = 0;
        // Not so far that the first of them leave the longest window.
        for (; Volatile.Read(ref running) > 0; turns++) Advance(TimeSpan.FromSeconds(turns < 10_000 ? 7 : 0));
        await Task.WhenAll(recording);

        var day = windows.Read(Day);

        Assert.True(turns > 3, $"Only {turns} turns met the recorders.");
        Assert.Equal((Recorders * Each, Recorders * Each / 4), (day.Requests, day.Failures));
        Assert.Equal(Recorders * Each * 2_000_000L, day.Total.Sum);
    }

    [Fact]
    public void Read_ClockSetBack_GoesOnCounting()
    {
        Record(1_000_000);
        Advance(Minute);
        clock.AdjustTime(clock.GetUtcNow() - Hour);
        Record(1_000_000);
        windows.Turn();

        Assert.Equal(2, windows.Read(FiveMinutes).Requests);
    }

    [Fact]
    public void Read_ClockSetBack_TellsTheLastMinuteAlone()
    {
        Record(1_000_000, failed: true);
        Advance(Minute);
        clock.AdjustTime(clock.GetUtcNow() - Hour);
        for (var step = 0; step < 10; step++)
        {
            Record(1_000_000, failed: true);
            Advance(Minute);
        }
        Advance(Minute);
        Record(3_000_000);

        var (last, all) = (windows.Read(TimeSpan.FromSeconds(30)), windows.Read(Hour));
        Assert.Equal((1, 0, 3_000_000L), (last.Requests, last.Failures, last.Total.Sum));
        Assert.Equal((12, 11), (all.Requests, all.Failures));
        Assert.Equal(clock.GetUtcNow(), all.To);
        Assert.Equal(12, windows.Series(Hour, Minute).Sum(point => point.Requests));
    }

    // One client that asks too much, and a server that sheds: neither is quick.
    [Fact]
    public void Read_RefusedAndShed_CountApartAndHaveNoTime()
    {
        for (var i = 0; i < 10; i++) Record(50_000_000, failed: i == 0);
        for (var i = 0; i < 3; i++) windows.Shed();
        for (var i = 0; i < 1000; i++) windows.Refuse();
        Advance(TimeSpan.FromSeconds(10));
        for (var i = 0; i < 500; i++) windows.Refuse();
        Advance(TimeSpan.FromMinutes(7));

        var kept = new LatencyWindows(clock);
        kept.Restore(windows.Slots());
        foreach (var hour in new[] { windows.Read(Hour), kept.Read(Hour) })
        {
            Assert.Equal((13, 4, 3, 1500, 10),
                (hour.Requests, hour.Failures, hour.Shed, hour.Refusals, hour.Timed));
            Assert.Equal((50e6, 500_000_000L), (hour.Total.Mean, hour.Total.Sum));
            Assert.InRange(hour.Total.P50, 49.6e6, 50.4e6);
        }
        var points = windows.Series(Hour, Minute);
        Assert.Equal((13, 4, 3, 1500), (points.Sum(point => point.Requests), points.Sum(point => point.Failures),
            points.Sum(point => point.Shed), points.Sum(point => point.Refusals)));
    }

    [Fact]
    public void Series_NothingButRefusals_TellsThem()
    {
        windows.Refuse();
        Advance(Minute);

        var point = Assert.Single(windows.Series(Hour, Minute));
        Assert.Equal((0, 1), (point.Requests, point.Refusals));
    }

    [Fact]
    public void Read_NoRequests_IsEmpty()
    {
        var window = windows.Read(Minute);

        Assert.Equal((0, 0, 0, 0, 0), (window.Requests, window.Failures, window.Total.Mean, window.Total.P999, window.UnattributedShare));
        Assert.Equal(Minute, window.To - window.From);
    }

    private void Record(long total, bool failed = false)
    {
        Span<long> parts = stackalloc long[RequestParts.Count];
        parts.Clear();
        windows.Record(total, parts, failed);
    }

    private void Advance(TimeSpan step)
    {
        clock.Advance(step);
        windows.Turn();
    }
}
