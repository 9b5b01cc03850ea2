using System.IO.Compression;
using System.Text;
using RecSys.Core.Domain;
using RecSys.Core.Import;
using RecSys.Core.Import.Meaning;
using RecSys.Core.Import.Rows;
using RecSys.Core.Storage.Parquet;
using ZstdSharp;

namespace RecSys.Tests.Import;

/// <summary>The general formats as people write them: names, separators, units, packing, many files.</summary>
public sealed class FormatTests : ImportTest
{
    private const string Header = "user_id,item_id,type,time";

    private Task<ImportReport> ImportAsync(
        string content, RecordKind kind = RecordKind.Events, RecordFormat format = RecordFormat.Csv, Func<ImportOptions,
            ImportOptions>? with = null) =>
        ImportAsync([Source.Write("rows", content)], kind, format, with);

    private async Task<ImportReport> ImportAsync(
        string[] paths, RecordKind kind = RecordKind.Events, RecordFormat format = RecordFormat.Csv, Func<ImportOptions,
            ImportOptions>? with = null)
    {
        if (kind == RecordKind.Events) await KnowItemsAsync("i", "7");
        return await new RecordImporter(Target, with is null ? Options : with(Options)).ImportAsync(format, kind, paths, null, Ct);
    }

    private async Task<string> FailureAsync(string content, RecordKind kind = RecordKind.Events, RecordFormat format = RecordFormat.Csv,
        Func<ImportOptions, ImportOptions>? with = null) =>
        (await Assert.ThrowsAsync<RecSysException>(() => ImportAsync(content, kind, format, with))).Message;

    private static async Task<string> RejectsAsync(ImportReport report) => await File.ReadAllTextAsync(report.RejectsPath!, Ct);

    private static Func<ImportOptions, ImportOptions> Column(string field, string column) =>
        options => options with { Columns = new Dictionary<string, string> { [field] = column } };

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
    public async Task Zstd_IsUnpacked()
    {
        var path = Source["rows.csv.zst"];
        await using (var packed = new CompressionStream(File.Create(path), leaveOpen: false))
            await packed.WriteAsync(Encoding.UTF8.GetBytes($"{Header}\nu,i,click,1700000000\n"), Ct);

        Assert.Equal(1, (await ImportAsync([path])).Events[EventType.Click]);
    }

