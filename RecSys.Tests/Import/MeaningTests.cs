using RecSys.Core.Domain;
using RecSys.Core.Import.Meaning;

namespace RecSys.Tests.Import;

/// <summary>What events mean: rules of the folder and of the import, and the scale of ratings.</summary>
public sealed class MeaningTests : FormatTest
{
    [Fact]
    public async Task Meaning_OfTheFolder_HoldsUnlessTheImportSaysOtherwise()
    {
        await File.WriteAllTextAsync(Data["import.json"], """{"positive":["view>=30"],"map":{"seen":"view"}}""", Ct);
        const string Rows = $"{Header},value\nu,i,seen,1700000000,10\nv,i,seen,1700000000,40\n";

        await ImportAsync(Rows);
        await ImportAsync(Rows.Replace("17", "16", StringComparison.Ordinal), with: options =>
            options with { Positive = [MeaningRule.Parse("view>=5")] });

        Assert.Equal(
            [("u", EventMeaning.Neutral), ("v", null), ("u", null), ("v", (EventMeaning?)null)],
            (await EventsAsync()).Select(e => (e.UserId, e.Meaning)));
    }

    [Fact]
    public async Task Meaning_FileThatIsNone_IsRefusedByName()
    {
        await File.WriteAllTextAsync(Data["import.json"], """{"positve":["view>=30"]}""", Ct);

        Assert.Contains("import.json", await FailureAsync($"{Header}\nu,i,view,1700000000\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scale_OfAnEarlierImport_HoldsForALaterOne()
    {
        await ImportAsync("user_id,item_id,rating,time\nu,i,10,1600000000\nu,7,0,1600000001\n");

        await ImportAsync("user_id,item_id,rating,time\nv,i,4,1700000000\n");

        // 4 of 10, although the second file alone looks like 1 to 5.
        Assert.Equal(EventMeaning.Neutral, (await EventsAsync()).Single(e => e.UserId == "v").Meaning);
    }

    [Fact]
    public async Task Scale_NothingButOneStar_CountsAgainstAndSoDoesTheNextTwo()
    {
        await ImportAsync("user_id,item_id,rating,time\n"
            + string.Concat(Enumerable.Range(0, 300).Select(n => $"u{n},i,1,{1600000000 + n}\n")));
        await ImportAsync("user_id,item_id,rating,time\nv,i,2,1700000000\nw,i,5,1700000001\n");

        var events = await EventsAsync();
        Assert.All(events.Where(e => e.UserId[0] == 'u'), e => Assert.Equal(EventMeaning.Negative, e.Meaning));
        Assert.Equal(EventMeaning.Negative, events.Single(e => e.UserId == "v").Meaning);
        Assert.Null(events.Single(e => e.UserId == "w").Meaning);
    }

    [Fact]
    public async Task Scale_RatingNoScaleHas_IsAMalformedRowAndTurnsNoOther()
    {
        var report = await ImportAsync("user_id,item_id,rating,time\nu,i,4,1600000000\nv,i,1,1600000001\nw,i,1e20,1600000002\n"
            + "x,i,-1e308,1600000003\n", with: options => options with { MaxRejects = 1 });

        Assert.Equal(2, report.Rejected);
        Assert.Equal("[1, 5]\n", await File.ReadAllTextAsync(Data["imports/rating-scale.json"], Ct));
        Assert.Equal([null, EventMeaning.Negative], (await EventsAsync()).Select(e => e.Meaning));
    }

    [Fact]
    public async Task Scale_YesAndNo_IsZeroToOne()
    {
        await ImportAsync("user_id,item_id,rating,time\nu,i,1,1600000000\nv,i,0,1600000001\n");

        Assert.Equal([null, EventMeaning.Negative], (await EventsAsync()).Select(e => e.Meaning));
        Assert.Equal("[0, 1]\n", await File.ReadAllTextAsync(Data["imports/rating-scale.json"], Ct));
    }

    [Fact]
    public async Task Scale_FewRatingsOffTheFoldersScale_CountAsItsEndAndAreRemarked()
    {
        await ImportAsync("user_id,item_id,rating,time\nu,i,5,1600000000\nu,7,1,1600000001\n");

        var report = await ImportAsync("user_id,item_id,rating,time\nv,i,9,1700000000\nv,7,-3,1700000001\nw,i,4,1700000002\n");

        // A wish is what a rating says anyway.
        Assert.Equal([null, EventMeaning.Negative, null],
            (await EventsAsync()).Where(e => e.UserId is "v" or "w").Select(e => e.Meaning));
        Assert.Contains(report.Notes, note => note.StartsWith(
            "2 of 3 ratings lie off the scale 1 to 5 that earlier imports into this folder found, such as 9 of v for i: they count as its",
            StringComparison.Ordinal));
        Assert.Equal("[1, 5]\n", await File.ReadAllTextAsync(Data["imports/rating-scale.json"], Ct));
    }

    [Fact]
    public async Task Scale_ManyRatingsOffTheFoldersScale_WidenItAndSaySo()
    {
        await ImportAsync("user_id,item_id,rating,time\nu,i,5,1600000000\nu,7,1,1600000001\n");

        var report = await ImportAsync("user_id,item_id,rating,time\n"
            + string.Concat(Enumerable.Range(0, 30).Select(n => $"v{n},i,{1 + n % 10},{1700000000 + n}\n")) + "w,i,5,1700000100\n");
        var many = await ImportAsync("user_id,item_id,rating,time\n"
            + string.Concat(Enumerable.Range(0, 60).Select(n => $"x{n},i,{1 + n % 10},{1700000000 + n}\n")) + "y,i,5,1700000100\n");

        // Fifteen of thirty are still few; thirty of sixty are not, and 5 of 10 is neither.
        Assert.Contains(report.Notes, note => note.Contains("15 of 31 ratings lie off", StringComparison.Ordinal));
        Assert.Contains(many.Notes, note => note.Contains("30 of 61 ratings lie off", StringComparison.Ordinal)
            && note.Contains("it is 1 to 10 from now on", StringComparison.Ordinal));
        var events = await EventsAsync();
        Assert.Null(events.Single(e => e.UserId == "w").Meaning);
        Assert.Equal(EventMeaning.Neutral, events.Single(e => e.UserId == "y").Meaning);
    }

    [Fact]
    public async Task Scale_RulesSayWhatRatingsMean_NothingIsRemarked()
    {
        await ImportAsync("user_id,item_id,rating,time\nu,i,5,1600000000\nu,7,1,1600000001\n");

        var report = await ImportAsync("user_id,item_id,rating,time\nv,i,9,1700000000\n", with: options => options with
        {
            Positive = [MeaningRule.Parse("rating>=8")], Negative = [MeaningRule.Parse("rating<=2")],
        });

        Assert.DoesNotContain(report.Notes, note => note.Contains("scale", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("rating>>4")]
    [InlineData("ratings>=4")]
    [InlineData("")]
    [InlineData("rating>=x")]
    public void Rule_ThatIsNone_SaysHowToWriteOne(string rule) =>
        Assert.Contains("rating>=4", Assert.Throws<RecSysException>(() => MeaningRule.Parse(rule)).Message, StringComparison.Ordinal);
}
