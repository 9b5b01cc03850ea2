using RecSys.Core.Domain;
using RecSys.Core.Import;

namespace RecSys.Tests.Import;

/// <summary>What databases, data frames and spreadsheets write for nothing, and numbers as some countries write them.</summary>
public sealed class NoValueTests : FormatTest
{
    public static TheoryData<string> Words => ["NULL", "null", "nan", "NaN", "None", "NA", "n/a", "<NA>", "\\N"];

    [Theory]
    [MemberData(nameof(Words))]
    public async Task Table_WordForNothing_IsNoValueInFieldsOfEveryKind(string word)
    {
        var events = await ImportAsync(
            $"{Header},value,amount,currency,position,meaning\nu,i,purchase,1700000000,{word},{word},{word},{word},{word}\n");
        var items = await ImportAsync(
            $"id,title,price,duration_seconds,created_at,available,size:number\nx,T,{word},{word},{word},{word},{word}\n",
            RecordKind.Items);
        var users = await ImportAsync($"id,age,created_at\nw,{word},{word}\n", RecordKind.Users);

        Assert.Equal((0, 0, 0), (events.Rejected, items.Rejected, users.Rejected));
        var e = Assert.Single(await EventsAsync());
        Assert.Equal((null, null, null, null, null), (e.Value, e.Amount, e.Currency, e.Position, e.Meaning));
        var item = (await ItemAsync("x"))!;
        Assert.Equal((null, null, null, true, 0),
            (item.Price, item.DurationSeconds, item.CreatedAt, item.Available, item.Attributes.Count));
        var user = (await Database.Contents.FindUserAsync("w", Ct))!;
        Assert.Equal((null, null), (user.Age, user.CreatedAt));
    }

    [Theory]
    [InlineData("NULL")]
    [InlineData("nan")]
    [InlineData("\\N")]
    public async Task Table_WordForNothingInIdsAndTexts_IsAbsent(string word)
    {
        var report = await ImportAsync($"{Header},id,session_id,device\nu,i,click,1700000000,{word},{word},{word}\n"
            + $"v,i,click,1700000000,{word},{word},{word}\n{word},i,click,1700000001,,,\nw,{word},click,1700000002,,,\n",
            with: options => options with { MaxRejects = 0.5 });

        // Of one id, the second would be a duplicate of the first.
        Assert.Equal((4, 2, 1, 1, 0), (report.Read, report.Kept, report.Anonymous, report.Rejected, report.Duplicates));
        Assert.All(await EventsAsync(), e => Assert.Equal((null, null), (e.SessionId, e.Device)));
        Assert.Contains("item_id is missing", await RejectsAsync(report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Table_TypeThatIsNothing_IsMissingOrWhatTheOptionSays()
    {
        const string Rows = $"{Header}\nu,i,NULL,1700000000\n";
        Assert.Contains("type is missing", await FailureAsync(Rows), StringComparison.Ordinal);

        Assert.Equal(1, (await ImportAsync(Rows, with: options => options with { Type = "view" })).Events[EventType.View]);
    }

    [Theory]
    [InlineData("\"NaN\"")]
    [InlineData("\"NULL\"")]
    [InlineData("null")]
    public async Task Json_WordForNothing_IsNoValue(string word)
    {
        await ImportAsync($$"""{"id":"x","title":"T","price":{{word}},"available":{{word}},"created_at":{{word}}}""", RecordKind.Items,
            RecordFormat.Json);

        var item = (await ItemAsync("x"))!;
        Assert.Equal((null, true, null), (item.Price, item.Available, item.CreatedAt));
    }

    [Theory]
    [InlineData("3,50", 3.5)]
    [InlineData("-0,125", -0.125)]
    [InlineData("1234,5", 1234.5)]
    [InlineData("3.50", 3.5)]
    [InlineData("2,71828", 2.71828)]
    public async Task Number_WithADecimalCommaBetweenSemicolons_IsRead(string text, double expected)
    {
        var report = await ImportAsync($"id;title;price\nx;T;{text}\n", RecordKind.Items);

        Assert.Equal(expected, (await ItemAsync("x"))!.Price);
        Assert.Equal(text.Contains(',', StringComparison.Ordinal),
            report.Notes.Any(note =>
                note.StartsWith($"1 numbers have a decimal comma, such as price '{text}' for ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(";", "1,234", "price is not a number: '1,234'; write '1234' or '1.234'")]
    [InlineData(";", "1.234,50", "price is not a number: '1.234,50'; write '1234.50'")]
    [InlineData("\t", "1,234.50", "price is not a number: '1,234.50'; write '1234.50'")]
    [InlineData("\t", "1,234,567", "price is not a number: '1,234,567'; write '1234567'")]
    [InlineData(",", "\"3,50\"", "price is not a number: '3,50'; write '3.50'")]
    [InlineData(",", "3 EUR", "price is not a number: '3 EUR'")]
    [InlineData(",", " 3.5", "price is not a number: ' 3.5'; write it without spaces around it")]
    public async Task Number_ThatIsNone_NamesColumnValueAndWhatToWrite(string separator, string text, string said) =>
        Assert.Contains(said, await FailureAsync($"id{separator}title{separator}price\nx{separator}T{separator}{text}\n", RecordKind.Items),
            StringComparison.Ordinal);

    [Fact]
    public async Task Row_WithMoreFieldsThanTheHeader_SaysWhatCommasNeed() => Assert.Contains("such as 3,50, stands in quotes",
        await FailureAsync("id,title,price\nx,T,3,50\n", RecordKind.Items), StringComparison.Ordinal);

    [Fact]
    public async Task Rating_BesideAViewOrAPurchase_IsNeitherSecondsNorMoney()
    {
        var report = await ImportAsync("user_id,item_id,type,time,rating\nu,i,view,1700000000,4\nu,i,purchase,1700000001,5\n"
            + "u,i,rating,1700000002,3\n");

        Assert.Equal([null, null, 3.0], (await EventsAsync()).Select(e => e.Value));
        Assert.Contains(report.Notes, note => note.StartsWith("2 events that are no ratings have a rating", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rejects_BelowTheLimit_AreToldWithTheirMostFrequentReasons()
    {
        var report = await ImportAsync("id,title,price\n" + string.Concat(Enumerable.Range(0, 6).Select(n => $"{n},T,{n}\n"))
            + "a,T,x\nb,T,y\nc,T,z\n,T,1\n", RecordKind.Items, with: options => options with { MaxRejects = 0.5 });

        Assert.Equal([("price is not a number: 'x'", 3, "rows, line 8"), ("id is missing", 1, "rows, line 11")],
            report.RejectReasons.Select(reason => (reason.Reason, reason.Rows, reason.First)));
    }
}
