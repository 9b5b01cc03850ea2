using RecSys.Core.Domain;
using RecSys.Core.Import;
using RecSys.Core.Import.DataSets;
using RecSys.Core.Import.Meaning;
using RecSys.Tests.Storage;

namespace RecSys.Tests.Import;

public sealed class KuaiRandImporterTests : ImportTest
{
    private const string UserHeader =
        "user_id,user_active_degree,is_lowactive_period,is_live_streamer,is_video_author,follow_user_num,follow_user_num_range,fans_user_num_range,friend_user_num_range,register_days_range,onehot_feat3,onehot_feat4,onehot_feat12";
    private const string Header =
        "user_id\tvideo_id\tdate\thourmin\ttime_ms\tis_click\tis_like\tis_follow\tis_comment\tis_forward\tis_hate\tlong_view\tplay_time_ms\tduration_ms\tis_rand\ttab";
    private const long Time = 1650812741436;

    private void Write(string impressions, string? history = null)
    {
        Source.Write("user_features_pure.csv",
            $"{UserHeader}\n7,full_active,0,-124,1,514,500+,\"[100,1k)\",\"[30,60)\",730+,949,1.0,\n8,UNKNOWN,0,1,0,3,\"(0,10]\",0,0,31-60,1,2.0,0.0\n");
        Source.Write("video_features_basic_pure.csv",
            "video_id,author_id,video_type,upload_dt,upload_type,visible_status,video_duration,server_width,server_height,music_id,music_type,tag\n"
            + "1,99,NORMAL,2022-04-10,LongImport,0.0,87433.0,720.0,1280.0,5,9.0,39\n"
            + "2,98,AD,2022-04-09,Web,0.0,,1280.0,720.0,5,,\"3,12\"\n"
            + "3,98,NORMAL,2022-04-09,Web,0.0,1000.0,720.0,720.0,5,4.0,\n");
        Source.Write("impressions_1.tsv", $"{Header}\n{impressions}\n");
        if (history is not null)
            Source.Write("user_history_before_20220425.tsv",
                $"user_id\thistory_len\tlast_time_ms\twatch_seq\tlike_seq\tlong_watch_seq\n{history}\n");
    }

    private Task<ImportReport> ImportAsync(double maxRejects = 0.01) =>
        new KuaiRandImporter(Target, Options with { MaxRejects = maxRejects }).ImportAsync(Source.Path, null, Ct);

    private static string Row(long user, long video, long time, string flags, long played = 0, int random = 0, int tab = 1) =>
        $"{user}\t{video}\t20220425\t0\t{time}\t{flags.Replace(' ', '\t')}\t{played}\t1000\t{random}\t{tab}";

    [Fact]
    public async Task ImportAsync_RulesOfFolderAndOfTheImport_AreInForceAndKept()
    {
        Write(Row(7, 1, Time, "1 0 0 0 0 0 0", played: 500));
        await File.WriteAllTextAsync(Path.Combine(Options.DataFolder, "import.json"), """{"negative":["view<=2"]}""", Ct);

        await new KuaiRandImporter(Target, Options with { Positive = [MeaningRule.Parse("like")] }).ImportAsync(Source.Path, null, Ct);

        Assert.Contains("like", await File.ReadAllTextAsync(Path.Combine(Options.DataFolder, "imports", "rules.json"), Ct),
            StringComparison.Ordinal);
        var view = (await Database.Log.ReadAsync(null, null, Ct)).Events.ToArray().Single(e => e.Type == EventType.View);
        Assert.Equal(EventMeaning.Negative, view.Meaning);
    }

    [Fact]
    public async Task ImportAsync_Features_BecomeUsersAndItems()
    {
        Write(Row(7, 1, Time, "0 0 0 0 0 0 0"));

        await ImportAsync();

        var user = (await Database.Contents.FindUserAsync("7", Ct))!;
        Assert.Equal(("full_active", "[100,1k)", "1"),
            (user.Attributes["user_active_degree"], user.Attributes["fans_user_num_range"], user.Attributes["onehot_feat4"]));
        Assert.DoesNotContain("follow_user_num", user.Attributes.Keys);
        Assert.DoesNotContain("onehot_feat3", user.Attributes.Keys);
        Assert.DoesNotContain("onehot_feat12", user.Attributes.Keys);
        Sample.AssertSame(
            new Item
            {
                Id = "1",
                Title = "Video 1",
                Category = "tag 39",
                Creator = "99",
                DurationSeconds = 87.433,
                CreatedAt = new DateTimeOffset(2022, 4, 9, 16, 0, 0, TimeSpan.Zero),
                Attributes = new Dictionary<string, AttributeValue> { ["video_type"] = "NORMAL", ["upload_type"] = "LongImport",
                    ["music_type"] = "9", ["orientation"] = "portrait" },
            },
            await ItemAsync("1"));
        var second = (await ItemAsync("2"))!;
        Assert.Equal(("tag 3", "tag 12", null, "landscape"),
            (second.Category, Assert.Single(second.Tags), second.DurationSeconds, second.Attributes["orientation"].ToString()));
        Assert.Equal("unknown", (await ItemAsync("3"))!.Category);
    }

