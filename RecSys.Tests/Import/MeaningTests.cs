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

    [Theory]
    [InlineData("rating>>4")]
    [InlineData("ratings>=4")]
    [InlineData("")]
    [InlineData("rating>=x")]
    public void Rule_ThatIsNone_SaysHowToWriteOne(string rule) =>
        Assert.Contains("rating>=4", Assert.Throws<RecSysException>(() => MeaningRule.Parse(rule)).Message, StringComparison.Ordinal);
}
