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
    [InlineData("--type", "click")]
    [InlineData("--map", "a=click")]
    [InlineData("--positive", "rating>=4")]
    [InlineData("--negative", "rating<=2")]
    [InlineData("--anonymous", "session:visit")]
    public async Task Import_OptionThatSaysNothingOfItems_IsRefusedByName(string option, string value)
    {
        var file = folder.Write("items.csv", "id,title\ni,t\n");

        var failure = await Assert.ThrowsAsync<RecSysException>(() =>
            RunAsync("csv", "items", file, "--data", folder["data"], option, value));

        Assert.StartsWith($"{option} says something of events and has no effect on items", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--max-line-breaks", "0", "--max-line-breaks must be a whole number from 1")]
    [InlineData("--max-rejects", "1,5", "--max-rejects must be a number from 0 to 100, with a point")]
    public async Task Import_ValueThatIsNone_IsRefusedByName(string option, string value, string said)
    {
        Assert.NotEqual(0, await RunAsync("csv", "items", "items.csv", "--data", folder["data"], option, value));

        Assert.Contains(said, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("System.", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_SessionColumnThatIsNotThere_IsRefusedByName()
    {
        var file = folder.Write("events.csv", "user_id,item_id,type,time\nu,i,click,1700000000\n");

        var failure = await Assert.ThrowsAsync<RecSysException>(() =>
            RunAsync("csv", "events", file, "--data", folder["data"], "--anonymous", "session:visit"));

        Assert.Contains("has no column for --anonymous session:visit", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_TypeThatNoRowNeeds_IsSaid()
    {
        var file = folder.Write("events.csv", "user_id,item_id,type,time\nu,i,click,1700000000\n");

        await RunAsync("csv", "events", file, "--data", folder["data"], "--type", "view");

        Assert.Contains("no row needed --type view", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_FewMalformedRows_PrintsTheReasonsAndATimeAboveNothing()
    {
        var file = folder.Write("items.csv", "id,title,price\na,t,1\nb,t,x\nc,t,y\n");

        await RunAsync("csv", "items", file, "--data", folder["data"], "--max-rejects", "90");

        Assert.Matches(@"  +2 price is not a number: 'x' \(first in items.csv, line 3\)", output.ToString());
        Assert.DoesNotContain(" 0.0 s", output.ToString(), StringComparison.Ordinal);
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
