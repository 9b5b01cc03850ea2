using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Monitoring;
using RecSys.Core.Monitoring.Business;

namespace RecSys.Tests.Monitoring.Business;

/// <summary>Click rates beside what is usual, on a clock that the test moves.</summary>
public sealed class ClickRateTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider clock = new(Start);
    private readonly BusinessLedger ledger = new(["two_tower"], null, new BusinessMetrics(new PlainMeters()));
    private int lists;

    private BusinessFigures Figures => new(ledger, Options.Create(new MonitoringOptions()), clock);

    // Wilson's interval of 10 in 100 with z = 3: (0.1 + 0.045 ± 3 sqrt(0.0009 + 0.000225)) / 1.09 = 0.040713 ... 0.225343.
    [Theory]
    [InlineData(0.225343, 0)]
    [InlineData(0.0408, 0)]
    [InlineData(0.5, -0.549314)]
    [InlineData(0.02, 1.035646)]
    public void Of_TenClicksOfAHundred_ProvesWhatIsBeyondTheInterval(double usual, double proven)
    {
        var comparison = ClickRateComparison.Of(5, 100, 10, usual);

        Assert.Equal(proven, comparison.Proven, 1e-5);
        Assert.Equal(0.1 / usual - 1, comparison.Change, 1e-12);
    }

    [Fact]
    public void OfHour_PastDays_IsTheirMedianAndYesterdayBesideIt()
    {
        for (var day = 0; day < 4; day++)
        {
            // 10, 20, 30 and 40 clicks of 200 at eight, something else at nine.
            Serve(200, 10 * (day + 1));
            clock.Advance(TimeSpan.FromHours(1));
            Serve(200, 100);
            clock.Advance(TimeSpan.FromHours(23));
        }
        Serve(50, 50);

        var hour = Figures.Read(1).Hours[^1];
        Assert.Equal((0.2, 0.125), (hour.Yesterday, hour.Usual));
        // Hours that say nothing change nothing: this one has too few impressions to count tomorrow.
        clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal((1.0, 0.125), (Figures.Read(1).Hours[^1].Yesterday, Figures.Read(1).Hours[^1].Usual));
        // Three days are needed.
        var early = new BusinessFigures(ledger, Options.Create(new MonitoringOptions()), new FakeTimeProvider(Start.AddDays(2)));
        Assert.Null(early.Read(1).Hours[^1].Usual);
    }

    [Fact]
    public void Hours_OnTheHour_TheNextBegins()
    {
        clock.SetUtcNow(Start.AddHours(1).AddMilliseconds(-1));
        Serve(3, 1);
        clock.SetUtcNow(Start.AddHours(1));
        Serve(5, 2);

        Assert.Equal([(Start, 3L, 1L), (Start.AddHours(1), 5L, 2L)],
            Figures.Read(2).Hours.Select(hour => (hour.Hour, hour.Totals.Impressions, hour.Totals.Clicks)));
        clock.SetUtcNow(Start.AddMinutes(120).AddMilliseconds(-1));
        Assert.Equal(5, Figures.Read(1).All.Impressions);
        clock.SetUtcNow(Start.AddMinutes(120));
        Assert.Equal(0, Figures.Read(1).All.Impressions);
        Assert.Equal(5, Figures.LastHour.Impressions);
        clock.SetUtcNow(Start.AddMinutes(121));
        Assert.Equal(0, Figures.LastHour.Impressions);
    }

    [Fact]
    public void ClickRateChange_Outage_IsProvenWithinMinutesAndNoiseIsNot()
    {
        Assert.Null(Figures.ClickRateChange);
        for (var hour = 0; hour < 24; hour++, clock.Advance(TimeSpan.FromHours(1))) Serve(1000, 100);
        // As usual, a little less, and nearly none.
        Minutes(10, 400, 40);
        Assert.Equal(0, Figures.ClickRateChange);
        Minutes(10, 400, 37);
        Assert.Equal(0, Figures.ClickRateChange);
        Minutes(5, 400, 4);

        var comparison = Figures.CompareClickRate()!;

        Assert.Equal((5, 2000, 20), (comparison.Minutes, comparison.Impressions, comparison.Clicks));
        Assert.Equal(0.1, comparison.Usual, 0.002);
        Assert.InRange(Figures.ClickRateChange!.Value, -0.9, -0.8);
        // Little traffic: a longer stretch is looked at, and of too little nothing is said.
        clock.Advance(TimeSpan.FromHours(2));
        Minutes(30, 10, 1);
        Assert.Equal((59, 300), (Figures.CompareClickRate()!.Minutes, Figures.CompareClickRate()!.Impressions));
        clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Null(Figures.ClickRateChange);
    }

    private void Minutes(int minutes, int impressions, int clicks)
    {
        for (var minute = 0; minute < minutes; minute++)
        {
            Serve(impressions, clicks);
            clock.Advance(TimeSpan.FromMinutes(1));
        }
        ledger.Turn(Now);
    }

    private void Serve(int impressions, int clicks)
    {
        ledger.Turn(Now);
        var list = new CountedList(
            $"r{lists++}", Now, "control", "home", [], true, [.. Enumerable.Range(0, impressions)], new int[impressions]);
        ledger.Count(list);
        for (var i = 0; i < clicks; i++)
        {
            ledger.Count(list, new ListOutcomeEvent(
                list.RequestId, i, EventType.Click, EventMeaning.Positive, Now, double.NaN, "", RevenueSource.None));
        }
    }

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