    [Fact]
    public async Task ImportAsync_Impressions_ComeBeforeWhatCameOfThem()
    {
        Write(Row(8, 2, Time + 5, "0 0 0 1 1 1 0", random: 1, tab: 4) + "\n" + Row(7, 1, Time, "1 1 1 0 0 0 1", played: 61802));

        var report = await ImportAsync();

        var events = await EventsAsync();
        Assert.Equal(
            [EventType.Impression, EventType.Click, EventType.View, EventType.LongView, EventType.Like, EventType.Follow,
                EventType.Impression, EventType.Hide],
            events.Select(e => e.Type));
        Assert.Equal([null, null, 61.802, 61.802, null, null, null, null], events.Select(e => e.Value));
        Assert.All(events.Take(6),
            e => Assert.Equal((Time, "7", "1", "tab 1", null),
            (e.Time.ToUnixTimeMilliseconds(), e.UserId, e.ItemId, e.Location, e.RequestId)));
        Assert.All(events.Skip(6),
            e => Assert.Equal((Time + 5, "8", "2", "tab 4"), (e.Time.ToUnixTimeMilliseconds(), e.UserId, e.ItemId, e.Location)));
        Assert.StartsWith("random-", events[6].RequestId, StringComparison.Ordinal);
        Assert.Equal((7, 2), (report.Kept, report.Events[EventType.Impression]));
    }

    [Fact]
    public async Task ImportAsync_PlayedWithoutClick_IsNoView()
    {
        Write(Row(7, 1, Time, "0 0 0 0 0 0 0", played: 4000));

        await ImportAsync();

        var impression = Assert.Single(await EventsAsync(), e => e.Time.ToUnixTimeMilliseconds() == Time);
        Assert.Equal((EventType.Impression, 4.0), (impression.Type, impression.Value));
    }

    [Fact]
    public async Task ImportAsync_RowTwiceOrAgain_CountsOnce()
    {
        Write(Row(7, 1, Time, "1 0 0 0 0 0 0") + "\n" + Row(7, 1, Time, "1 0 0 0 0 0 0"));

        Assert.Equal(2, (await ImportAsync()).Duplicates);
        Assert.Equal(4, (await ImportAsync()).Duplicates);
        Assert.Equal(2, (await Database.Contents.CountAsync(Ct)).Events);
    }

    [Fact]
    public async Task ImportAsync_History_EndsAtItsTimeInTheGivenOrder()
    {
        Write(Row(7, 1, Time, "0 0 0 0 0 0 0"), history: "7\t83\t1650000000000\t1 2 3\t2\t3 3");

        await ImportAsync();

        var events = (await EventsAsync()).Where(e => e.Type != EventType.Impression)
            .Select(e => (e.Time.ToUnixTimeMilliseconds() - 1650000000000, e.ItemId, e.Type));
        Assert.Equal(
            [
                // The earlier long view of 3 has no watch it could belong to: it is older than all watches.
                (-180_000, "3", EventType.LongView),
                (-120_000, "1", EventType.View), (-60_000, "2", EventType.View), (-60_000, "2", EventType.Like), (0, "3", EventType.View),
                (0, "3", EventType.LongView),
            ],
            events);
        Assert.Equal("83", (await Database.Contents.FindUserAsync("7", Ct))!.Attributes["history_length"]);
    }

    [Theory]
    [InlineData("a b c b", "b b", "1 3")]
    [InlineData("a b c", "x a c", "-1 0 2")]
    [InlineData("a b c", "x y b", "-2 -1 1")]
    [InlineData("a b c", "b x", "-2 -1")]
    [InlineData("a a a", "a a", "1 2")]
    [InlineData("a", "", "")]
    public void Match_Sequences_AreAlignedFromTheirEnds(string watched, string sequence, string slots) =>
        Assert.Equal(slots,
            string.Join(' ',
            KuaiRandHistory.Match([.. watched.Split(' ')], [.. sequence.Split(' ', StringSplitOptions.RemoveEmptyEntries)])));

    [Fact]
    public async Task ImportAsync_MalformedRows_AreWrittenDownWithTheirLine()
    {
        var bad = new[]
        {
            Row(9, 1, Time, "0 0 0 0 0 0 0"), Row(7, 9, Time, "0 0 0 0 0 0 0"), Row(7, 1, 1650812741, "0 0 0 0 0 0 0"),
                Row(7, 1, Time, "2 0 0 0 0 0 0"),
            Row(7, 1, Time, "1 1 1 0 0 1 x"), "7\t1",
        };
        Write(Row(7, 1, Time, "0 0 0 0 0 0 0") + "\n" + string.Join('\n', bad));

        var report = await ImportAsync(maxRejects: 0.9);

        var rows = (await File.ReadAllLinesAsync(report.RejectsPath!, Ct)).Skip(1).Select(line => line.Split('\t')).ToList();
        Assert.Equal(["3", "4", "5", "6", "7", "8"], rows.Select(row => row[1]));
        Assert.Equal(1, (await Database.Contents.CountAsync(Ct)).Events);
    }

    [Fact]
    public async Task ImportAsync_MissingColumnOrFile_SaysWhich()
    {
        Write(Row(7, 1, Time, "0 0 0 0 0 0 0"));
        Source.Write("impressions_2.tsv", "user_id\tvideo_id\n7\t1\n");
        Assert.Contains("no column time_ms", (await Assert.ThrowsAsync<RecSysException>(() => ImportAsync())).Message,
            StringComparison.Ordinal);
        await AssertEmptyAsync();

        foreach (var file in Directory.GetFiles(Source.Path, "impressions_*")) File.Delete(file);
        Assert.Contains("no impressions_*.tsv", (await Assert.ThrowsAsync<RecSysException>(() => ImportAsync())).Message,
            StringComparison.Ordinal);
    }
}
