using RecSys.Core.Import;

namespace RecSys.Tests.Import;

/// <summary>JSON objects, one a line or in an array.</summary>
public sealed class JsonFileTests : FormatTest
{
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
        var message = await FailureAsync(
            """{"user_id":"u","item_id":"i","type":"view","time":1700000000,"positon":1}""", format: RecordFormat.Json);

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
}
