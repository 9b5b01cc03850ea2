using RecSys.Core.Domain;
using RecSys.Core.Import;
using RecSys.Core.Import.DataSets;

namespace RecSys.Tests.Import;

/// <summary>The files that dashboards of gorse export.</summary>
public sealed class GorseExportTests : ImportTest
{
    private const string Users = "user_id,labels\r\n"
        + "u1,a|b\r\n"
        + "u2,\"{\"\"gender\"\":\"\"male\"\",\"\"age\"\":29}\"\r\n"
        + "\"u3\",null\r\n";

    private const string Items = "item_id,is_hidden,categories,time_stamp,labels,description\r\n"
        + "i1,false,x,2020-01-01 01:01:01.000000001 +0000 UTC,"
        + "\"{\"\"genre\"\":[\"\"comedy\"\",\"\"sci-fi\"\"],\"\"stars\"\":4.5}\",\"o,n,e\"\r\n"
        + "i2,false,x|y,2021-01-01 01:01:01 +0100 CET,p|q,\"t\r\nw\r\no\"\r\n"
        + "i3,true,,0001-01-01 00:00:00 +0000 UTC,,\"\"\"three\"\"\"\r\n";

    private const string Feedback = "feedback_type,user_id,item_id,time_stamp\r\n"
        + "star,u1,i1,2022-03-01 10:00:00.25 +0000 UTC\r\n"
        + "read,u2,i2,2022-03-01 11:00:00 +0000 UTC\r\n";

    private Task<ImportReport> ImportAsync(ImportOptions? options = null) =>
        new GorseImporter(Target, options ?? Options).ImportAsync([Source.Path], null, Ct);

    private void WriteTables(string feedback = Feedback)
    {
        Source.Write("users.csv", Users);
        Source.Write("items.csv", Items);
        Source.Write("feedback.csv", feedback);
    }

    [Fact]
    public async Task Folder_OfTables_IsReadAsOneExport()
    {
        WriteTables();

        var report = await ImportAsync();

        Assert.Equal((3, 3, 0), (report.Users.Added, report.Items.Added, report.Rejected));
        var (one, two, three) = ((await ItemAsync("i1"))!, (await ItemAsync("i2"))!, (await ItemAsync("i3"))!);
        Assert.Equal(("o,n,e", "x", true), (one.Title, one.Category, one.Available));
        Assert.Equal(new DateTimeOffset(2020, 1, 1, 1, 1, 1, TimeSpan.Zero), one.CreatedAt);
        Assert.Equal(["comedy", "sci-fi"], one.Tags);
        Assert.Equal((4.5, "comedy|sci-fi"), (one.Attributes["stars"].Number, one.Attributes["genre"].ToString()));
        Assert.Equal(("t  w  o", "x"), (two.Title, two.Category));
        Assert.Equal(["y", "p", "q"], two.Tags);
        Assert.Equal(new DateTimeOffset(2021, 1, 1, 0, 1, 1, TimeSpan.Zero), two.CreatedAt);
        Assert.Equal(("\"three\"", "", false, null), (three.Title, three.Category, three.Available, three.CreatedAt));
        Assert.Equal(["label a", "label b"], (await Database.Contents.FindUserAsync("u1", Ct))!.Attributes.Keys.Order());
        var named = (await Database.Contents.FindUserAsync("u2", Ct))!.Attributes;
        Assert.Equal(("male", "29"), (named["gender"], named["age"]));
        Assert.Equal(
            [(EventType.Like, "u1", "i1", 250), (EventType.Impression, "u2", "i2", 0)],
            (await EventsAsync()).Select(e => (e.Type, e.UserId, e.ItemId, e.Time.Millisecond)));
    }

