using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Import;
using RecSys.Core.Import.Meaning;

namespace RecSys.Tests.Import;

/// <summary>Small files as people have them, in Fixtures/cases, and what is right for each.</summary>
public sealed class CaseTests : ImportTest
{
    private static string Case(string file) => Path.Combine(AppContext.BaseDirectory, "Fixtures", "cases", file);

    private Task<ImportReport> ImportAsync(RecordFormat format, RecordKind kind, string file, Func<ImportOptions,
        ImportOptions>? with = null) =>
        new RecordImporter(Target, with is null ? Options : with(Options)).ImportAsync(format, kind, [Case(file)], null, Ct);

    private Task<ImportReport> ItemsAsync() => ImportAsync(RecordFormat.Csv, RecordKind.Items, "items.csv");

    private static void AssertNothingLost(ImportReport report) => Assert.Equal(
        report.Read,
        report.Rejected + report.Anonymous + report.Replaced + report.Items.All + report.Users.All + report.Events.Values.Sum()
            + report.Duplicates + report.Parked + report.NotKept + report.OfErasedUsers);

    [Fact]
    public async Task UnclosedQuote_StopsTheImportAndNamesItsLine()
    {
        var failure = await Assert.ThrowsAsync<RecSysException>(() => ImportAsync(RecordFormat.Csv, RecordKind.Items,
            "unclosed-quote-items.csv"));

        Assert.Contains("line 102", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await Database.Contents.CountAsync(Ct)).Items);
    }

    [Fact]
    public async Task UnclosedQuote_WhereLongTextsAreAllowed_CountsWithAllItsLines()
    {
        var report = await ImportAsync(RecordFormat.Csv, RecordKind.Items, "unclosed-quote-items.csv",
            options => options with { MostLineBreaks = 5_000, MaxRejects = 1 });

        // 1,102 lines: the header, 100 rows, and one that covers the rest.
        Assert.Equal((1_101, 100, 1_001, 100), (report.Read, report.Kept, report.Rejected, report.Items.Added));
        Assert.Contains("\t102\t", await File.ReadAllTextAsync(report.RejectsPath!, Ct), StringComparison.Ordinal);
        AssertNothingLost(report);
    }

    [Fact]
    public async Task FloatIds_AreReportedWithExamplesAndCause_AndTheAdviceHelps()
    {
        await ItemsAsync();

        var report = await ImportAsync(RecordFormat.Csv, RecordKind.Events, "events-float-ids.csv");

        Assert.Equal(600, report.UnknownItems!.Events);
        Assert.Equal(["2.0", "3.0", "4.0"], report.UnknownItems.Examples);
        Assert.Contains(".0", report.UnknownItems.Cause, StringComparison.Ordinal);
        Assert.Contains("--whole-ids", report.UnknownItems.Cause, StringComparison.Ordinal);
        AssertNothingLost(report);

        var again = await ImportAsync(RecordFormat.Csv, RecordKind.Events, "events-float-ids.csv", options =>
            options with { WholeIds = true });
        Assert.Equal((600, null), (again.Events[EventType.Click], again.UnknownItems));
        // What waited under the wrong names waits no more.
        Assert.Equal(0, (await Database.Contents.CountAsync(Ct)).Parked);
    }

    [Fact]
    public async Task HalfUnknown_SaysHowManyOfHowMany()
    {
        await ItemsAsync();

        var report = await ImportAsync(RecordFormat.Csv, RecordKind.Events, "events-half-unknown.csv");

        // Counted with a few lines of awk over both files.
        var known = (await File.ReadAllLinesAsync(Case("items.csv"), Ct)).Skip(1).Select(line => line.Split(',')[0]).ToHashSet();
        var rows = (await File.ReadAllLinesAsync(Case("events-half-unknown.csv"), Ct)).Skip(1).Select(line => line.Split(',')[2]).ToList();
        var unknown = rows.Count(item => !known.Contains(item));
        Assert.InRange(unknown, 1, rows.Count - 1);
        Assert.Equal((unknown, rows.Count - unknown), (report.UnknownItems!.Events, report.Events.Values.Sum()));
        AssertNothingLost(report);
    }

    [Fact]
    public async Task OneEventIn2199_IsRefusedByName()
    {
        await ItemsAsync();

        var report = await ImportAsync(RecordFormat.Csv, RecordKind.Events, "events-one-in-2199.csv");

        Assert.Equal((601, 1, 600), (report.Read, report.Rejected, report.Events.Values.Sum()));
        Assert.Contains("later than now", await File.ReadAllTextAsync(report.RejectsPath!, Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LowRatings_CountAgainst()
    {
        await ItemsAsync();

        var report = await ImportAsync(RecordFormat.Csv, RecordKind.Events, "ratings-low-is-hate.csv");

        Assert.All(await EventsAsync(), e => Assert.Equal(e.Value switch { >= 4 => EventMeaning.Positive, <= 2 => EventMeaning.Negative,
            _ => EventMeaning.Neutral },
            e.Meaning ?? EventTypes.MeaningOf(e.Type)));
        Assert.Contains(report.Notes, note => note.Contains("from 4 on a wish, down from 2 count against", StringComparison.Ordinal));
        // 100 users rated item 60 with 1, more often than any other; it is among those that nobody wanted.
        var (log, state) = await FoldedAsync();
        Assert.True(log.Items.TryGetNumber("60", out var hated));
        Assert.Equal(log.Events.ToArray().GroupBy(e => e.Item).MaxBy(item => item.Count())!.Key, hated);
        Assert.Equal(0, state.ItemStates.PositivesOf(hated));
        state.ItemStates.Read(hated, out var against);
        Assert.Equal(100, against.Rejections);
    }

    [Fact]
    public async Task RatingsTo10_HaveTheirScaleAndThresholdsSaidAloud()
    {
        await ItemsAsync();

        var report = await ImportAsync(RecordFormat.Csv, RecordKind.Events, "ratings-0-to-10.csv");

        var note = Assert.Single(report.Notes, note => note.Contains("ratings go from 0 to 10", StringComparison.Ordinal));
        Assert.Contains("from 7 on", note, StringComparison.Ordinal);
        Assert.Contains("from 3", note, StringComparison.Ordinal);
        Assert.All(await EventsAsync(), e => Assert.Equal(e.Value switch { >= 7 => EventMeaning.Positive, <= 3 => EventMeaning.Negative,
            _ => EventMeaning.Neutral },
            e.Meaning ?? EventTypes.MeaningOf(e.Type)));
    }

    [Fact]
    public async Task RatingsTo10_WithRules_GoByThem()
    {
        await ItemsAsync();

        await ImportAsync(RecordFormat.Csv, RecordKind.Events, "ratings-0-to-10.csv", options => options with
        {
            Positive = [MeaningRule.Parse("rating>=9")], Negative = [MeaningRule.Parse("rating<=1")],
        });

        Assert.All(await EventsAsync(), e => Assert.Equal(e.Value switch { >= 9 => EventMeaning.Positive, <= 1 => EventMeaning.Negative,
            _ => EventMeaning.Neutral },
            e.Meaning ?? EventTypes.MeaningOf(e.Type)));
    }

    [Fact]
    public async Task Refunds_TakePurchasesBack()
    {
        await ItemsAsync();

        var report = await ImportAsync(RecordFormat.Json, RecordKind.Events, "purchases-with-refunds.jsonl");

        var events = await EventsAsync();
        var refunds = events.Where(e => e.Value < 0).ToList();
        Assert.NotEmpty(refunds);
        Assert.Equal(refunds.Count, report.TakenBack);
        Assert.All(refunds, e => Assert.Equal(EventMeaning.Undo, e.Meaning));
        Assert.All(events.Except(refunds), e => Assert.Null(e.Meaning));
        // Counters go down by one for each, as long as there is something to take back.
        var (log, state) = await FoldedAsync();
        foreach (var item in events.GroupBy(e => e.ItemId))
        {
            Assert.True(log.Items.TryGetNumber(item.Key, out var number));
            var left = item.OrderBy(e => e.Time).Aggregate(0, (count, e) => e.Value < 0 ? Math.Max(0, count - 1) : count + 1);
            state.ItemStates.Read(number, out var counters);
            Assert.Equal(left, counters.Conversions);
            Assert.Equal(left, state.ItemStates.PositivesOf(number));
        }
    }

    private async Task<(InteractionLog Log, FeatureState State)> FoldedAsync()
    {
        var log = await Database.Log.ReadAsync(null, null, Ct);
        var state = new FeatureState(log.Items);
        Replay.Run(log, state, _ => false, (_, _) => { }, Ct);
        return (log, state);
    }

    [Fact]
    public async Task RowsWithoutAUser_AreCountedApart()
    {
        await ItemsAsync();

        var report = await ImportAsync(RecordFormat.Csv, RecordKind.Events, "events-without-user.csv");

        var without = (await File.ReadAllLinesAsync(Case("events-without-user.csv"), Ct)).Skip(1).Count(line =>
            line.Split(',')[1].Length == 0);
        Assert.InRange(without, 1, 399);
        Assert.Equal((400, 0, without, 400 - without), (report.Read, report.Rejected, report.Anonymous, report.Events.Values.Sum()));
        AssertNothingLost(report);
    }

    [Fact]
    public async Task RowsWithoutAUser_WithASession_AreThatSessions()
    {
        await ItemsAsync();

        var report = await ImportAsync(RecordFormat.Csv, RecordKind.Events, "events-without-user.csv",
            options => options with { Anonymous = new AnonymousRows("session_id") });

        Assert.Equal((0, 400), (report.Anonymous, report.Events.Values.Sum()));
        var fourth = (await EventsAsync()).Single(e => e.Id == "a4");
        Assert.Equal(("s0", "s0"), (fourth.UserId, fourth.SessionId));
    }

    [Theory]
    [InlineData("items-placeholder-titles.csv")]
    [InlineData("items-one-category.csv")]
    public async Task Items_WithoutTitlesOrCategories_AreTaken(string file)
    {
        var report = await ImportAsync(RecordFormat.Csv, RecordKind.Items, file);

        Assert.Equal((60, 60, 0), (report.Read, report.Items.Added, report.Rejected));
    }

    [Fact]
    public async Task NumericIds_AreTaken()
    {
        await ItemsAsync();

        var report = await ImportAsync(RecordFormat.Json, RecordKind.Events, "events-numeric-ids.jsonl");

        Assert.Equal((100, 100), (report.Read, report.Events.Values.Sum()));
        Assert.Equal(("1", "2"), (await EventsAsync()).Where(e => e.Id == "j1").Select(e => (e.UserId, e.ItemId)).Single());
    }

    [Fact]
    public async Task Seconds_Semicolons_AndOtherNames_AreTakenAndSaidAloud()
    {
        await ItemsAsync();

        var report = await ImportAsync(RecordFormat.Csv, RecordKind.Events, "events-seconds.csv");

        Assert.Equal((200, 200), (report.Read, report.Events.Values.Sum()));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1760000001), (await EventsAsync())[0].Time);
        Assert.Contains(report.Notes, note => note.Contains("semicolons", StringComparison.Ordinal));
        Assert.Contains(report.Notes, note => note.Contains("UserId as user_id", StringComparison.Ordinal));
        Assert.Contains(report.Notes, note => note.Contains("seconds (200)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tabs_WindowsLineEnds_AndZones_AreTaken()
    {
        await ItemsAsync();

        var report = await ImportAsync(RecordFormat.Csv, RecordKind.Events, "events-tabs-crlf.tsv");

        // Without ids, rows of equal content are one event.
        var different = (await File.ReadAllLinesAsync(Case("events-tabs-crlf.tsv"), Ct)).Skip(1).Distinct().Count();
        Assert.Equal((200, different, 200 - different), (report.Read, report.Events.Values.Sum(), report.Duplicates));
        var times = (await EventsAsync()).Select(e => e.Time).ToHashSet();
        // 2026-01-02T10:00:00+05:30 in UTC.
        Assert.Contains(new DateTimeOffset(2026, 1, 2, 4, 30, 0, TimeSpan.Zero), times);
    }

    [Fact]
    public async Task Gzip_IsUnpacked()
    {
        await ItemsAsync();

        var report = await ImportAsync(RecordFormat.Csv, RecordKind.Events, "events.csv.gz");

        AssertNothingLost(report);
        Assert.Equal((0, report.Read), (report.Rejected, report.Events.Values.Sum()));
        Assert.InRange(report.Read, 100, 1_000);
    }

    [Fact]
    public async Task JsonArray_IsTaken()
    {
        var report = await ImportAsync(RecordFormat.Json, RecordKind.Items, "items-array.json");

        Assert.Equal((60, 60), (report.Read, report.Items.Added));
        Assert.Equal("Item 60", (await ItemAsync("60"))!.Title);
    }

    [Fact]
    public async Task OddIds_AreRefusedWhereTheyCouldNotBeAskedFor()
    {
        var report = await ImportAsync(RecordFormat.Csv, RecordKind.Items, "items-odd-ids.csv", options =>
            options with { MaxRejects = 0.5 });

        Assert.Equal((10, 7, 3), (report.Read, report.Items.Added, report.Rejected));
        foreach (var id in (string[])[".", "..", "../x"]) Assert.Null(await ItemAsync(id));
        foreach (var id in (string[])["a/b", "a:b", "%41", "ü", "日本", "a b", "q\"q"])
        {
            Assert.NotNull(await ItemAsync(id));
            Assert.Null(Identifiers.Fault(id));
        }
    }
}
