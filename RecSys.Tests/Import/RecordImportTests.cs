using RecSys.Core.Domain;
using RecSys.Core.Import;
using RecSys.Tests.Storage;

namespace RecSys.Tests.Import;

/// <summary>Rows and files that are not what they should be, and what becomes of fields and ids.</summary>
public sealed class RecordImportTests : RecordImportTest
{
    [Theory]
    [InlineData("jsonl", """{"user_id":"u","item_id":"i","type":"view","time":1700000000000,"value":3}""",
        """{"value":3,"user_id":"u","item_id":"i","type":"view","time":"2023-11-14T23:13:20+01:00"}""")]
    [InlineData("csv", "user_id,item_id,type,time,value\nu,i,view,1700000000000,3",
        "value,time,type,item_id,user_id\n3.0,2023-11-14T23:13:20+01:00,view,i,u")]
    public async Task ImportAsync_EventWithoutAnId_IsTheSameEventHoweverItIsWritten(string format, string first, string second)
    {
        var added = await ImportAsync(format, RecordKind.Events, first);
        var again = await ImportAsync(format, RecordKind.Events, second);

        Assert.Equal((1, 0), (added.Events[EventType.View], added.Duplicates));
        Assert.Equal((0, 1), (again.Events.Count, again.Duplicates));
        Assert.Equal(1, (await Database.Contents.CountAsync(Ct)).Events);
    }