    [Theory]
    [InlineData("gz")]
    [InlineData("zst")]
    public async Task PackedFile_CutOffAnywhere_IsNeverTakenForAShorterOne(string ending)
    {
        var content = Encoding.UTF8.GetBytes($"{Header}\n{string.Concat(Enumerable.Range(0, 2_000).Select(i => $"u{i * 7919},i,click,{1700000000 + i * 31}\n"))}");
        using var packed = new MemoryStream();
        await using (Stream packing = ending == "gz" ? new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)
            : new CompressionStream(packed, leaveOpen: true))
            await packing.WriteAsync(content, Ct);
        var bytes = packed.ToArray();
        var path = Source[$"rows.csv.{ending}"];
        foreach (var kept in (int[])[bytes.Length - 1, bytes.Length - 8, bytes.Length - 9, bytes.Length / 2, 40])
        {
            await File.WriteAllBytesAsync(path, bytes[..kept], Ct);

            var failure = await Assert.ThrowsAsync<RecSysException>(() => ImportAsync([path]));

            Assert.Contains("not copied to its end", failure.Message, StringComparison.Ordinal);
        }
        await AssertEmptyAsync();
        await File.WriteAllBytesAsync(path, bytes, Ct);
        Assert.Equal(2_000, (await ImportAsync([path])).Kept);
    }

    [Fact]
    public async Task Gzip_OfSeveralMembers_IsReadToItsEnd()
    {
        var path = Source["rows.csv.gz"];
        await using (var file = File.Create(path))
        {
            foreach (var part in (string[])[$"{Header}\nu,i,click,1700000000\n", "v,i,click,1700000000\n"])
            {
                await using var packing = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true);
                await packing.WriteAsync(Encoding.UTF8.GetBytes(part), Ct);
            }
        }

        Assert.Equal(2, (await ImportAsync([path])).Kept);
    }

    [Fact]
    public async Task Paths_FolderPatternAndFiles_AreOneImport()
    {
        Directory.CreateDirectory(Source["logs"]);
        Source.Write("logs/a.csv", $"{Header}\na,i,click,1700000000\n");
        Source.Write("logs/b.csv", $"{Header}\nb,i,click,1700000001\n");
        Source.Write("logs/readme.md", "no rows");
        var single = Source.Write("c.csv", $"{Header}\nc,i,click,1700000002\n");

        Assert.Equal(2, (await ImportAsync([Source["logs"]])).Events[EventType.Click]);
        Assert.Equal(2, (await ImportAsync([Source["logs/*.csv"]])).Duplicates);
        Assert.Equal((2, 1), await ImportAsync([Source["logs/?.csv"], single]) is var all ? (all.Duplicates, all.Events[EventType.Click])
            : default);
        Assert.Contains("There is no file for", (await Assert.ThrowsAsync<RecSysException>(() =>
            ImportAsync([Source["logs/*.tsv"]]))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task DryRun_SaysWhatWouldComeInAndStoresNothing()
    {
        var report = await ImportAsync($"{Header}\nu,i,click,1700000000\nu,x,view,1700000001\n", with: options =>
            options with { DryRun = true });

        Assert.Equal((1, 1, true), (report.Events[EventType.Click], report.UnknownItems!.Events, report.DryRun));
        Assert.Equal("type=click, user_id=u, item_id=i, time=2023-11-14T22:13:20.000Z", report.FirstRows[0].Split(", id=")[0]);
        Assert.Equal((0, 0), await Database.Contents.CountAsync(Ct) is var counts ? (counts.Events, counts.Parked) : default);
    }

    [Theory]
    [InlineData("""{"id":"a","title":"t","title":"u"}""", "title is there twice, at byte 22")]
    [InlineData("""{"id":"a","x":{"y":1,"y":2}}""", "y is there twice, at byte 21")]
    [InlineData("""{"id":"a",}""", "the row is not JSON, at byte 10")]
    public async Task Json_RepeatedOrBrokenNames_AreNamedWithTheirByte(string row, string reason)
    {
        var report = await ImportAsync("{\"id\":\"b\"}\n" + row, RecordKind.Items, RecordFormat.Json, options =>
            options with { MaxRejects = 0.5 });

        Assert.Equal(1, report.Rejected);
        Assert.Contains($"rows\t2\t{reason}", await RejectsAsync(report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_UnknownFieldOfAnEvent_IsNamedWithItsByteAndTheNearest()
    {
        var message = await FailureAsync("""{"user_id":"u","item_id":"i","type":"view","time":1700000000,"positon":1}""", format: RecordFormat.Json);

        Assert.Contains("line 1: positon, at byte 61, is no field of events; did you mean position?", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[{\"id\":\"a\"},{\"id\":\"b\"}", "the end of the array is missing")]
    [InlineData("[{\"id\":\"a\"},{\"id\":\"b\"", "not closed")]
    [InlineData("[{\"id\":\"a\"} {\"id\":\"b\"}]", "comma")]
    [InlineData("[{\"id\":\"a\"}] x", "behind the end")]
    [InlineData("[{\"id\":\"a\"},]", "element is missing")]
    public async Task JsonArray_Broken_IsRefusedAsAWhole(string content, string reason)
    {
        Assert.Contains(reason, await FailureAsync(content, RecordKind.Items, RecordFormat.Json), StringComparison.Ordinal);
        Assert.Equal(0, (await Database.Contents.CountAsync(Ct)).Items);
    }

    [Fact]
    public async Task JsonArray_OverSeveralLines_CountsElements()
    {
        var report = await ImportAsync("[\n{\"id\":\"a\"},\n{\"id\":\n5.5\n},\n7,\n{\"id\":\"b\"}\n]\n", RecordKind.Items,
            RecordFormat.Json,
            options => options with { MaxRejects = 0.9 });

        Assert.Equal((4, 2, 2), (report.Read, report.Rejected, report.Items.Added));
        Assert.Contains("rows\t3\t", await RejectsAsync(report), StringComparison.Ordinal);
        Assert.Contains("rows\t6\t", await RejectsAsync(report), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PAR1", "Parquet")]
    [InlineData("PK\u0003\u0004", "ZIP")]
    [InlineData("SQLite format 3\0", "SQLite")]
    [InlineData("id\nab\0c\n", "byte 5 (in line 2) is 0x00")]
    public async Task BinaryFile_IsRefusedWithWhatItIs(string content, string what) =>
        Assert.Contains(what, await FailureAsync(content, RecordKind.Items), StringComparison.Ordinal);

    [Fact]
    public async Task Utf16_IsRefusedWithTheCommandThatHelps()
    {
        await File.WriteAllTextAsync(Source["rows.csv"], "id\na\n", Encoding.Unicode, Ct);

        var failure = await Assert.ThrowsAsync<RecSysException>(() => ImportAsync([Source["rows.csv"]], RecordKind.Items));

        Assert.Contains("iconv", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Counts_AreOfWhatIsStored()
    {
        var first = await ImportAsync("id,title\na,1\nb,1\na,2\nb,1\n", RecordKind.Items);
        var second = await ImportAsync("id,title\na,3\nb,1\nc,1\n", RecordKind.Items);

        Assert.Equal((4, 2, new StoredCounts(2, 0, 0)), (first.Kept, first.Replaced, first.Items));
        Assert.Equal(new StoredCounts(1, 1, 1), second.Items);
        Assert.Equal("3", (await ItemAsync("a"))!.Title);
    }

    [Fact]
    public async Task StrayQuotes_ThatJoinRows_AreNeverOneSoundRow()
    {
        // The quote opened in line 3 is closed by the one in line 5: three rows that RFC 4180 takes for one with three fields.
        var report = await ImportAsync("id,title,category\n1,a,c\n2,\"TV 24 inch,c\n3,b,c\n4,Foo 12\",c\n5,d,c\n", RecordKind.Items,
            with: options => options with { MaxRejects = 0.9 });

        Assert.Equal((5, 2, 3), (report.Read, report.Items.Added, report.Rejected));
        Assert.Contains("(the row covers 3 lines)", await RejectsAsync(report), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("id,title,\"category\n1,a,c\n2,b,\"c\n3,d,c\n")]
    [InlineData("id,title,\"category\n1,a,c\n2,b,c\n")]
    [InlineData("id,title,\"category\n1,a,c\",price\n2,b,c,1\n")]
    public async Task Header_WithAQuoteThatDrawsRowsIn_IsRefused(string content)
    {
        Assert.Contains("header", await FailureAsync(content, RecordKind.Items), StringComparison.Ordinal);
        Assert.Equal(0, (await Database.Contents.CountAsync(Ct)).Items);
    }

    [Fact]
    public async Task TextOfSeveralLines_IsOneRow()
    {
        var report = await ImportAsync("id,title,description,price\n1,Coat,\"Warm, soft.\nMade of wool.\n\nWash, gently, cold.\",5\n",
            RecordKind.Items);

        Assert.Equal((1, 0), (report.Items.Added, report.Rejected));
        Assert.Equal("Warm, soft.\nMade of wool.\n\nWash, gently, cold.", (await ItemAsync("1"))!.Description);
    }

    [Fact]
    public async Task OnlyRowsWithoutAUser_AreRefusedWithTheOptionThatHelps() => Assert.Contains("--anonymous session:",
        await FailureAsync($"{Header}\n,i,click,1700000000\nnan,i,click,1700000000\n"), StringComparison.Ordinal);

    [Theory]
    [InlineData("rating>>4")]
    [InlineData("ratings>=4")]
    [InlineData("")]
    [InlineData("rating>=x")]
    public void Rule_ThatIsNone_SaysHowToWriteOne(string rule) =>
        Assert.Contains("rating>=4", Assert.Throws<RecSysException>(() => MeaningRule.Parse(rule)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("VARCHAR", "VARCHAR", "TIMESTAMP WITH TIME ZONE")]
    [InlineData("BIGINT", "DOUBLE", "BIGINT")]
    [InlineData("HUGEINT", "UTINYINT", "DOUBLE")]
    [InlineData("VARCHAR", "INTEGER", "VARCHAR")]
    public async Task Parquet_ColumnsOfAnyKind_AreTheSameEvent(string user, string item, string time)
    {
        // A name that would be a pattern, and a quote.
        var path = Source["rows [1]*'x.parquet"];
        ParquetSample.Write(path,
            [("user_id", user), ("item_id", item), ("type", "VARCHAR"), ("time", time), ("value", "DOUBLE")],
            [["5", "7", "view", time.Contains("TIMESTAMP", StringComparison.Ordinal) ? "2023-11-14 22:13:20+00" : "1700000000", "1.5"],
                ["5", "7", "view", "later", "1"]]);

        var report = await ImportAsync([path], format: RecordFormat.Parquet, with: options => options with { MaxRejects = 0.5 });

        Assert.Equal((2, 1), (report.Read, report.Rejected));
        var e = Assert.Single(await EventsAsync());
        Assert.Equal(("5", "7", 1.5, 1_700_000_000), (e.UserId, e.ItemId, e.Value, e.Time.ToUnixTimeSeconds()));
    }

    [Fact]
    public async Task Parquet_OfItems_TakesListsAndNumbers()
    {
        var path = Source["items.parquet"];
        ParquetSample.Write(path, [("id", "BIGINT"), ("name", "VARCHAR"), ("tags", "VARCHAR[]"), ("price", "FLOAT"), ("weight", "DOUBLE")],
            [["1", "Lamp", "[a, b]", "2.5", "nan"]]);

        await ImportAsync([path], RecordKind.Items, RecordFormat.Parquet);

        var item = (await ItemAsync("1"))!;
        Assert.Equal(("Lamp", 2.5, 0), (item.Title, item.Price, item.Attributes.Count));
        Assert.Equal(["a", "b"], item.Tags);
    }

    [Fact]
    public async Task Parquet_ThatIsNone_IsRefused()
    {
        var path = Source.Write("x.parquet", "id\na\n");

        Assert.Contains("Parquet", (await Assert.ThrowsAsync<RecSysException>(() => ImportAsync([path],
            format: RecordFormat.Parquet))).Message,
            StringComparison.Ordinal);
        Assert.Throws<RecSysException>(() => ParquetReader.Open(Source["none"]));
    }
}
