using RecSys.Core.Domain;
using RecSys.Core.Import;
using RecSys.Core.Import.DataSets;
using RecSys.Core.Import.Meaning;

namespace RecSys.Tests.Import;

/// <summary>Files as gorse, RecBole and Metarank have them.</summary>
public sealed class OtherSystemsTests : ImportTest
{
    private static string Case(string file) => Path.Combine(AppContext.BaseDirectory, "Fixtures", "cases", file);

    private Task<ImportReport> GorseAsync(string content, ImportOptions? options = null) =>
        new GorseImporter(Target, options ?? Options).ImportAsync([Source.Write("rows.jsonl", content)], null, Ct);

    [Fact]
    public async Task Gorse_Feedback_IsTakenWithItsTypes()
    {
        await new RecordImporter(Target, Options).ImportAsync(RecordFormat.Csv, RecordKind.Items, [Case("items.csv")], null, Ct);

        var report = await new GorseImporter(Target, Options).ImportAsync([Case("gorse-feedback.jsonl")], null, Ct);

        var words = (await File.ReadAllLinesAsync(Case("gorse-feedback.jsonl"), Ct)).Select(line => line.Split('"')[3]).ToList();
        Assert.Equal((100, 0), (report.Read, report.Rejected));
        Assert.Equal(100, report.Events.Values.Sum() + report.Duplicates);
        Assert.Contains("read", words);
        Assert.All(await EventsAsync(), e => Assert.Contains(e.Type, (EventType[])[EventType.Impression, EventType.Like]));
        Assert.Contains(report.Notes, note => note.Contains("read as impression", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Gorse_ItemsUsersAndFeedbackInOneFile_AreToldApart()
    {
        var report = await GorseAsync("""
            {"ItemId":"i","IsHidden":true,"Categories":["c","d"],"Timestamp":"2020-05-01T00:00:00Z","Labels":{"topics":["t"],"embedding":[0.1]},"Comment":"A title"}
            {"ItemId":"j","IsHidden":false,"Categories":null,"Timestamp":"0001-01-01T00:00:00Z","Labels":["x"],"Comment":""}
            {"UserId":"u","Labels":["male","29"],"Comment":""}
            {"FeedbackType":"buy","UserId":"u","ItemId":"i","Timestamp":"2021-01-01T00:00:00Z","Comment":""}
            """);

        Assert.Equal((4, 2, 1), (report.Read, report.Items.Added, report.Users.Added));
        var item = (await ItemAsync("i"))!;
        Assert.Equal(("A title", "c", false, 2020), (item.Title, item.Category, item.Available, item.CreatedAt!.Value.Year));
        Assert.Equal(["d", "t"], item.Tags);
        Assert.Equal(("", "", null), ((await ItemAsync("j"))!.Title, (await ItemAsync("j"))!.Category, (await ItemAsync("j"))!.CreatedAt));
        Assert.Equal(EventType.Purchase, Assert.Single(await EventsAsync()).Type);
    }

    [Fact]
    public async Task Gorse_FeedbackOfNobody_IsCountedApartFromMalformedRows()
    {
        await KnowItemsAsync("i");

        var report = await GorseAsync("""
            {"FeedbackType":"buy","UserId":"u","ItemId":"i","Timestamp":"2021-01-01T00:00:00Z"}
            {"FeedbackType":"buy","UserId":"","ItemId":"i","Timestamp":"2021-01-01T00:00:00Z"}
            {"FeedbackType":"buy","ItemId":"i","Timestamp":"2021-01-01T00:00:00Z"}
            """);

        Assert.Equal((3, 2, 0, 1), (report.Read, report.Anonymous, report.Rejected, report.Events[EventType.Purchase]));
    }

    [Fact]
    public async Task Gorse_UnknownFeedback_NamesTheOptionThatHelps()
    {
        const string Row = """{"FeedbackType":"share","UserId":"u","ItemId":"i","Timestamp":"2021-01-01T00:00:00Z"}""";
        await KnowItemsAsync("i");

        var failure = await Assert.ThrowsAsync<RecSysException>(() => GorseAsync(Row));
        Assert.Contains("unknown words for types are 'share' (1); say what each stands for: --map share=…", failure.Message,
            StringComparison.Ordinal);

        var report = await GorseAsync(Row, Options with { Types = new Dictionary<string,
            MappedType> { ["share"] = MappedType.Parse("like") } });
        Assert.Equal(1, report.Events[EventType.Like]);
    }

    [Fact]
    public async Task Metarank_RankingsAndInteractions_AreImpressionsAndWhatCameOfThem()
    {
        var path = Source.Write("events.jsonl", """
            {"event":"item","id":"1","timestamp":"1599391467000","item":"item1","fields":[{"name":"title","value":"Nice"},{"name":"genres","value":["a","b"]},{"name":"price","value":7.5},{"name":"embedding","value":[1,2]},{"name":"colour","value":"red"}]}
            {"event":"item","id":"2","timestamp":"1599391467000","item":"item2","fields":[]}
            {"event":"user","id":"3","timestamp":"1599391467000","user":"user1","fields":[{"name":"age","value":33},{"name":"plan","value":"pro"}]}
            {"event":"ranking","id":"r1","timestamp":"1599391468000","user":"user1","session":"s","fields":[],"items":[{"id":"item2"},{"id":"item1","fields":[]}]}
            {"event":"interaction","id":"x","ranking":"r1","timestamp":"1599391469000","user":"user1","session":"s","type":"click","item":"item1"}
            {"event":"interaction","id":"y","timestamp":1599391470,"session":"s2","user":null,"type":"purchase","item":"item1"}
            {"event":"interaction","id":"z","timestamp":1599391470,"type":"purchase","item":"item1"}
            """);

        var report = await new MetarankImporter(Target, Options).ImportAsync([path], null, Ct);

        Assert.Equal((7, 0, 1, 2, 1), (report.Read, report.Rejected, report.Anonymous, report.Items.Added, report.Users.Added));
        var item = (await ItemAsync("item1"))!;
        Assert.Equal(("Nice", "a", "b", 7.5), (item.Title, item.Category, Assert.Single(item.Tags), item.Price));
        Assert.Equal(new Dictionary<string, AttributeValue> { ["colour"] = "red" }, item.Attributes);
        Assert.Equal(33, (await Database.Contents.FindUserAsync("user1", Ct))!.Age);
        Assert.Equal(
            [("item2", EventType.Impression, 0, "r1", "user1"), ("item1", EventType.Impression, 1, "r1", "user1"),
                ("item1", EventType.Click, null, "r1", "user1"), ("item1", EventType.Purchase, (int?)null, null, "s2")],
            (await EventsAsync()).Select(e => (e.ItemId, e.Type, e.Position, e.RequestId, e.UserId)));
    }

    [Fact]
    public async Task RecBole_AtomicFiles_GiveUsersItemsAndRatings()
    {
        Source.Write("small.user", "user_id:token\tage:token\tgender:token\toccupation:token\n1\t24\tM\ttechnician\n");
        Source.Write("small.item", "item_id:token\tmovie_title:token_seq\trelease_year:token\tclass:token_seq\n5\tToy "
            + "Story\t1995\tAnimation Comedy\n6\tIt said \"Go\t1990\tDrama\n");
        Source.Write("small.inter",
            "user_id:token\titem_id:token\trating:float\ttimestamp:float\n1\t5\t5.0\t881250949\n1\t6\t1.0\t881250950.0\n");

        var report = await new RecBoleImporter(Target, Options).ImportAsync(Source.Path, null, Ct);

        Assert.Equal((5, 0, 2, 1, 2), (report.Read, report.Rejected, report.Items.Added, report.Users.Added,
            report.Events[EventType.Rating]));
        var item = (await ItemAsync("5"))!;
        Assert.Equal(("Toy Story", "Animation", "Comedy"), (item.Title, item.Category, Assert.Single(item.Tags)));
        Assert.Equal("It said \"Go", (await ItemAsync("6"))!.Title);
        Assert.Equal((24, "M", "technician"), (await Database.Contents.FindUserAsync("1", Ct)) is { } user
            ? (user.Age, user.Gender, user.Attributes["occupation"]) : default);
        var events = await EventsAsync();
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(881250949), events[0].Time);
        Assert.Equal([null, EventMeaning.Negative], events.Select(e => e.Meaning));
    }

    [Fact]
    public async Task RecBole_LabelsWithoutItems_AreImpressionsAndClicksOnBareItems()
    {
        Source.Write("ctr.inter", "user_id:token\titem_id:token\tlabel:float\ttimestamp:float\n1\t5\t1\t881250949\n1\t6\t0\t881250950\n");

        var report = await new RecBoleImporter(Target, Options).ImportAsync(Source.Path, null, Ct);

        Assert.Equal((2, 1, 2), (report.Events[EventType.Impression], report.Events[EventType.Click], report.Items.Added));
    }

    [Theory]
    [InlineData("user_id\titem_id\n1\t2\n", "user_id has no kind")]
    [InlineData("user_id:token\tnote:token\n1\t2\n", "no column item_id, timestamp")]
    public async Task RecBole_OtherTables_SayWhatIsMissing(string content, string reason)
    {
        Source.Write("x.inter", content);

        var failure = await Assert.ThrowsAsync<RecSysException>(() => new RecBoleImporter(Target, Options).ImportAsync(Source.Path, null,
            Ct));

        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }
}
