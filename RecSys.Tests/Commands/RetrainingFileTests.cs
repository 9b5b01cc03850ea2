using System.Text.Json.Nodes;
using RecSys.Api.Commands.Simulating;
using RecSys.Core.Domain;
using RecSys.Core.Simulation;
using RecSys.Core.Simulation.Truth;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Commands;

/// <summary>What a run over many worlds leaves behind, however it ends.</summary>
public sealed class RetrainingFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string File => folder["days.json"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task GoThrough_WhileAWorldRuns_TheFileHasThoseBeforeIt()
    {
        var seen = new List<int>();

        var (runs, stopped) = await SimulateRetraining.GoThroughAsync(7, 3, (seed, _) =>
        {
            seen.Add(System.IO.File.Exists(File) ? SeedsOf(Read()).Length : 0);
            return Task.FromResult(Run(seed));
        }, NewFile(), Ct);

        Assert.Null(stopped);
        Assert.Equal([0, 1, 2], seen);
        Assert.Equal([7, 8, 9], runs.Select(run => run.Seed));
        var json = Read();
        Assert.Equal([7, 8, 9], SeedsOf(json));
        Assert.Equal((3, 5, "small", 11), ((int)json["seeds"]!, (int)json["asked"]!, (string)json["world"]!, (int)json["items"]!));
        // Nothing but the file: each writing took the place of the one before.
        Assert.Equal([File], Directory.GetFiles(folder.Path));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task GoThrough_StoppedOrFailedOnTheWay_TellsOfTheWorldsThatAreThrough(bool cancelled)
    {
        Exception fault = cancelled ? new OperationCanceledException("enough") : new RecSysException("no night gave a model");

        var (runs, stopped) = await SimulateRetraining.GoThroughAsync(
            1, 5, (seed, _) => seed < 3 ? Task.FromResult(Run(seed)) : throw fault, NewFile(), Ct);

        Assert.Same(fault, stopped!.SourceException);
        Assert.Equal([1, 2], runs.Select(run => run.Seed));
        Assert.Equal([1, 2], SeedsOf(Read()));
    }

    [Fact]
    public async Task GoThrough_TheFirstWorldFails_SaysWhy()
    {
        var fault = await Assert.ThrowsAsync<RecSysException>(() => SimulateRetraining.GoThroughAsync(
            1, 5, (_, _) => throw new RecSysException("no night gave a model"), NewFile(), Ct));

        Assert.Equal("no night gave a model", fault.Message);
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public async Task Write_FolderThatIsGone_SaysWhatWasNotWritten()
    {
        var file = new RetrainingFile(folder["gone/days.json"], "small", WorldOptions.Small, asked: 5);

        var fault = await Assert.ThrowsAsync<RecSysException>(() => file.WriteAsync([Run(1), Run(2)], TimeSpan.Zero));

        Assert.StartsWith($"The figures were not written to {folder["gone/days.json"]}: ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_ALink_WritesWhereItPoints()
    {
        await System.IO.File.WriteAllTextAsync(folder["target.json"], "old", Ct);
        System.IO.File.CreateSymbolicLink(File, folder["target.json"]);

        await NewFile().WriteAsync([Run(4)], TimeSpan.Zero);

        Assert.NotNull(new FileInfo(File).LinkTarget);
        var written = await System.IO.File.ReadAllTextAsync(folder["target.json"], Ct);
        Assert.Equal([4], SeedsOf(JsonNode.Parse(written)!));
    }

    private RetrainingFile NewFile() => new(File, "small", WorldOptions.Small with { Items = 11 }, asked: 5);

    private JsonNode Read() => JsonNode.Parse(System.IO.File.ReadAllText(File))!;

    private static int[] SeedsOf(JsonNode json) => [.. json["by_seed"]!.AsArray().Select(seed => (int)seed!["seed"]!)];

    private static RetrainedRun Run(int seed) => new(
        seed, [new DayTotals(1) { Impressions = 100, Clicks = 20 }], [new DayTotals(1) { Impressions = 100, Clicks = 10 }],
        [new NightDecision(0, "v1.0.0", "first", ["good"], "judged")]);
}
