using Microsoft.Extensions.Time.Testing;
using RecSys.Core.Domain;
using RecSys.Core.Monitoring;
using RecSys.Core.Monitoring.Business;
using RecSys.Core.Pipeline;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Monitoring.Business;

/// <summary>Records and events of real stores, counted; every figure by hand.</summary>
public sealed class BusinessTailTests : IDisposable
{
    private const CandidateSources Towers = CandidateSources.TwoTower, Popular = CandidateSources.Popular;

    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider clock = new(BusinessRig.Start);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Count_ListsAndEvents_AreTheFiguresByHand()
    {
        await using var rig = await RigAsync(new MonitoringOptions { TargetClickRate = 0.3 });
        await rig.KnowUserAsync(new User { Id = "u", Age = 30, Gender = "F" });
        await rig.ServeAsync("r1", (0, Towers), (1, Towers | Popular), (2, Popular));
        await rig.ServeAsync(rig.Record("r2", (0, Towers), (3, Popular)) with
        {
            Assignment = new Assignment("ranker", "new", "v2", "p"), Scenario = "cart", Device = "mobile", NotPersonal = "unknown_user",
            UserId = "nobody",
        });
        // Nobody reports impressions of r1: all its places count. Of r2 one of two is reported.
        await rig.PostAsync("r1", "i1", EventType.Click);
        await rig.PostAsync("r1", "i1", EventType.Like);
        await rig.PostAsync("r1", "i1", EventType.View);
        await rig.PostAsync("r1", "i2", EventType.Purchase, e => e with { Amount = 12.5, Currency = "EUR" });
        await rig.PostAsync("r2", "i3", EventType.Impression);
        await rig.PostAsync("r2", "i3", EventType.Click,
            e => e with { Amount = 0.25, Currency = "EUR", RevenueSource = RevenueSource.AdClick });

        var all = await rig.CountAsync();

        Assert.Equal(new BusinessTotals(2, 3 + 1, 2, 2, 1, 12.75), all);
        Assert.Equal((0.5, 0.5, 0.5, 1000 * 12.75 / 4), (all.ClickRate, all.EngagementRate, all.PersonalShare, all.Ecpm));
        var window = rig.Figures.Read(24);
        Assert.Equal(("EUR", 0.3, all), (window.Currency, window.Target, window.Now));
        Assert.Equal([("ad_click", new RevenueTotals(0.25, 1)), ("subscription", default), ("purchase", new RevenueTotals(12.5, 1)),
            ("affiliate", default)], window.Revenue.Select(row => (row.Source, row.Totals)));
        Assert.Equal([("control", new BusinessTotals(1, 3, 1, 2, 1, 12.5)), ("ranker/new", new BusinessTotals(1, 1, 1, 0, 0, 0.25))],
            Rows(window, BreakDown.Variant));
        Assert.Equal([("cart", 1), ("home", 3)], Rows(window, BreakDown.Scenario).Select(row => (row.Name, row.Totals.Impressions)));
        Assert.Equal(
            [("age:25-34", 3), ("age:unknown", 1), ("device:mobile", 1), ("device:unknown", 3), ("gender:female", 3), ("gender:unknown", 1),
                ("user:known", 3), ("user:new", 1)],
            Rows(window, BreakDown.Segment).Select(row => (row.Name, row.Totals.Impressions)).Order());
        // i1 has two sources and counts for both; r2's reported impression is one of popular's.
        Assert.Equal([("popular", new BusinessTotals(2, 2 + 1, 2, 2, 1, 12.75)), ("two_tower", new BusinessTotals(2, 2, 1, 1, 1, 0))],
            Rows(window, BreakDown.Source));
    }

    [Fact]
    public async Task Count_ImpressionsAsTheyCome_StandInPlaceOfPlaces()
    {
        await using var rig = await RigAsync();
        await rig.ServeAsync("r", (0, Towers), (1, Towers), (2, Popular));
        Assert.Equal(3, (await rig.CountAsync()).Impressions);

        await rig.PostAsync("r", "i0", EventType.Impression);
        Assert.Equal(1, (await rig.CountAsync()).Impressions);
        await rig.PostAsync("r", "i2", EventType.Impression);
        await rig.PostAsync("r", "i2", EventType.Impression, e => e with { Meaning = EventMeaning.Undo });

        Assert.Equal(2, (await rig.CountAsync()).Impressions);
        Assert.Equal([("popular", 1), ("two_tower", 1)],
            Rows(rig.Figures.Read(1), BreakDown.Source).Select(row => (row.Name, row.Totals.Impressions)));
    }

