using RecSys.Api.Commands.Simulating;
using RecSys.Core.Training;
using RecSys.Core.Training.Nightly;
using RecSys.Core.Training.Nightly.Runs;

namespace RecSys.Tests.Training.Nightly;

/// <summary>Nights that refit, over what the fixture's night has finished.</summary>
internal static class RefitRig
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    internal static void Refit(TrainingOptions options) => options.Nightly.Refit = true;

    /// <summary>Over a copy of the fixture's refitted night and what it published.</summary>
    internal static async Task<NightRig> WholeAsync(NightFixture fixture)
    {
        var rig = await NightRig.CopyOfAsync(await fixture.RefittedAsync());
        Refit(rig.Options);
        return rig;
    }

    /// <summary>
    /// Over a copy of the fixture's night as far as its gate, which counts as that of other settings: those that what runs next asks for.
    /// </summary>
    internal static async Task<NightRig> BehindGateAsync(NightFixture fixture, Action<TrainingOptions> change)
    {
        var rig = await NightRig.CopyAsync(fixture, night: false);
        await TakeOverAsync(fixture, rig, change);
        return rig;
    }

    internal static async Task TakeOverAsync(NightFixture fixture, NightRig rig, Action<TrainingOptions> change)
    {
        change(rig.Options);
        FolderCopy.Make(Path.Combine(fixture.Data, "nights"), Path.Combine(rig.Data, "nights"));
        foreach (var step in (string[])["10-refit", "11-publish"]) File.Delete(Path.Combine(rig.Folder, "steps", $"{step}.json"));
        var file = Path.Combine(rig.Folder, "run.json");
        var run = await NightJson.ReadAsync<NightRun>(file, Ct);
        await NightJson.WriteAsync(file, run with { Settings = NightSettings.HashOf(rig.Options, rig.Rollout) }, Ct);
    }
}
