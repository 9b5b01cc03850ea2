using System.CommandLine;
using System.Text.Json.Nodes;
using RecSys.Api.Commands.Importing;
using RecSys.Api.Commands.Simulating;
using RecSys.Core.Domain;
using RecSys.Core.Storage;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Commands;

public sealed class SimulateCommandTests
{
    private static readonly string[] Tiny = ["--items", "300", "--users", "120", "--days", "2"];

    [Fact]
    public async Task Compare_Json_HoldsWhatTheTableShows()
    {
        using var folder = new TemporaryFolder();

        var output = await RunAsync(["compare", "--seeds", "3", "--json", folder["out.json"], .. Tiny]);

        var json = JsonNode.Parse(await File.ReadAllTextAsync(folder["out.json"], TestContext.Current.CancellationToken))!;
        var second = json["arms"]![1]!;
        Assert.Equal("satisfaction", (string?)second["name"]);
        var clicks = second["figures"]!["clicks_per_list"]!;
        Assert.Equal(3, clicks["by_seed"]!.AsArray().Count);
        Assert.Equal(clicks["by_seed"]!.AsArray().Average(value => (double)value!), (double)clicks["mean"]!, 9);
        Assert.True((double)clicks["difference"]!["low"]! <= (double)clicks["difference"]!["high"]!);
        Assert.Contains(((double)clicks["mean"]!).ToString("0.0000", System.Globalization.CultureInfo.InvariantCulture), output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prices_Factors_AreTheSides()
    {
        var output = await RunAsync(["prices", "--factors", "1,2", "--seeds", "2", .. Tiny]);

        Assert.Contains("x2", output, StringComparison.Ordinal);
        Assert.Contains("purchases_per_user", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Autoscale_Json_HoldsWhatTheTableShows()
    {
        using var folder = new TemporaryFolder();

        var output = await RunAsync(["autoscale", "--trace", "ramp", "--price", "2", "--json", folder["out.json"]]);

        var json = JsonNode.Parse(await File.ReadAllTextAsync(folder["out.json"], TestContext.Current.CancellationToken))!;
        // Four hours of fifteen seconds each.
        Assert.Equal(960, json["points"]!.AsArray().Count);
        Assert.Equal((double)json["replica_hours"]! * 2, (double)json["cost"]!, 2);
        Assert.Contains($"steps: {json["steps_up"]} up, {json["steps_down"]} down", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--trace", "nowhere")]
    [InlineData("--price", "-1")]
    public async Task Autoscale_WithWhatMakesNoSense_IsRefusedByName(string option, string value)
    {
        var failure = await Assert.ThrowsAsync<RecSysException>(() => RunAsync(["autoscale", option, value]));

        Assert.Contains(option, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Autoscale_TraceThatIsAFolder_IsToldSo()
    {
        using var folder = new TemporaryFolder();

        var failure = await Assert.ThrowsAsync<RecSysException>(() => RunAsync(["autoscale", "--trace", folder.Path]));

        Assert.Contains($"{folder.Path} is a folder", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Truth_ListOfOneUser_IsWorthNoMoreThanTheBest()
    {
        using var folder = new TemporaryFolder();

        await RunAsync(["truth", "--user", "5", "--list", "v_1,v_2,v_3", "--policies", "click", "--json", folder["out.json"], .. Tiny]);

        var lists = JsonNode.Parse(await File.ReadAllTextAsync(folder["out.json"], TestContext.Current.CancellationToken))!["lists"]!;
        Assert.Equal("--list", (string?)lists[0]!["policy"]);
        Assert.True((double)lists[0]!["clicks"]! < (double)lists[1]!["clicks"]!);
    }

    [Fact]
    public async Task Truth_PoliciesThatLearn_HaveAllLearntFromTheDaysBefore()
    {
        using var folder = new TemporaryFolder();

        await RunAsync(["truth", "--before", "popular", "--policies", "popular,explore:0.0001:popular,random", "--json",
            folder["out.json"], .. Tiny]);

        var lists = JsonNode.Parse(await File.ReadAllTextAsync(folder["out.json"], TestContext.Current.CancellationToken))!["lists"]!;
        var (popular, exploring, random) = ((double)lists[0]!["clicks"]!, (double)lists[1]!["clicks"]!, (double)lists[2]!["clicks"]!);
        Assert.InRange(exploring, 0.98 * popular, 1.02 * popular);
        Assert.True(popular > 1.2 * random, $"{popular} {random}");
    }

    [Fact]
    public async Task Days_Logs_HoldEveryListWithItsPropensities()
    {
        using var folder = new TemporaryFolder();

        await RunAsync(["days", "--logs", folder["logs"], "--json", folder["out.json"], "--policy", "explore:0.5:popular", .. Tiny]);

        var token = TestContext.Current.CancellationToken;
        var lists = (await File.ReadAllLinesAsync(folder["logs/lists.jsonl"], token)).Select(line => JsonNode.Parse(line)!).ToList();
        var events = (await File.ReadAllLinesAsync(folder["logs/events.jsonl"], token)).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(300, File.ReadLines(folder["logs/items.jsonl"]).Count());
        Assert.Equal(120, File.ReadLines(folder["logs/users.jsonl"]).Count());
        Assert.Equal(lists.Sum(list => list["items"]!.AsArray().Count), events.Count(e => (string?)e["type"] == "impression"));
        Assert.Empty(events.Select(e => (string)e["request_id"]!).Except(lists.Select(list => (string)list["request_id"]!)));
        Assert.All(lists.SelectMany(list => list["items"]!.AsArray()), item => Assert.InRange((double)item!["propensity"]!, 1e-4, 0.51));
    }

    [Fact]
    public async Task Days_Json_CountsDaysAsTheTableDoesWhoseColumnsAllDiffer()
    {
        using var folder = new TemporaryFolder();

        var output = await RunAsync(["days", "--json", folder["out.json"], .. Tiny]);

        var json = JsonNode.Parse(await File.ReadAllTextAsync(folder["out.json"], TestContext.Current.CancellationToken))!;
        Assert.Equal([1, 2], json["days"]!.AsArray().Select(day => (int)day!["day"]!));
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["1", "2"], lines.Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]));
        var columns = System.Text.RegularExpressions.Regex.Split(lines[0].Trim(), " {2,}");
        Assert.Equal(columns.Length, columns.Distinct().Count());
    }

    [Fact]
    public async Task Days_Logs_AreImportedRowByRow()
    {
        using var folder = new TemporaryFolder();
        await RunAsync(["days", "--logs", folder["logs"], .. Tiny]);
        var token = TestContext.Current.CancellationToken;

        foreach (var kind in new[] { "items", "users", "events" })
        {
            var code = await ImportCommand.Create().Parse(["jsonl", kind, folder[$"logs/{kind}.jsonl"], "--data", folder["data"]])
                .InvokeAsync(new InvocationConfiguration { Output = new StringWriter(), EnableDefaultExceptionHandler = false }, token);
            Assert.Equal(0, code);
        }

        await using var database = await Databases.OpenExistingAsync(folder["data"], token);
        var log = await database.Log.ReadAsync(null, null, token);
        Assert.Equal((300, 120), (log.Items.Count, log.Users.Count));
        Assert.Equal(File.ReadLines(folder["logs/events.jsonl"]).Count(), log.Events.Length);
    }

    [Theory]
    [InlineData("magic", "compare", "--policies", "click,magic")]
    [InlineData("names a policy twice", "compare", "--policies", "click,click")]
    [InlineData("does not exist", "compare", "--json", "/no/such/folder/x.json")]
    [InlineData("\"free\" must be a number", "prices", "--factors", "1,free")]
    [InlineData("--list needs --user", "truth", "--list", "v_1")]
    [InlineData("from 0 to 9", "truth", "--user", "5000", "--users", "10", "--items", "20")]
    [InlineData("nothing is no item", "truth", "--user", "1", "--list", "nothing", "--users", "10", "--items", "20")]
    public async Task Command_BadArgument_SaysWhatIsWrong(string said, params string[] arguments) => Assert.Contains(
        said, (await Assert.ThrowsAsync<RecSysException>(() => RunAsync(arguments))).Message, StringComparison.Ordinal);

    private static async Task<string> RunAsync(string[] arguments)
    {
        var output = new StringWriter();
        var code = await SimulateCommand.Create().Parse(arguments).InvokeAsync(
            new InvocationConfiguration { Output = output, EnableDefaultExceptionHandler = false }, TestContext.Current.CancellationToken);
        Assert.Equal(0, code);
        return output.ToString();
    }
}