    [Fact]
    public async Task LastHour_ClockSetBack_KeepsWhatWasAsLongAgoAsItWas()
    {
        await using var rig = await RigAsync();
        await rig.ServeAsync("before", (0, Towers), (1, Towers));
        await rig.CountAsync();
        clock.AdjustTime(clock.GetUtcNow().AddHours(-3));
        await rig.ServeAsync("behind", (2, Towers));
        await rig.CountAsync();
        Assert.Equal((2, 3), (rig.Figures.LastHour.Requests, rig.Figures.LastHour.Impressions));

        clock.Advance(TimeSpan.FromMinutes(61));
        await rig.CountAsync();

        Assert.Equal(0, rig.Figures.LastHour.Requests);
        // Lists stay in the hours that they were answered in.
        Assert.Equal(2, rig.Ledger.Sum(0, long.MaxValue).Totals.Requests);
    }

    [Fact]
    public async Task Count_LateEvents_CountInTheHourOfTheirRequest()
    {
        await using var rig = await RigAsync();
        clock.SetUtcNow(BusinessRig.Start.AddMinutes(59.9));
        await rig.ServeAsync("early", (0, Towers), (1, Towers));
        await rig.CountAsync();
        clock.SetUtcNow(BusinessRig.Start.AddHours(30));
        await rig.ServeAsync("now", (2, Towers));

        await rig.PostAsync("early", "i1", EventType.Impression);
        await rig.PostAsync("early", "i1", EventType.Click);
        await rig.CountAsync();

        var window = rig.Figures.Read(31);
        Assert.Equal((BusinessRig.Start, new BusinessTotals(1, 1, 1, 0, 1, 0)), (window.Hours[0].Hour, window.Hours[0].Totals));
        Assert.Equal((BusinessRig.Start.AddHours(30), new BusinessTotals(1, 1, 0, 0, 1, 0)),
            (window.Hours[^1].Hour, window.Hours[^1].Totals));
        Assert.All(window.Hours.Skip(1).SkipLast(1), hour => Assert.Equal(default, hour.Totals));
        // The click is of the last 60 minutes although its list is not; the places of its list are not taken from them.
        Assert.Equal((1, 1 + 1, 1), (window.Now.Requests, window.Now.Impressions, window.Now.Clicks));
    }

    [Fact]
    public async Task Count_WhatCannotCount_IsLeftOutAndToldOf()
    {
        await using var rig = await RigAsync();
        await rig.ServeAsync("r", (0, Towers));
        await rig.PostAsync("r", "i1", EventType.Click);
        await rig.PostAsync("somewhere else", "i0", EventType.Click);
        await rig.PostAsync("r", "i0", EventType.Purchase, e => e with { Amount = 10, Currency = "EUR" });
        await rig.PostAsync("r", "i0", EventType.Purchase, e => e with { Amount = 99, Currency = "USD" });
        await rig.PostAsync(null, "i0", EventType.Purchase, e => e with { Amount = 99 });
        await rig.CountAsync();
        Assert.Equal([0, 1, 0, 1], rig.Figures.Read(1).LeftOut);
        clock.Advance(EarlyEvents.Patience + TimeSpan.FromSeconds(1));

        var all = await rig.CountAsync();

        Assert.Equal([1, 1, 0, 1], rig.Figures.Read(1).LeftOut);
        Assert.Equal(new BusinessTotals(1, 1, 0, 2, 1, 10), all);
    }

