using RecSys.Tests.EndToEnd;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Retrieval;

namespace RecSys.Tests.Training.Nightly;

/// <summary>The verb <c>train nightly</c> with real processes.</summary>
[Collection(TorchCollection.Name)]
public sealed class NightCommandTests(NightFixture fixture)
{
    private static readonly string[] Quick =
    [
        "--set", "Training:Towers:MaxEpochs=1", "--set", "Training:Towers:Dimension=16", "--set", "Training:Towers:Hidden=32",
        "--set", "Training:Towers:HistoryLength=20", "--set", "Training:Towers:Blocks=1", "--set", "Training:Towers:BatchSize=256",
        "--set", "Training:Towers:Threads=1", "--set", "Training:Ranker:NumTrees=40", "--set", "Training:Ranker:MinDataInLeaf=20",
        "--set", "Training:Ranker:Threads=1", "--set", "Recommendations:Candidates=300", "--set", "Training:Gate:LatencyLoss=10",
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nightly_DataBelowTheFloor_ExitsWithOneAndSaysWhy()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: false);

        var (code, output, error) = await ProcessRig.RunAsync([.. Arguments(rig), "--set", "Training:Nightly:Quality:BotEventsPerDay=20"]);

        Assert.Equal(1, code);
        Assert.Contains("error: The night was stopped", error, StringComparison.Ordinal);
        Assert.Contains("quality", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nightly_NothingReceived_IsSkippedWithACodeOfItsOwn()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: false);

        // Of the days before today, by the clock of this machine.
        var (code, _, error) = await ProcessRig.RunAsync(["train", "nightly", "--data", rig.Data]);

        Assert.Equal(75, code);
        Assert.StartsWith("skipped: Nothing was received", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Training:Schedule:Cron=whenever", "Training:Schedule:Cron must be five fields of cron")]
    [InlineData("Training:Gate:MinAucGain=-3", "MinAucGain must be between")]
    public async Task Serve_SettingsThatNoNightCanHave_AreRefusedBeforeAnythingIsLoaded(string setting, string expected)
    {
        using var folder = new TemporaryFolder();

        var (code, _, error) = await ProcessRig.RunAsync(["serve", "--data", folder["nothing"], "--set", setting]);

        Assert.Equal(1, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LakeList_FolderThatIsNotThere_IsRefusedAndAnEmptyLakeIsNot()
    {
        using var folder = new TemporaryFolder();

        var (code, _, error) = await ProcessRig.RunAsync(["lake", "list", "--data", folder["nothing"]]);
        var (empty, output, _) = await ProcessRig.RunAsync(["lake", "list", "--data", folder.Path]);

        Assert.Equal((1, 0), (code, empty));
        Assert.Contains($"There is no data folder {folder["nothing"]}", error, StringComparison.Ordinal);
        Assert.Contains("has no day yet", output, StringComparison.Ordinal);
    }

    internal static string[] Arguments(NightRig rig) =>
    [
        "train", "nightly", "--data", rig.Data, "--day", $"{NightFixture.Day:yyyy-MM-dd}", "--now",
        $"{NightRig.Request().Now:yyyy-MM-ddTHH:mm:ssZ}", .. Quick,
    ];
}
