using Microsoft.Extensions.Time.Testing;
using RecSys.Core.Domain;

namespace RecSys.Tests.Domain;

public sealed class RepeatedReportsTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public void IsDue_Repeated_OncePerCauseAndIntervalWithTheSum()
    {
        var reports = new RepeatedReports(time, TimeSpan.FromMinutes(1));

        Assert.True(reports.IsDue("disk full", 5, out var first));
        for (var i = 0; i < 10_000; i++) Assert.False(reports.IsDue("disk full", 2, out _));
        Assert.True(reports.IsDue("locked", 1, out var other));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(reports.IsDue("disk full", 3, out var second));

        Assert.Equal((5, 1, 20_003), (first, other, second));
    }

    // Without the interval, a store that fails and recovers with every other post would write two lines for each.
    [Fact]
    public void Over_CauseThatComesAndGoes_IsReportedOncePerIntervalAndOverOnce()
    {
        var reports = new RepeatedReports(time, TimeSpan.FromMinutes(1));

        Assert.False(reports.Over("store"));
        var (due, over) = (0, 0);
        for (var i = 0; i < 1000; i++)
        {
            if (reports.IsDue("store", 1, out _)) due++;
            if (reports.Over("store")) over++;
        }
        Assert.Equal((1, 1), (due, over));

        time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(reports.IsDue("store", 1, out var total));
        Assert.Equal(1000, total);
        Assert.True(reports.Over("store"));
    }

    [Fact]
    public void Clear_CauseThatComesAgain_IsNewsAtOnce()
    {
        var reports = new RepeatedReports(time, TimeSpan.FromMinutes(1));
        Assert.True(reports.IsDue("file", 1, out _));
        Assert.False(reports.IsDue("file", 1, out _));

        reports.Clear();

        Assert.True(reports.IsDue("file", 1, out var total));
        Assert.Equal(1, total);
    }

    [Fact]
    public void IsDue_MoreCausesThanAllowed_ShareOnePlace()
    {
        var reports = new RepeatedReports(time, TimeSpan.FromMinutes(1), maxCauses: 3);

        Assert.Equal(4, Enumerable.Range(0, 1000).Count(i => reports.IsDue($"cause {i}", 1, out _)));
    }
}