    [Fact]
    public async Task Count_CurrencyThatNobodyChose_IsToldWithTheOptionThatChoosesIt()
    {
        await using var rig = await RigAsync();
        await rig.ServeAsync("r", (0, Towers));
        await rig.PostAsync("r", "i0", EventType.Purchase, e => e with { Amount = 10, Currency = "JPY" });
        await rig.CountAsync();
        await rig.CountAsync();
        var first = Assert.Single(rig.Log.Messages);
        await rig.PostAsync("r", "i0", EventType.Purchase, e => e with { Amount = 99, Currency = "EUR" });
        await rig.PostAsync("r", "i0", EventType.Purchase, e => e with { Amount = 98, Currency = "EUR" });
        await rig.CountAsync();
        await rig.CountAsync();

        Assert.Equal("JPY", rig.Figures.Read(1).FoundCurrency);
        Assert.Equal("Business figures are in JPY, the first currency that an event named; Monitoring:Currency can name another", first);
        var second = Assert.Single(rig.Log.Messages.Skip(1));
        Assert.StartsWith("Money in another currency than JPY, ", second, StringComparison.Ordinal);
        Assert.Contains("2 times", second, StringComparison.Ordinal);
        Assert.Contains("Monitoring:Currency", second, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Count_CurrencyThatWasChosen_NeedsNoHint()
    {
        await using var rig = await RigAsync(new MonitoringOptions { Currency = "EUR" });
        await rig.ServeAsync("r", (0, Towers));
        await rig.PostAsync("r", "i0", EventType.Purchase, e => e with { Amount = 10, Currency = "JPY" });
        await rig.PostAsync("r", "i0", EventType.Purchase, e => e with { Amount = 99, Currency = "EUR" });
        await rig.CountAsync();

        Assert.Equal(("EUR", null), (rig.Figures.Read(1).Currency, rig.Figures.Read(1).FoundCurrency));
        Assert.Empty(rig.Log.Messages);
    }

    [Fact]
    public async Task Count_WhatIsTakenBack_CountsDown()
    {
        await using var rig = await RigAsync();
        await rig.ServeAsync("r", (0, Towers));
        await rig.PostAsync("r", "i0", EventType.Click);
        await rig.PostAsync("r", "i0", EventType.Purchase, e => e with { Amount = 10 });
        await rig.PostAsync("r", "i0", EventType.Purchase, e => e with { Amount = -10, Meaning = EventMeaning.Undo });
        await rig.PostAsync("r", "i0", EventType.Purchase, e => e with { Value = 4 });
        await rig.PostAsync("r", "i0", EventType.Click, e => e with { Meaning = EventMeaning.Undo });
        await rig.PostAsync("r", "i0", EventType.Rating, e => e with { Value = 1, Meaning = EventMeaning.Negative });

        Assert.Equal(new BusinessTotals(1, 1, 0, 1, 1, 4), await rig.CountAsync());
        Assert.Equal(new RevenueTotals(4, 3), rig.Figures.Read(1).Revenue[2].Totals);
    }

    [Fact]
    public async Task Count_EventAheadOfItsRecord_WaitsForIt()
    {
        await using var rig = await RigAsync();
        Assert.Equal(default, await rig.CountAsync());
        await rig.PostAsync("r", "i0", EventType.Impression);
        await rig.PostAsync("r", "i0", EventType.Click);
        Assert.Equal(default, await rig.CountAsync());

        await rig.ServeAsync("r", (0, Towers), (1, Towers));

        Assert.Equal(new BusinessTotals(1, 1, 1, 0, 1, 0), await rig.CountAsync());
    }

    [Fact]
    public async Task Count_ListsAfterTheLastWereDeleted_CountsThemToo()
    {
        await using var rig = await RigAsync();
        await rig.ServeAsync("deleted", (0, Towers), (1, Towers));
        await rig.CountAsync();
        await rig.Records.DeleteAsync(rig.Clock.GetUtcNow(), most: 0, Ct);

        await rig.ServeAsync("after", (0, Towers));

        Assert.Equal(new BusinessTotals(2, 3, 0, 0, 2, 0), await rig.CountAsync());
    }

    [Fact]
    public async Task Restart_WithAndWithoutAStop_CountsEachOnce()
    {
        await using (var rig = await RigAsync())
        {
            await rig.ServeAsync("r1", (0, Towers), (1, Towers));
            await rig.PostAsync("r1", "i0", EventType.Impression);
            await rig.PostAsync("waits", "i0", EventType.Click);
            await rig.CountAsync();
            await rig.Job.StopAsync(Ct);
        }
        await using (var killed = await RigAsync())
        {
            Assert.Equal(new BusinessTotals(1, 1, 0, 0, 1, 0), killed.Figures.Read(1).All);
            await killed.ServeAsync("r2", (0, Towers));
            await killed.ServeAsync("waits", (0, Popular));
            await killed.PostAsync("r1", "i1", EventType.Impression);
            await killed.PostAsync("r2", "i0", EventType.Click);
            Assert.Equal(new BusinessTotals(3, 2 + 1 + 1, 2, 0, 3, 0), await killed.CountAsync());
        }
        // What the killed one counted was not written: it is counted again, once.
        await using (var again = await RigAsync())
        {
            Assert.Equal(new BusinessTotals(3, 4, 2, 0, 3, 0), await again.CountAsync());
            await again.Job.StopAsync(Ct);
        }
        // And without the file it comes out of the stores.
        File.Delete(folder["monitoring/business.windows"]);
        await using var anew = await RigAsync();
        Assert.Equal(new BusinessTotals(3, 4, 2, 0, 3, 0), await anew.CountAsync());
    }

    [Fact]
    public async Task Restart_DamagedFile_CountsAnew()
    {
        await using (var rig = await RigAsync())
        {
            await rig.ServeAsync("r", (0, Towers));
            await rig.CountAsync();
            await rig.Job.StopAsync(Ct);
        }
        var bytes = await File.ReadAllBytesAsync(folder["monitoring/business.windows"], Ct);
        bytes[^3] ^= 1;
        await File.WriteAllBytesAsync(folder["monitoring/business.windows"], bytes, Ct);

        await using var again = await RigAsync();

        Assert.Equal(1, (await again.CountAsync()).Requests);
    }

    [Fact]
    public async Task Restart_WithAnotherCurrency_CountsAnewInIt()
    {
        await using (var rig = await RigAsync())
        {
            await rig.ServeAsync("r", (0, Towers));
            await rig.PostAsync("r", "i0", EventType.Purchase, e => e with { Amount = 10, Currency = "EUR" });
            await rig.PostAsync("r", "i0", EventType.Purchase, e => e with { Amount = 99, Currency = "USD" });
            Assert.Equal(10, (await rig.CountAsync()).Revenue);
            await rig.Job.StopAsync(Ct);
        }
        await using var again = await RigAsync(new MonitoringOptions { Currency = "USD" });

        Assert.Equal(new BusinessTotals(1, 1, 0, 2, 1, 99), await again.CountAsync());
        var window = again.Figures.Read(1);
        Assert.Equal(("USD", 1L), (window.Currency, window.LeftOut[(int)LeftOut.OtherCurrency]));
    }

    [Fact]
    public async Task Count_LateImpressionOfAListThatIsForgotten_KnowsWhetherOneWasReported()
    {
        await using (var rig = await RigAsync())
        {
            await rig.ServeAsync("reported", (0, Towers), (1, Towers), (2, Towers));
            await rig.ServeAsync("silent", (0, Towers), (1, Towers), (2, Towers));
            await rig.PostAsync("reported", "i0", EventType.Impression);
            await rig.CountAsync();
            await rig.Job.StopAsync(Ct);
        }
        await using var again = await RigAsync();

        await again.PostAsync("reported", "i1", EventType.Impression);
        await again.PostAsync("silent", "i1", EventType.Impression);

        Assert.Equal(2 + 1, (await again.CountAsync()).Impressions);
    }

    [Fact]
    public async Task Count_MoreNamesThanRows_AddsThemUp()
    {
        await using var rig = await RigAsync();
        await rig.ServeAsync([.. Enumerable.Range(0, 60).Select(i => rig.Record($"r{i}", (0, Towers)) with { Scenario = $"s{i:00}" })]);
        await rig.PostAsync("r59", "i0", EventType.Click);
        await rig.PostAsync("r3", "i0", EventType.Click);
        await rig.CountAsync();

        var rows = Rows(rig.Figures.Read(1), BreakDown.Scenario);

        Assert.Equal(NamedTotals.Most + 1, rows.Count);
        Assert.Equal(("other", 20, 1), (rows[0].Name, rows[0].Totals.Requests, rows[0].Totals.Clicks));
        Assert.Equal(1, rows.Single(row => row.Name == "s03").Totals.Clicks);
    }

    [Fact]
    public async Task Turn_AfterThirtyFiveDays_ForgetsTheHour()
    {
        await using var rig = await RigAsync();
        await rig.ServeAsync("r", (0, Towers));
        await rig.CountAsync();
        clock.Advance(TimeSpan.FromDays(35) - TimeSpan.FromMinutes(1));
        Assert.Equal(1, (await rig.CountAsync(BusinessFigures.MostHours)).Requests);
        clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(0, (await rig.CountAsync(BusinessFigures.MostHours)).Requests);
        await rig.PostAsync("r", "i0", EventType.Click);
        await rig.CountAsync();
        Assert.Equal(1, rig.Figures.Read(1).LeftOut[(int)LeftOut.TooOld]);
    }

    public void Dispose() => folder.Dispose();

    private async Task<BusinessRig> RigAsync(MonitoringOptions? options = null)
    {
        var rig = new BusinessRig(folder.Path, clock, options);
        await rig.OpenAsync();
        await rig.KnowAsync("i0", "i1", "i2", "i3");
        return rig;
    }

    private static List<(string Name, BusinessTotals Totals)> Rows(BusinessWindow window, BreakDown dimension) =>
        [.. window.By[dimension].Select(row => (row.Name, row.Totals))];
}
