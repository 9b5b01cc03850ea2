using RecSys.Core.Import;

namespace RecSys.Tests.Import;

/// <summary>Tables: quotes, headers, texts of several lines, and what is counted.</summary>
public sealed class TableFileTests : FormatTest
{
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
}
