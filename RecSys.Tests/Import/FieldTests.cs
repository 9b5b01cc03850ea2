using RecSys.Core.Domain;
using RecSys.Core.Import.Meaning;
using RecSys.Core.Import.Rows;

namespace RecSys.Tests.Import;

/// <summary>Times, columns, separators and types in the forms that people write.</summary>
public sealed class FieldTests : FormatTest
{
    [Theory]
    [InlineData("1700000000")]
    [InlineData("1700000000.0")]
    [InlineData("1700000000000")]
    [InlineData("1700000000000000")]
    [InlineData("1700000000000000000")]
    [InlineData("1.7e9")]
    [InlineData("2023-11-14T22:13:20Z")]
    [InlineData("2023-11-14 22:13:20+00:00")]
    [InlineData("2023-11-14 22:13:20 UTC")]
    [InlineData("2023-11-15T03:43:20+0530")]
    public async Task Time_InAnyUnit_IsTheSameMoment(string time)
    {
        await ImportAsync($"{Header}\nu,i,click,{time}\n");

        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), Assert.Single(await EventsAsync()).Time);
    }

    [Fact]
    public async Task Time_WithoutAZone_NamesTheOptionThatHelps()
    {
        const string Rows = $"{Header}\nu,i,click,2026-01-31 12:00:00\n";
        Assert.Contains("--zone", await FailureAsync(Rows), StringComparison.Ordinal);

        await ImportAsync(Rows, with: options => options with { Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin") });

        Assert.Equal(new DateTimeOffset(2026, 1, 31, 11, 0, 0, TimeSpan.Zero), Assert.Single(await EventsAsync()).Time);
    }

    [Fact]
    public async Task TimeUnit_Given_IsNotGuessed() => Assert.Contains("--time-unit",
        await FailureAsync($"{Header}\nu,i,click,1700000000000\n", with: options => options with { TimeUnit = TimeUnit.Seconds }),
            StringComparison.Ordinal);

    [Fact]
    public async Task Columns_AllMissing_AreNamedAtOnceWithTheOptionThatHelps()
    {
        const string Rows = "who,what,when\nu,i,1700000000\n";

        var message = await FailureAsync(Rows);

        Assert.Contains("user_id, item_id, type, time", message, StringComparison.Ordinal);
        Assert.Contains("--column", message, StringComparison.Ordinal);
        Assert.Contains("--type", message, StringComparison.Ordinal);
        var report = await ImportAsync(Rows, with: options => options with
        {
            Columns = new Dictionary<string, string> { ["user_id"] = "who", ["item_id"] = "what", ["time"] = "when" }, Type = "click",
        });
        Assert.Equal(1, report.Events[EventType.Click]);
    }

    [Fact]
    public async Task Columns_Unknown_AreNamedAllAndCanBeLeftOut()
    {
        const string Rows = $"{Header},browser,clicks\nu,i,click,1700000000,x,3\n";

        Assert.Contains("--ignore browser,clicks", await FailureAsync(Rows), StringComparison.Ordinal);

        Assert.Equal(1, (await ImportAsync(Rows, with: options => options with { Ignored = ["Browser", "clicks"] })).Kept);
    }

    [Fact]
    public async Task Columns_TwoForOneField_AreRefusedUntilOneIsNamed()
    {
        const string Rows = "user,customer,item_id,type,time\nu,c,i,click,1700000000\n";
        Assert.Contains("--column user_id=user", await FailureAsync(Rows), StringComparison.Ordinal);

        await ImportAsync(Rows, with: options => Column("user_id", "customer")(options) with { Ignored = ["user"] });

        Assert.Equal("c", Assert.Single(await EventsAsync()).UserId);
    }

    [Fact]
    public async Task Columns_OfRatings_NeedNoType()
    {
        var report = await ImportAsync("userId,movieId,rating,timestamp\nu,i,4.5,1700000000\n");

        Assert.Equal(1, report.Events[EventType.Rating]);
    }

    [Theory]
    [InlineData(",")]
    [InlineData(";")]
    [InlineData("\t")]
    [InlineData("|")]
    public async Task Delimiter_OfAnyKind_IsSeenFromTheHeader(string sign)
    {
        var report = await ImportAsync(
            $"{Header},location\nu,i,click,1700000000,\nv,i,view,1700000001,\"a,b\"\n".Replace(",", sign, StringComparison.Ordinal));

        Assert.Equal((2, 0), (report.Kept, report.Rejected));
        Assert.Contains($"a{sign}b", (await EventsAsync()).Select(e => e.Location));
    }

    [Fact]
    public async Task Types_InOtherWords_AreReadAndSaidAloud()
    {
        var report = await ImportAsync($"{Header}\nu,i,Buy,1700000000\nv,i,add-to-cart,1700000000\nw,i,refund,1700000000\n");

        Assert.Equal((1, 1, 1), (report.Events[EventType.AddToCart], report.TakenBack, report.Events[EventType.Purchase] - 1));
        Assert.Contains(report.Notes, note => note.Contains("Buy as purchase (1)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Types_Unknown_NameTheOptionThatHelps()
    {
        const string Rows = $"{Header}\nu,i,pinned,1700000000\n";
        Assert.Contains("--map", await FailureAsync(Rows), StringComparison.Ordinal);

        var report = await ImportAsync(Rows,
            with: options => options with { Types = new Dictionary<string, MappedType> { ["pinned"] = MappedType.Parse("like") } });

        Assert.Equal(1, report.Events[EventType.Like]);
    }
}