    [Fact]
    public async Task ImportAsync_EventsWithoutIdsThatDiffer_AreDifferentEvents()
    {
        const string Base = "\"user_id\":\"u\",\"item_id\":\"i\",\"type\":\"view\",\"time\":1700000000000";
        string[] rows =
        [
            $"{{{Base}}}", $"{{{Base},\"value\":1}}", $"{{{Base},\"position\":1}}", $"{{{Base},\"device\":\"tv\"}}",
                $"{{{Base},\"location\":\"tv\"}}",
            $"{{{Base},\"request_id\":\"tv\"}}", $"{{{Base.Replace("\"i\"", "\"j\"", StringComparison.Ordinal)}}}",
            $"{{{Base.Replace("view", "click", StringComparison.Ordinal)}}}",
        ];

        var report = await ImportAsync("jsonl", RecordKind.Events, string.Join('\n', rows));

        Assert.Equal((rows.Length, 0), (report.Events.Values.Sum(), report.Duplicates));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"id":"1","user_id":"u","item_id":"i","type":"click","time":1700000000000,}""")]
    [InlineData("""{"id":"1","user_id":"u","item_id":"i","type":"click","time":1700000000000} //""")]
    [InlineData("""{"id":"1","user_id":"u","item_id":"i","type":"click","time":1700000000000}{}""")]
    [InlineData("""{"id":"1","user_id":"u","user_id":"v","item_id":"i","type":"click","time":1700000000000}""")]
    [InlineData("""{"id":"1","user_id":"u","item_id":"i","type":"click","time":1.5}""")]
    [InlineData("""{"id":"1","user_id":"u","item_id":"i","type":"click","time":"2023-11-14T23:13:20"}""")]
    [InlineData("""{"id":"1","user_id":"u","item_id":"i","type":"click","time":"2023-02-30T23:13:20Z"}""")]
    [InlineData("""{"id":"1","user_id":"u","item_id":"i","type":"click","time":"9999-12-31T23:59:59Z"}""")]
    [InlineData("""{"id":"1","user_id":"u","item_id":"i","type":"click"}""")]
    [InlineData("""{"id":"1","user_id":"a\nb","item_id":"i","type":"click","time":1700000000000}""")]
    [InlineData("""{"id":"1","user_id":"a\u0000b","item_id":"i","type":"click","time":1700000000000}""")]
    [InlineData("""{"id":"1","user_id":"a\ud800b","item_id":"i","type":"click","time":1700000000000}""")]
    [InlineData("""{"\ud800":"1","user_id":"a","item_id":"i","type":"click","time":1700000000000}""")]
    [InlineData("""{"id":"1","user_id":"u","item_id":"i","type":"click","time":1700000000000,"value":"3"}""")]
    [InlineData("""{"id":"1","user_id":"u","item_id":"i","type":"click","time":1700000000000,"value":1e309}""")]
    [InlineData("""{"id":"1","user_id":"u","item_id":"i","type":"click","time":1700000000000,"value":NaN}""")]
    [InlineData("""{"id":"1","user_id":"u","item_id":"i","type":"click","time":1700000000000,"position":1.5}""")]
    [InlineData("""{"id":"1","user_id":"u","item_id":"i","type":"click","time":1700000000000,"position":-1}""")]
    [InlineData("""{"id":"1","user_id":"u","item_id":"i","type":"click","time":1700000000000,"positon":1}""")]
    public async Task ImportAsync_MalformedJsonEvent_IsRejectedAndItsNeighboursAreKept(string row)
    {
        var good = """{"id":"a","user_id":"u","item_id":"i","type":"click","time":"2023-11-14T22:13:20Z"}""";

        var report = await ImportAsync("jsonl", RecordKind.Events,
            $"{good}\n{row}\n{good.Replace("\"a\"", "\"b\"", StringComparison.Ordinal)}\n", maxRejects: 0.5);

        Assert.Equal((3, 2, 1), (report.Read, report.Kept, report.Rejected));
        Assert.Equal(["a", "b"], (await EventsAsync()).Select(e => e.Id));
        Assert.Contains("rows\t2\t", await File.ReadAllTextAsync(report.RejectsPath!, Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ImportAsync_InvalidUtf8_IsRejected()
    {
        var path = Source["rows"];
        await File.WriteAllBytesAsync(path, [.. "{\"id\":\"a\"}\n{\"id\":\""u8, 0xC3, .. "\"}\n"u8], Ct);

        var json = await ImportAsync("jsonl", RecordKind.Users, path, Options with { MaxRejects = 0.5 });
        await File.WriteAllBytesAsync(path, [.. "id\na\nb"u8, 0xC3, .. "\n"u8], Ct);
        var csv = await ImportAsync("csv", RecordKind.Users, path, Options with { MaxRejects = 0.5 });

        Assert.Equal((1, 1, 1, 1), (json.Kept, json.Rejected, csv.Kept, csv.Rejected));
    }

    [Theory]
    [InlineData("u,i,click,1700000000000")]
    [InlineData("1,u,i,click,1700000000000,,")]
    [InlineData("1,u,i,click,1700000000000,x")]
    [InlineData("1,u,i,click,1700000000000,\"1,5\"")]
    [InlineData("1,u,i,click,1700000000000,1\"")]
    [InlineData("1,u,i,click,1700000000000,Infinity")]
    [InlineData("1,u,i,click,-1,1")]
    [InlineData("1,u,i,clicks,1700000000000,1")]
    public async Task ImportAsync_MalformedCsvEvent_IsRejectedAndItsNeighboursAreKept(string row)
    {
        var report = await ImportAsync("csv", RecordKind.Events,
            $"id,user_id,item_id,type,time,value\na,u,i,click,1700000000000,\n{row}\nb,u,i,click,1700000000000,1.5\n", maxRejects: 0.5);

        Assert.Equal((3, 2, 1), (report.Read, report.Kept, report.Rejected));
        Assert.Equal(["a", "b"], (await EventsAsync()).Select(e => e.Id));
        Assert.Contains("rows\t3\t", await File.ReadAllTextAsync(report.RejectsPath!, Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ImportAsync_OtherFieldsOfUsersAndItems_BecomeAttributes()
    {
        await ImportAsync("jsonl", RecordKind.Users, """{"id":"u","age":30,"occupation":"cook","visits":3,"member":true,"note":null}""");
        await ImportAsync("csv", RecordKind.Items, "id,title,category,brand,size\ni,T,c,acme,\n");

        Assert.Equal(
            new Dictionary<string, string> { ["occupation"] = "cook", ["visits"] = "3", ["member"] = "true" },
            (await Database.Contents.FindUserAsync("u", Ct))!.Attributes);
        Assert.Equal(new Dictionary<string, AttributeValue> { ["brand"] = "acme" }, (await ItemAsync("i"))!.Attributes);
    }

    [Fact]
    public async Task ImportAsync_AttributesOfItems_HaveTheKindThatTheyShow()
    {
        await ImportAsync("jsonl", RecordKind.Items,
            """{"id":"j","title":"T","category":"c","size":12.5,"code":"12","live":true,"since":"2026-01-31T12:00:00+01:00","colours":["red","blue"],"none":null}""");
        await ImportAsync("csv", RecordKind.Items,
            "id,title,category,size,zip,live,since,colours:list,code:text,level:number,ended:time\nc,T,c,12.5,007,true,2026-01-31T11:00:00Z,red|blue,12,07,1700000000000\n");

        var since = AttributeValue.Of(new DateTimeOffset(2026, 1, 31, 11, 0, 0, TimeSpan.Zero));
        Assert.Equal(
            new Dictionary<string, AttributeValue>
            {
                ["size"] = AttributeValue.Of(12.5), ["code"] = "12", ["live"] = AttributeValue.Of(true), ["since"] = since,
                    ["colours"] = AttributeValue.Of(["red", "blue"]),
            },
            (await ItemAsync("j"))!.Attributes);
        Assert.Equal(
            new Dictionary<string, AttributeValue>
            {
                ["size"] = AttributeValue.Of(12.5), ["zip"] = "007", ["live"] = AttributeValue.Of(true), ["since"] = since,
                    ["colours"] = AttributeValue.Of(["red", "blue"]),
                ["code"] = "12", ["level"] = AttributeValue.Of(7.0),
                ["ended"] = AttributeValue.Of(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000)),
            },
            (await ItemAsync("c"))!.Attributes);
    }

    [Theory]
    [InlineData("""{"id":"j","title":"T","category":"c","size":{"w":1}}""", "size is an object")]
    [InlineData("""{"id":"j","title":"T","category":"c","sizes":["s",1]}""", "sizes is not an array of strings")]
    [InlineData("""{"id":"j","title":"T","category":"c","size:number":"12"}""", "size:number is not a number")]
    [InlineData("""{"id":"j","title":"T","category":"c","size:number":12,"size":"12"}""", "size is there twice")]
    [InlineData("""{"id":"j","title":"T","category":"c","size":1e309}""", "size is not a number")]
    public async Task ImportAsync_AttributeOfNoKind_IsRejectedWithTheReason(string row, string reason)
    {
        var report =
            await ImportAsync("jsonl", RecordKind.Items, """{"id":"a","title":"T","category":"c"}""" + "\n" + row, maxRejects: 0.5);

        Assert.Equal(1, report.Rejected);
        Assert.Contains(reason, await File.ReadAllTextAsync(report.RejectsPath!, Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ImportAsync_ByteOrderMarkAndWindowsLineEnds_AreNoPartOfTheData()
    {
        await ImportAsync("jsonl", RecordKind.Users, "\ufeff{\"id\":\"a\"}\r\n\r\n{\"id\":\"b\"}\r\n");
        await ImportAsync("csv", RecordKind.Users, "\ufeffid,gender\r\nc,F\r\n");

        Assert.Equal(["a", "b", "c"], (await Database.Contents.ReadUsersAsync(Ct).ToListAsync(Ct)).Select(stored => stored.User.Id));
        Assert.Equal("F", (await Database.Contents.FindUserAsync("c", Ct))!.Gender);
    }

    [Fact]
    public async Task ImportAsync_UnusableFiles_SayWhyAndLeaveNothing()
    {
        Assert.Contains("has no rows", (await FailsAsync("jsonl", RecordKind.Users, "")).Message, StringComparison.Ordinal);
        Assert.Contains("is empty", (await FailsAsync("csv", RecordKind.Users, "")).Message, StringComparison.Ordinal);
        Assert.Contains("has no rows", (await FailsAsync("csv", RecordKind.Users, "id\n")).Message, StringComparison.Ordinal);
        Assert.Contains("no column user_id, item_id, time (it has: type", (await FailsAsync("csv", RecordKind.Events,
            "type\nview\n")).Message,
            StringComparison.Ordinal);
        Assert.Contains("id twice", (await FailsAsync("csv", RecordKind.Users, "id,id\n1,2\n")).Message, StringComparison.Ordinal);
        Assert.Contains("column 2", (await FailsAsync("csv", RecordKind.Users, "id,\n1,2\n")).Message, StringComparison.Ordinal);
        Assert.Contains("column clicks", (await FailsAsync("csv", RecordKind.Events, "user_id,item_id,type,time,clicks\n")).Message,
            StringComparison.Ordinal);
        Assert.Contains("There is no file for", (await Assert.ThrowsAsync<RecSysException>(
            () => ImportAsync("csv", RecordKind.Users, Source.Path, Options))).Message,
                StringComparison.Ordinal);
        Assert.Contains("cannot be read", (await Assert.ThrowsAsync<RecSysException>(
            () => ImportAsync("jsonl", RecordKind.Users, Source["none"], Options))).Message,
                StringComparison.Ordinal);
        await AssertEmptyAsync();
        // A failed import must not keep the store locked.
        await Database.EventLog.AppendAsync([new UserPut(Sample.User("u"))], Ct);
    }

    [Fact]
    public async Task ImportAsync_UnclosedQuote_DoesNotSwallowTheFileSilently()
    {
        var rows = string.Concat(Enumerable.Range(0, 1000).Select(i => i == 500 ? $"u{i},\"F\n" : $"u{i},F\n"));

        await FailsAsync("csv", RecordKind.Users, $"id,gender\n{rows}");

        await AssertEmptyAsync();
    }

    [Fact]
    public async Task ImportAsync_MoreRejectsThanAllowed_LeavesTheStoreAsBefore()
    {
        await ImportAsync("csv", RecordKind.Users, "id,age\nu,1\n");
        var rows = string.Concat(Enumerable.Range(0, 98).Select(i => $"{{\"id\":\"{i}\"}}\n"));

        Assert.Equal(2,
            (await ImportAsync("jsonl", RecordKind.Items,
            rows.Replace("}", ",\"title\":\"t\",\"category\":\"c\"}", StringComparison.Ordinal) + "x\nx\n", maxRejects: 0.02)).Rejected);
        var failure =
            await Assert.ThrowsAsync<RecSysException>(() => ImportAsync("jsonl", RecordKind.Users, rows + "x\nx\nx\n", maxRejects: 0.02));

        Assert.Contains("3 of 101", failure.Message, StringComparison.Ordinal);
        Assert.Contains("jsonl-users-rejects.tsv", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await Database.Contents.CountAsync(Ct)).Users);
    }

    [Fact]
    public async Task ImportAsync_RejectedRow_IsShortenedAndKeptOnOneLine()
    {
        var report =
            await ImportAsync("jsonl", RecordKind.Users, "{\"id\":\"a\"}\n\t\u0001" + new string('y', 5000) + "\n", maxRejects: 0.5);

        var lines = await File.ReadAllLinesAsync(report.RejectsPath!, Ct);
        Assert.Equal(2, lines.Length);
        Assert.Equal(4, lines[1].Split('\t').Length);
        Assert.InRange(lines[1].Length, 100, 400);
    }
}
