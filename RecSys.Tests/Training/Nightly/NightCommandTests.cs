using System.Diagnostics;
using RecSys.Api.Hosting;
using RecSys.Core.Models;
using RecSys.Tests.EndToEnd;
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
    public async Task Nightly_KilledWithinAStep_GoesOnToWhatAnUnbrokenRunPublishes()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: false);
        // Behind everybody else: on a busy machine it must not be through before anybody looks.
        string[] politely = ["-n", "19", "dotnet", typeof(ServerSettings).Assembly.Location, .. Arguments(rig)];
        using (var process = Process.Start(new ProcessStartInfo("nice", politely)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["DOTNET_ENVIRONMENT"] = "Development" },
        })!)
        {
            // Within the towers: they are written behind the features and before the ranker.
            var features = Path.Combine(rig.Folder, "steps", "04-features.json");
            await ProcessRig.UntilAsync("the features are made", () => Task.FromResult(File.Exists(features) || process.HasExited));
            Assert.False(process.HasExited);
            process.Kill();
            await process.WaitForExitAsync(Ct);
        }
        Assert.True(File.Exists(Path.Combine(rig.Data, "nights", "night.owner")));

        var (planCode, plan, _) = await ProcessRig.RunAsync([.. Arguments(rig), "--dry-run"]);
        var (code, output, error) = await ProcessRig.RunAsync(Arguments(rig));

        Assert.True(planCode == 0 && code == 0, output + error);
        Assert.Matches("features +kept", plan);
        Assert.Matches("ranker +runs", plan);
        Assert.Contains("ended without a word", output, StringComparison.Ordinal);
        Assert.Matches("features +kept", output);
        Assert.Contains("v1.0.0 is the champion", output, StringComparison.Ordinal);
        var expected = await BundleManifest.ReadAsync(Path.Combine(fixture.Data, "models", "v1.0.0"), Ct);
        var published = await BundleManifest.ReadAsync(Path.Combine(rig.Data, "models", "v1.0.0"), Ct);
        Assert.Equal(expected.Files, published.Files);
        var kept = await File.ReadAllTextAsync(Path.Combine(rig.Folder, "run.log"), Ct);
        Assert.Contains("train two-tower", kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nightly_DataBelowTheFloor_ExitsWithOneAndSaysWhy()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: false);

        var (code, output, error) = await ProcessRig.RunAsync([.. Arguments(rig), "--set", "Training:Nightly:Quality:BotEventsPerDay=20"]);

        Assert.Equal(1, code);
        Assert.Contains("error: The night was stopped", error, StringComparison.Ordinal);
        Assert.Contains("quality", output, StringComparison.Ordinal);
    }

    internal static string[] Arguments(NightRig rig) =>
    [
        "train", "nightly", "--data", rig.Data, "--day", $"{NightFixture.Day:yyyy-MM-dd}", "--now",
        $"{NightRig.Request().Now:yyyy-MM-ddTHH:mm:ssZ}", .. Quick,
    ];
}