    [Fact]
    public async Task Tables_AndTheLinesOfLaterVersions_GiveTheSame()
    {
        WriteTables();
        await ImportAsync();
        var before = (await EventsAsync()).Select(e => e.Id).ToList();
        using var lines = new Fixtures.TemporaryFolder();
        lines.Write("items.jsonl",
            """{"ItemId":"i1","IsHidden":false,"Categories":["x"],"Timestamp":"2020-01-01T01:01:01Z","""
            + """ "Labels":{"genre":["comedy","sci-fi"],"stars":4.5},"Comment":"o,n,e"}""" + "\n"
            + """{"ItemId":"i2","IsHidden":false,"Categories":["x","y"],"Timestamp":"2021-01-01T00:01:01Z","Labels":["p","q"],"""
            + """ "Comment":"t\r\nw\r\no"}""");
        lines.Write("users.jsonl", """{"UserId":"u2","Labels":{"gender":"male","age":29},"Comment":""}""");
        lines.Write("feedback.jsonl", """
            {"FeedbackType":"star","UserId":"u1","ItemId":"i1","Value":0,"Timestamp":"2022-03-01T10:00:00.25Z","Comment":""}
            {"FeedbackType":"read","UserId":"u2","ItemId":"i2","Value":3,"Timestamp":"2022-03-01T11:00:00Z","Comment":""}
            """);

        var report = await new GorseImporter(Target, Options).ImportAsync([lines.Path], null, Ct);

        Assert.Equal((0, 2, 0, 1), (report.Items.Added, report.Items.Unchanged, report.Users.Added, report.Users.Unchanged));
        Assert.Equal(2, report.Duplicates);
        Assert.Equal(before, (await EventsAsync()).Select(e => e.Id));
    }

    [Fact]
    public async Task Rows_ThatAreMalformed_AreToldByFileAndLine()
    {
        WriteTables(Feedback
            + "shared,u1,i1,2022-03-01 12:00:00 +0000 UTC\r\n"
            + "star,,i1,2022-03-01 12:00:00 +0000 UTC\r\n"
            + "star,u1,i1,yesterday\r\n"
            + "star,u1,i1,0001-01-01 00:00:00 +0000 UTC\r\n"
            + "star,u1\r\n");

        var refused = (await Assert.ThrowsAsync<RecSysException>(() => ImportAsync())).Message;
        var report = await ImportAsync(Options with { MaxRejects = 1 });

        Assert.Contains("feedback.csv", refused, StringComparison.Ordinal);
        Assert.Contains("line 4", refused, StringComparison.Ordinal);
        Assert.Contains("--map shared=", refused, StringComparison.Ordinal);
        Assert.Equal((5, 2), (report.Rejected, (await EventsAsync()).Count));
        var rejects = await File.ReadAllLinesAsync(report.RejectsPath!, Ct);
        foreach (var (line, reason) in ((int, string)[])[(4, "FeedbackType is 'shared'"), (5, "user_id is missing"),
            (6, "Timestamp is neither"), (7, "Timestamp is missing, or of the year 1"), (8, "the row has 2 fields, the header 4")])
        {
            Assert.Contains(rejects, each => each.Contains($"feedback.csv\t{line}\t", StringComparison.Ordinal)
                && each.Contains(reason, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("labels begins like JSON and is none", "i9,false,x,2020-01-01,{oops,t")]
    [InlineData("IsHidden is neither true nor false", "i9,perhaps,x,2020-01-01,,t")]
    [InlineData("the row has none of FeedbackType, ItemId and UserId", ",false,x,2020-01-01,,t")]
    public async Task Item_ThatIsMalformed_IsTold(string reason, string row)
    {
        Source.Write("items.csv", Items + row + "\r\n");

        var report = await ImportAsync(Options with { MaxRejects = 0.9 });

        Assert.Equal((3, 1), (report.Items.Added, report.Rejected));
        Assert.Contains(reason, await File.ReadAllTextAsync(report.RejectsPath!, Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Table_OfSomethingElse_IsRefusedByName()
    {
        Source.Write("prices.csv", "sku,price\r\n1,2\r\n");

        var failure = await Assert.ThrowsAsync<RecSysException>(() => ImportAsync());

        Assert.Contains(
            "prices.csv is no table of gorse's: it has neither a column user_id nor item_id (it has: sku, price)", failure.Message,
            StringComparison.Ordinal);
        await AssertEmptyAsync();
    }
}
