using RecSys.Core.Domain;
using RecSys.Core.Import;
using RecSys.Core.Import.DataSets;
using RecSys.Core.Import.Meaning;

namespace RecSys.Tests.Import;

/// <summary>MovieLens and KuaiRand in each of the layouts in which they are published.</summary>
public sealed class PublishedLayoutTests : ImportTest
{
    private Task<ImportReport> MovieLensAsync(ImportOptions? options = null) =>
        new MovieLensImporter(Target, options ?? Options).ImportAsync(Source.Path, null, Ct);

    [Fact]
    public async Task MovieLens_100K_HasBarsTabsAndGenresAsFlags()
    {
        Source.Write("u.user", "1|24|M|technician|85711\n2|53|F|other|T8H1N\n");
        Source.Write("u.item", "1|Toy Story "
            + "(1995)|01-Jan-1995||http://x|0|0|0|1|1|1|0|0|0|0|0|0|0|0|0|0|0|0|0\n2|unknown||||1|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0\n");
        Source.Write("u.data", "1\t1\t5\t874965758\n2\t1\t3\t876893171\n");

        var report = await MovieLensAsync();

        Assert.Equal((6, 0, 2, 2), (report.Read, report.Rejected, report.Items.Added, report.Users.Added));
        var item = (await ItemAsync("1"))!;
        Assert.Equal(("Toy Story (1995)", "Animation", 1995), (item.Title, item.Category, item.CreatedAt!.Value.Year));
        Assert.Equal(["Children's", "Comedy"], item.Tags);
        Assert.Equal("", (await ItemAsync("2"))!.Category);
        Assert.Equal((24, "M", "zip 8", "technician"), (await Database.Contents.FindUserAsync("1", Ct)) is { } user
            ? (user.Age, user.Gender, user.Location, user.Attributes["occupation"]) : default);
        Assert.Null((await Database.Contents.FindUserAsync("2", Ct))!.Location);
        Assert.Equal((2, 1), (report.Events[EventType.Rating], report.Events[EventType.Like]));
    }

    [Fact]
    public async Task MovieLens_25MOrLatest_HasHeadersQuotesAndHalfStars()
    {
        Source.Write("movies.csv", "movieId,title,genres\r\n1,Toy Story (1995),Adventure|Comedy\r\n11,\"American President, The "
            + "(1995)\",Drama\r\n12,\"\"\"Great\"\" Film\",(no genres listed)\r\n");
        Source.Write("ratings.csv",
            "userId,movieId,rating,timestamp\r\n1,1,4.5,964982703\r\n1,11,0.5,964981247\r\n2,12,3.5,1445714835\r\n");
        Source.Write("links.csv", "movieId,imdbId,tmdbId\n");

        var report = await MovieLensAsync();

        Assert.Equal((6, 0, 3, 0), (report.Read, report.Rejected, report.Items.Added, report.Users.Added));
        Assert.Equal("American President, The (1995)", (await ItemAsync("11"))!.Title);
        Assert.Equal(("\"Great\" Film", ""), ((await ItemAsync("12"))!.Title, (await ItemAsync("12"))!.Category));
        Assert.Equal((3, 1), (report.Events[EventType.Rating], report.Events[EventType.Like]));
        Assert.Equal([0.5, 4.5, 3.5], (await EventsAsync()).Where(e => e.Type == EventType.Rating).Select(e => e.Value));
    }

    [Fact]
    public async Task MovieLens_10M_HasNoUsers()
    {
        Source.Write("movies.dat", "1::Toy Story (1995)::Adventure\n");
        Source.Write("tags.dat", "1::1::x::1\n");
        Source.Write("ratings.dat", "1::1::3.5::838985046\n");

        Assert.Equal((2, 1), await MovieLensAsync() is var report ? (report.Read, report.Events[EventType.Rating]) : default);
    }

    [Fact]
    public async Task MovieLens_WithRules_HasLowRatingsCountAgainst()
    {
        Source.Write("movies.csv", "movieId,title,genres\n1,a,b\n");
        Source.Write("ratings.csv", "userId,movieId,rating,timestamp\n1,1,4.5,964982703\n2,1,0.5,964981247\n3,1,3,1445714835\n");

        await MovieLensAsync(Options with { Positive = [MeaningRule.Parse("rating>=4")], Negative = [MeaningRule.Parse("rating<=2")] });

        Assert.Equal(
            [("1", EventMeaning.Positive), ("2", EventMeaning.Negative), ("3", EventMeaning.Neutral)],
            (await EventsAsync()).Select(e => (e.UserId, e.Meaning!.Value)).Order());
    }

    [Theory]
    [InlineData("pure", "")]
    [InlineData("1k", "data/")]
    public async Task KuaiRand_AsPublished_IsRead(string size, string folder)
    {
        const string Columns = "user_id,video_id,date,hourmin,time_ms,is_click,is_like,is_follow,is_comment,is_forward,is_hate,long_view,play_time_ms,duration_ms,profile_stay_time,comment_stay_time,is_profile_enter,is_rand,tab";
        Directory.CreateDirectory(Source["data"]);
        Source.Write($"{folder}user_features_{size}.csv", "user_id,user_active_degree\n7,full_active\n");
        Source.Write($"{folder}video_features_basic_{size}.csv",
            "video_id,author_id,video_type,upload_dt,tag\n1,99,NORMAL,2022-04-10,39\n");
        Source.Write($"{folder}video_features_statistic_{size}.csv", "video_id,counts\n1,5\n");
        Source.Write($"{folder}log_standard_4_08_to_4_21_{size}.csv",
            $"{Columns}\n7,1,20220408,0,1649347200000,1,0,0,0,0,0,1,5000,6000,0,0,0,0,1\n");
        Source.Write($"{folder}log_random_4_22_to_5_08_{size}.csv",
            $"{Columns}\n7,1,20220422,0,1650556800000,0,0,0,0,0,0,0,0,6000,0,0,0,1,1\n");

        var report = await new KuaiRandImporter(Target, Options).ImportAsync(Source.Path, null, Ct);

        Assert.Equal((4, 0), (report.Read, report.Rejected));
        Assert.Equal((2, 1), (report.Events[EventType.Impression], report.Events[EventType.Click]));
    }
}
