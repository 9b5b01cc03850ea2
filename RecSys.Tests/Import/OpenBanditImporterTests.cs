using RecSys.Core.Domain;
using RecSys.Core.Import;
using RecSys.Core.Import.DataSets;

namespace RecSys.Tests.Import;

public sealed class OpenBanditImporterTests : ImportTest
{
    [Fact]
    public async Task ImportAsync_PublishedLayout_StoresEventsItemsUsersAndServedRecords()
    {
        Source.Write("random/men/item_context.csv", $"{OpenBanditFolder.ItemHeader}\n0,0,-0.5,a,b,c\n1,1,0.25,d,e,f\n");
        Source.Write("random/men/men.csv", $"""
            {OpenBanditFolder.RowHeader}
            0,2019-11-24 00:03:13.442536+00:00,1,3,1,0.5,aaaaaaaaaaaa,b,c,d,0.0
            1,2019-11-24 00:03:14+00:00,0,1,0,0.25,aaaaaaaaaaaa,b,c,d,0.0

            """);
        // A campaign without rows, as in the small edition.
        Source.Write("random/all/item_context.csv", $"{OpenBanditFolder.ItemHeader}\n0,0,-0.5,a,b,c\n");

        var report = await ImportAsync();

        Assert.Equal((4L, 0L, 2L, 1L), (report.Read, report.Rejected, report.Items.Added, report.Users.Added));
        Assert.Equal(new Dictionary<EventType, long> { [EventType.Impression] = 2, [EventType.Click] = 1 }, report.Events);
        Assert.Contains("2 served records", Assert.Single(report.Notes), StringComparison.Ordinal);
        var events = await EventsAsync();
        var time = new DateTimeOffset(2019, 11, 24, 0, 3, 13, 442, TimeSpan.Zero);
        Assert.Equal(
            new Event
            {
                Id = "obd-random-men-0", UserId = "visitor-aaaaaaaa-b-c-d", ItemId = "men-1", Type = EventType.Impression, Time = time,
                Position = 2, RequestId = "obd-random-men-0", Scenario = "men",
            }, events[0]);
        Assert.Equal(("obd-random-men-0-click", EventType.Click, 2), (events[1].Id, events[1].Type, events[1].Position));
        var item = (await Database.Contents.FindItemAsync("men-1", Ct))!;
        Assert.Equal((0.25, "f"), (item.Item.Attributes["item_feature_0"].Number, item.Item.Attributes["item_feature_3"].ToString()));
        var record = (await Database.ServedRecords.GetAsync("obd-random-men-0", Ct))!;
        Assert.Equal(("open-bandit", "random", "men", time), (record.Assignment.Experiment, record.Assignment.Variant, record.Scenario,
            record.Time));
        Assert.Equal((item.Number, 0.5), (record.Items.Single().Item, record.Items.Single().Propensity));

        // A second import adds nothing.
        var again = await ImportAsync();
        Assert.Equal((3L, 0), (again.Duplicates, again.Events.Count));
        Assert.Equal(2, await Database.ServedRecords.ReadBetweenAsync(null, DateTimeOffset.MaxValue, Ct).CountAsync(Ct));
        Assert.Empty(Directory.GetFiles(Data["imports"], "*.tmp"));
    }

    [Theory]
    [InlineData("0,2019-11-24 00:03:13+00:00,1,4,1,0.5,a,b,c,d,0", "position is none of 1 to 3")]
    [InlineData("0,2019-11-24 00:03:13+00:00,1,1,2,0.5,a,b,c,d,0", "click is neither 0 nor 1")]
    [InlineData("0,2019-11-24 00:03:13+00:00,1,1,0,0,a,b,c,d,0", "propensity_score is not above 0")]
    [InlineData("0,2019-11-24 00:03:13+00:00,1,1,0,1.5,a,b,c,d,0", "propensity_score is not above 0")]
    [InlineData("0,2019-11-24 00:03:13+00:00,1,1,0,nan,a,b,c,d,0", "propensity_score is missing")]
    [InlineData("0,2019-11-24 00:03:13+00:00,7,1,0,0.5,a,b,c,d,0", "the item_id is not in item_context.csv")]
    [InlineData("0,yesterday,1,1,0,0.5,a,b,c,d,0", "timestamp")]
    [InlineData("0,2019-11-24 00:03:13+00:00,1,1,0,0.5,,b,c,d,0", "user_feature_0 is missing")]
    [InlineData("0,2019-11-24 00:03:13+00:00,1,1,0,0.5,a,b", "fields")]
    public async Task ImportAsync_MalformedRow_IsRejectedWithItsReasonAndLeavesNothing(string row, string reason)
    {
        Source.Write("bts/men/item_context.csv", $"{OpenBanditFolder.ItemHeader}\n1,1,0.25,d,e,f\n");
        Source.Write("bts/men/men.csv", $"{OpenBanditFolder.RowHeader}\n{row}\n9,2019-11-24 00:03:14+00:00,1,1,0,0.5,a,b,c,d,0\n");

        var report = await ImportAsync(maxRejects: 1);

        Assert.Equal((3L, 1L, 2L), (report.Read, report.Rejected, report.Kept));
        Assert.Contains(reason, await File.ReadAllTextAsync(report.RejectsPath!, Ct), StringComparison.Ordinal);
        Assert.Equal("obd-bts-men-9", Assert.Single(await EventsAsync()).Id);
        Assert.Equal(1, await Database.ServedRecords.ReadBetweenAsync(null, DateTimeOffset.MaxValue, Ct).CountAsync(Ct));
        await Assert.ThrowsAsync<RecSysException>(() => ImportAsync(maxRejects: 0.01));
    }

    [Fact]
    public async Task ImportAsync_ManyRows_EachIsStoredOrRejected()
    {
        OpenBanditFolder.Write(Source, 700, ("men", 5), ("women", 8));

        var report = await ImportAsync();

        // Each policy's folder repeats the items.
        Assert.Equal((2 * (5 + 8 + 1400), 0, 13, 13), (report.Read, report.Rejected, report.Items.Added, report.Replaced));
        Assert.Equal(2800, report.Events[EventType.Impression]);
        Assert.Equal(2800, await Database.ServedRecords.ReadBetweenAsync(null, DateTimeOffset.MaxValue, Ct).CountAsync(Ct));
    }

    [Fact]
    public async Task ImportAsync_AnotherFolder_SaysWhatIsExpected()
    {
        Source.Write("men.csv", "x");

        var refusal = await Assert.ThrowsAsync<RecSysException>(() => ImportAsync());

        Assert.Contains("random/men/men.csv", refusal.Message, StringComparison.Ordinal);
    }

    private Task<ImportReport> ImportAsync(double maxRejects = 0.01) =>
        new OpenBanditImporter(Target, Options with { MaxRejects = maxRejects }, Database.ServedRecords, Database.EventLog)
            .ImportAsync(Source.Path, null, Ct);
}
