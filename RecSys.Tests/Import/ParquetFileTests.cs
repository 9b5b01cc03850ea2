using RecSys.Core.Domain;
using RecSys.Core.Import;
using RecSys.Core.Storage.Parquet;

namespace RecSys.Tests.Import;

/// <summary>Apache Parquet.</summary>
public sealed class ParquetFileTests : FormatTest
{
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
