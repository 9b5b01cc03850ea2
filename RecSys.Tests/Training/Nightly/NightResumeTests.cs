using RecSys.Core.Domain;
using RecSys.Core.Models;
using RecSys.Core.Storage;
using RecSys.Core.Training.Nightly;
using RecSys.Tests.Retrieval;
using RecSys.Tests.Models;

namespace RecSys.Tests.Training.Nightly;

/// <summary>A night goes on where it ended, and does again what is not true any more.</summary>
[Collection(TorchCollection.Name)]
public sealed class NightResumeTests(NightFixture fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_StoppedBehindEachStep_GivesWhatAnUnbrokenRunGives()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: false);
        foreach (var step in NightlyPipeline.Steps)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            rig.Finished = _ => stop.Cancel();
            // The last step ends the run.
            if (step == NightlyPipeline.Steps[^1]) await rig.RunAsync(ct: stop.Token).ContinueWith(_ => { }, Ct);
            else await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rig.RunAsync(ct: stop.Token));
            Assert.Equal([step], rig.Ran());
        }
        rig.Finished = null;

        var result = await rig.RunAsync();

        Assert.Empty(rig.Ran());
        Assert.Equal(NightOutcome.Published, result.Outcome);
        var (unbroken, resumed) = (await PublishedAsync(fixture.Data), await PublishedAsync(rig.Data));
        Assert.Equal(unbroken.Files, resumed.Files);
        Assert.Equal(unbroken.CreatedAt, resumed.CreatedAt);
        Assert.Equal(Payload(fixture.Night), Payload(result));
    }

    [Fact]
    public async Task Run_SameDataInAnotherFolderFromTheLog_GivesTheSameFiles()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: false);

        var result = await rig.RunAsync(NightRig.Request() with { Source = "log" });

        Assert.Equal(Payload(fixture.Night), Payload(result));
    }

    [Theory]
    [InlineData("rejected.bin", "validate")]
    [InlineData("rows.f32", "features")]
    [InlineData("towers/user_tower.safetensors", "towers")]
    public async Task Run_DamagedOutput_MakesItAnewAndKeepsTheRest(string file, string step)
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: true);
        var path = Path.Combine(rig.Folder, file);
        var bytes = await File.ReadAllBytesAsync(path, Ct);
        await File.WriteAllBytesAsync(path, [.. bytes, 1], Ct);

        var result = await rig.RunAsync();

        // What is made anew is what it was, so that nothing behind it has to run.
        Assert.Equal([step], rig.Ran());
        Assert.Equal(bytes, await File.ReadAllBytesAsync(path, Ct));
        Assert.Equal(Payload(fixture.Night), Payload(result));
    }

    [Theory]
    [InlineData("{", "its run.json is damaged")]
    [InlineData("folder", "its run.json is damaged")]
    [InlineData(null, "its run.json is missing")]
    public async Task Plan_WithoutASoundRunFile_SaysThatEverythingRunsAndWhy(string? content, string why)
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: true);
        var file = Path.Combine(rig.Folder, "run.json");
        File.Delete(file);
        if (content == "folder") Directory.CreateDirectory(file);
        else if (content is not null) await File.WriteAllTextAsync(file, content, Ct);

        var plans = await rig.PlanAsync();

        Assert.Equal(NightlyPipeline.Steps, plans.Select(plan => plan.Step));
        Assert.All(plans, plan => Assert.Null(plan.Result));
        Assert.Contains(rig.Lines, line => line.StartsWith($"The run would begin again: {why}.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("steps/03-split.json", "split")]
    [InlineData("steps/06-ranker.json", "ranker")]
    public async Task Run_FolderInThePlaceOfAResult_RunsTheStepAndKeepsTheRest(string file, string step)
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: true);
        File.Delete(Path.Combine(rig.Folder, file));
        Directory.CreateDirectory(Path.Combine(rig.Folder, file, "inside"));

        Assert.Equal(step, (await rig.PlanAsync()).First(plan => plan.Result is null).Step);
        await rig.RunAsync();

        Assert.Equal([step], rig.Ran());
        Assert.True(File.Exists(Path.Combine(rig.Folder, file)));
    }

    [Fact]
    public async Task Run_ResultGone_RunsTheStepAndKeepsTheRest()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: true);
        File.Delete(Path.Combine(rig.Folder, "steps", "03-split.json"));

        await rig.RunAsync();

        Assert.Equal(["split"], rig.Ran());
    }

    [Fact]
    public async Task Run_InputChanged_RunsWhatReadsIt()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: true);
        await rig.RunAsync();
        Assert.Empty(rig.Ran());
        // Another champion than the one that the model was compared with: the same under another name, of another night.
        var own = await PublishedAsync(rig.Data);
        await BundlePublisher.PublishAsync(rig.Registry.ModelsRoot, "v2.0.0", folder =>
        {
            foreach (var name in own.Files.Keys)
                File.Copy(Path.Combine(rig.Registry.FolderOf(own.Version), name), Path.Combine(folder, name));
            return Task.CompletedTask;
        }, own with { Options = new Dictionary<string, string>() }, Ct);
        await rig.Registry.SetChampionAsync("v2.0.0", Ct);

        var result = await rig.RunAsync();

        Assert.Equal(["evaluate", "gate", "refit", "publish"], rig.Ran());
        // It is as good as itself and no better, and the champion's knowledge is not old.
        Assert.Equal(NightOutcome.Refused, result.Outcome);
        Assert.Equal("v2.0.0", (await rig.Registry.ReadChampionAsync(Ct))!.Version);
    }

    [Fact]
    public async Task Run_UserErasedMeanwhile_CollectsAnew()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: true);
        await rig.Database.EventLog.AppendAsync([new UserErasure(NightFixture.World.Users[0].Id)], Ct);

        var plan = await rig.PlanAsync();

        Assert.Equal("collect", plan.First(step => step.Result is null).Step);
    }

    [Fact]
    public async Task Run_OtherSettings_BeginsAgainAndSaysSo()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: true);
        rig.Options.Ranker = rig.Options.Ranker with { NumTrees = 30 };

        var plan = await rig.PlanAsync();

        Assert.All(plan, step => Assert.NotNull(step.Reason));
        Assert.Contains(rig.Lines, line => line.Contains("settings have changed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_FromStep_MakesItAndWhatIsBehindItAnew()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: true);

        await rig.RunAsync(NightRig.Request() with { FromStep = "gate" });

        Assert.Equal(["gate", "refit", "publish"], rig.Ran());
        // The same bundle is not published twice.
        Assert.Single(await rig.Registry.ListAsync(Ct));
    }

    [Fact]
    public async Task Plan_AnyNight_ChangesNothing()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: true);
        File.Delete(Path.Combine(rig.Folder, "rows.f32"));
        var before = rig.Snapshot();

        var plan = await rig.PlanAsync();
        var other = await rig.PlanAsync(NightRig.Request(NightFixture.Day.AddDays(1)));

        Assert.Equal(before, rig.Snapshot());
        Assert.Equal(
            ["features", "ranker", "evaluate", "gate", "refit", "publish"],
            plan.Where(step => step.Result is null).Select(step => step.Step));
        Assert.All(other, step => Assert.NotNull(step.Reason));
    }

    [Fact]
    public async Task Run_AnotherIsAtWork_IsRefusedWithTheOwner()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: true);
        RecSysException? refusal = null;
        await using var second = await NightRig.OverAsync(rig.Data);
        File.Delete(Directory.GetFiles(Path.Combine(rig.Folder, "steps"), "*-gate.json").Single());
        rig.Finished = _ => refusal ??= Assert.Throws<RecSysException>(() => second.RunAsync().GetAwaiter().GetResult());

        await rig.RunAsync();

        Assert.Contains($"process {Environment.ProcessId}", refusal!.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(rig.Data, "nights", "night.owner")));
    }

    [Fact]
    public async Task Run_MoreMemoryThanAllowed_StopsTheStepAndNamesTheOption()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: false);
        rig.Options.Nightly.MaxMemoryMb = 1;

        var failure = await Assert.ThrowsAsync<RecSysException>(() => rig.RunAsync());

        Assert.Contains("Training:Nightly:MaxMemoryMb", failure.Message, StringComparison.Ordinal);
    }

    // What the steps wrote, but for what tells times.
    internal static Dictionary<string, string> Payload(NightResult night) => night.Steps.SelectMany(step => step.Outputs)
        .Where(file => file.Path is not ("collect.json" or "evaluation.json" or "gate.json" or "challenger/manifest.json"))
        .ToDictionary(file => file.Path, file => file.Sha256);

    private static async Task<BundleManifest> PublishedAsync(string data)
    {
        await using var database = await Databases.OpenExistingAsync(data, Ct);
        var registry = new ModelRegistry(Path.Combine(data, "models"), database.Models);
        return await BundleManifest.ReadAsync(registry.FolderOf((await registry.ReadChampionAsync(Ct))!.Version), Ct);
    }
}
