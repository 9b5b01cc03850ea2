using System.CommandLine;
using RecSys.Api.Commands.Importing;
using RecSys.Core.Domain;
using RecSys.Core.Import;
using RecSys.Core.Import.Rows;
using RecSys.Core.Storage.Sqlite;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Commands;

public sealed class ImportCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        folder.Dispose();
        output.Dispose();
        error.Dispose();
    }

    private Task<int> RunAsync(params string[] arguments) => new RootCommand { ImportCommand.Create() }.Parse(["import", .. arguments])
        .InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false }, Ct);

    [Fact]
    public async Task Import_CsvEvents_FillsTheStoreAndReports()
    {
        var file = folder.Write("events.csv",
            "user_id,item_id,type,time\nu,i,click,1700000000000\nu,i,like,1700000000000\nu,i,click,1700000000000\n");

        Assert.Equal(0, await RunAsync("csv", "items", folder.Write("items.csv", "id,title,category\ni,t,c\n"), "--data", folder["data"]));
        Assert.Equal(0, await RunAsync("csv", "events", file, "--data", folder["data"]));

        await using var database = await SqliteDatabase.OpenExistingAsync(folder["data"], Ct);
        Assert.Equal(2, (await database.Contents.CountAsync(Ct)).Events);
        Assert.Contains("2 events from 3 rows", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("1 events were stored already or came twice", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("jsonl")]
    public async Task Import_Help_NamesTheFieldsOfEveryKind(string verb)
    {
        await RunAsync(verb, "--help");

        var help = output.ToString();
        Assert.All(Enum.GetValues<RecordKind>().SelectMany(FieldNames.Of), field => Assert.Matches($"\\b{field}\\b", help));
    }

    [Fact]
    public async Task Import_MaxRejects_IsAPercentage()
    {
        var file = folder.Write("users.jsonl", "{\"id\":\"a\"}\n{\"id\":\"b\"}\n{\"id\":\"c\"}\nx\n");
        var data = folder["data"];

        var failure =
            await Assert.ThrowsAsync<RecSysException>(() => RunAsync("jsonl", "users", file, "--data", data, "--max-rejects", "24"));
        Assert.Contains("25 %", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, await RunAsync("jsonl", "users", file, "--data", data, "--max-rejects", "25"));
        Assert.Contains("1 malformed rows were left out", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no option --positve; did you mean --positive?", "csv", "events", "rows.csv", "--positve", "rating>=4")]
    [InlineData("There is no option --dryrun; did you mean --dry-run?", "csv", "events", "--dryrun", "rows.csv")]
    [InlineData("There is no option --time-units; did you mean --time-unit?", "jsonl", "events", "rows.csv", "--time-units=s")]
    [InlineData("There is no option --colour; there are --data, ", "gorse", "rows.csv", "--colour")]
    [InlineData("There is no option --max-reject; did you mean --max-rejects?", "movielens", "--max-reject", "3")]
    [InlineData("There is no option --zones; did you mean --zone?", "csv", "--zones", "UTC", "events", "rows.csv")]
    public async Task Import_OptionThatIsNone_IsRefusedWithTheNearest(string expected, params string[] arguments)
    {
        Assert.NotEqual(0, await RunAsync([.. arguments, "--data", folder["data"]]));

        Assert.Contains(expected, error.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["data"]));
    }

    [Theory]
    [InlineData("csv", "things", "file")]
    [InlineData("csv", "users")]
    [InlineData("movielens")]
    [InlineData("netflix", "dir")]
    public async Task Import_WrongArguments_FailWithoutCreatingData(params string[] arguments)
    {
        Assert.NotEqual(0, await RunAsync([.. arguments, "--data", folder["data"]]));

        Assert.NotEqual("", error.ToString());
        Assert.False(Directory.Exists(folder["data"]));
    }

    [Fact]
    public async Task Import_MissingDirectory_SaysSo()
    {
        var failure = await Assert.ThrowsAsync<RecSysException>(() => RunAsync("movielens", folder["none"], "--data", folder["data"]));

        Assert.Contains("There is no directory", failure.Message, StringComparison.Ordinal);
    }
}
