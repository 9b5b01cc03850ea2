using System.CommandLine;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using RecSys.Api.Commands;
using RecSys.Api.Commands.Models;
using RecSys.Api.Hosting;
using RecSys.Core.Domain;
using RecSys.Core.Models;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.EndToEnd;

/// <summary>The program as a person starts it: what goes wrong is told in one message, with an exit code and without a stack trace.</summary>
[Collection(ServedCollection.Name)]
public sealed class CommandTests(ServerFixture server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Serve_NoData_SaysWhatToDo()
    {
        using var folder = new TemporaryFolder();

        var (code, error) = await RunAsync("serve", "--data", folder["nothing"]);

        Assert.Equal(1, code);
        Assert.Contains("import", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_PortInUse_SaysSo()
    {
        await server.StartAsync();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var (code, error) = await RunAsync("serve", "--data", server.DataFolder, "--port", $"{port}");

        Assert.Equal(1, code);
        Assert.Contains($"Port {port}", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_DamagedBundle_NamesTheFile()
    {
        await server.StartAsync();
        using var copy = new TemporaryFolder();
        await CopyFolderAsync(server.DataFolder, copy.Path);
        // All versions, as other tests may have published more: a server with one good version serves that.
        foreach (var version in Directory.GetDirectories(new ServerSettings(copy.Path).ModelsFolder, "v*"))
        {
            var ranker = Path.Combine(version, BundleFiles.Ranker);
            var bytes = await File.ReadAllBytesAsync(ranker, Token);
            bytes[bytes.Length / 2] ^= 1;
            await File.WriteAllBytesAsync(ranker, bytes, Token);
        }

        var (code, error) = await RunAsync("serve", "--data", copy.Path, "--port", "0");

        Assert.Equal(1, code);
        Assert.Contains("ranker.txt", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_UntilDayOrMoment_DayIsIncluded()
    {
        var option = (Option<DateTimeOffset?>)EvaluateCommand.Create().Options.Single(candidate => candidate.Name == "--train-until");
        DateTimeOffset? Parse(string text) => new RootCommand { option }.Parse(["--train-until", text]).GetValue(option);

        Assert.Equal(new DateTimeOffset(2022, 5, 6, 0, 0, 0, TimeSpan.Zero), Parse("2022-05-05"));
        Assert.Equal(new DateTimeOffset(2022, 5, 5, 12, 30, 0, TimeSpan.Zero), Parse("2022-05-05T12:30:00Z"));
        Assert.NotEmpty(new RootCommand { option }.Parse(["--train-until", "soon"]).Errors);
    }

    [Theory]
    [InlineData("serve", "--port", "70000")]
    [InlineData("serve", "--port", "ten")]
    [InlineData("serve", "--address", "somewhere")]
    [InlineData("evaluate", "--protocol", "magic")]
    [InlineData("evaluate", "--train-until", "yesterday")]
    [InlineData("token", "--user", "u", "--scope", "everything")]
    [InlineData("train", "--data", "")]
    [InlineData("evaluate", "--data", "")]
    [InlineData("import", "csv", "events", "x.csv", "--data", "")]
    [InlineData("import", "csv", "events", "", "--data", "d")]
    [InlineData("train", "nightly", "--now", "0001-01-01T00:00:00Z")]
    [InlineData("train", "nightly", "--day", "0001-01-01")]
    [InlineData("fly")]
    public async Task Command_BadArgument_FailsWithoutAStackTrace(params string[] arguments)
    {
        var (code, error) = await RunAsync(arguments);

        Assert.NotEqual(0, code);
        // 70 would be a defect of the program.
        Assert.NotEqual(70, code);
        Assert.NotEmpty(error);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--protocol time-split", "--rows", "cold-items", "--protocol", "cold-items", "--rows", "r.parquet")]
    [InlineData("--target successive", "--rows", "--target", "--protocol", "global-time", "--rows", "r.parquet")]
    [InlineData("does not exist", "--rows", "nowhere", "--rows", "nowhere/r.parquet")]
    [InlineData("--protocol leave-one-out", "--seeds", "does not take", "--protocol", "time-split", "--seeds", "3")]
    [InlineData("--protocol time-split", "--groups", "does not take", "--groups")]
    [InlineData("--protocol time-split", "--train-until", "does not take", "--train-until", "2022-05-05")]
    [InlineData("--protocol time-split", "--validate-until", "does not take",
        "--protocol", "global-time", "--validate-until", "2022-05-05")]
    [InlineData("--protocol global-time", "--target", "does not take", "--protocol", "time-split", "--target", "last")]
    [InlineData("leave-one-out or time-split or global-time", "--ties", "does not take", "--protocol", "cold-items", "--ties", "seed")]
    [InlineData("--protocol kuairand-challenge", "--files", "does not take", "--files", ".")]
    [InlineData("leave-one-out or time-split", "--tune", "does not take", "--protocol", "cold-items", "--tune", "1m")]
    public async Task Evaluate_OptionsThatDoNotGoTogether_SaysWhatToDo(
        string advice, string option, string reason, params string[] arguments)
    {
        var (code, error) = await RunAsync(["evaluate", .. arguments]);

        Assert.Equal(1, code);
        Assert.All([advice, option, reason], part => Assert.Contains(part, error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("10m", 600)]
    [InlineData("2h", 7200)]
    public void Train_Tune_ReadsTimes(string text, int seconds)
    {
        var option = (Option<TimeSpan?>)TrainCommand.Create().Options.Single(candidate => candidate.Name == "--tune");

        Assert.Equal(TimeSpan.FromSeconds(seconds), new RootCommand { option }.Parse(["--tune", text]).GetValue(option));
        Assert.All(["", "m", "10", "1.5h", "-1m", "10 m"], bad => Assert.NotEmpty(new RootCommand { option }.Parse(["--tune", bad]).Errors));
    }

    [Fact]
    public async Task ModelsImportance_Champion_PrintsGainAndLoss()
    {
        await server.StartAsync();
        var output = new StringWriter();

        var code = await ModelsCommand.Create().Parse(["importance", "--top", "3", "--data", server.DataFolder])
            .InvokeAsync(new InvocationConfiguration { Output = output }, Token);

        var lines = output.ToString().TrimEnd().Split('\n');
        Assert.Equal(0, code);
        Assert.Equal(4, lines.Length);
        Assert.StartsWith("v1.0.0: share of the gain of all splits, and loss of auc", lines[0], StringComparison.Ordinal);
        var read = await RankerImportance.ReadAsync(Path.Combine(new ServerSettings(server.DataFolder).ModelsFolder, "v1.0.0"), Token);
        Assert.Contains(read.Features[0].Feature, lines[1], StringComparison.Ordinal);
        Assert.Equal(RecSys.Core.Features.FeatureCatalogue.Default.Count, read.Features.Count);
        Assert.All(read.Features, feature => Assert.NotNull(feature.Loss));
        Assert.Contains(read.Features, feature => feature.Loss > 0.001);
    }

    [Fact]
    public async Task ReadAsync_BundleWithoutOrWithOldImportance_SaysWhatToDo()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("train", (await Assert.ThrowsAsync<RecSysException>(() => RankerImportance.ReadAsync(folder.Path, Token))).Message, StringComparison.Ordinal);

        folder.Write(BundleFiles.Importance, """{"hour":1.5}""");

        Assert.Contains("earlier version", (await Assert.ThrowsAsync<RecSysException>(() => RankerImportance.ReadAsync(folder.Path, Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_OutsideDevelopment_IsRefused()
    {
        var (code, error) = await RunAsync("token", "--user", "u");

        Assert.Equal(1, code);
        Assert.Contains("Development", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Error)> RunAsync(params string[] arguments)
    {
        (string, string)[] environment = arguments[0] == "token" ? [("DOTNET_ENVIRONMENT", "Production")] : [];
        var (code, _, error) = await ProcessRig.RunInAsync(environment, arguments);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        return (code, error);
    }

    // By another process: closing a file of an open SQLite database within this one would drop the locks that this one holds on it.
    private static async Task CopyFolderAsync(string from, string to)
    {
        using var copy = Process.Start("cp", ["-r", $"{from}/.", to]);
        await copy.WaitForExitAsync(Token);
        Assert.Equal(0, copy.ExitCode);
    }
}
