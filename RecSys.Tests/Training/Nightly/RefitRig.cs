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

    /// <param name="fixture">Has the night.</param>
    /// <param name="rig">Gets it.</param>
    /// <param name="change">What runs next asks for.</param>
    /// <param name="from">The first step, such as <c>10-refit</c>, that is not taken over; <c>08-skew</c> always is.</param>
    internal static async Task TakeOverAsync(
        NightFixture fixture, NightRig rig, Action<TrainingOptions> change, string from = "10-refit")
    {
        change(rig.Options);
        FolderCopy.Make(Path.Combine(fixture.Data, "nights"), Path.Combine(rig.Data, "nights"));
        foreach (var step in Directory.GetFiles(Path.Combine(rig.Folder, "steps")))
        {
            var name = Path.GetFileNameWithoutExtension(step);
            if (name != "08-skew" && string.CompareOrdinal(name, from) >= 0) File.Delete(step);
        }
        var file = Path.Combine(rig.Folder, "run.json");
        var run = await NightJson.ReadAsync<NightRun>(file, Ct);
        await NightJson.WriteAsync(file, run with
        {
            Settings = NightSettings.HashOf(rig.Options, rig.Rollout), Values = NightSettings.ValuesOf(rig.Options, rig.Rollout),
        }, Ct);
    }
}
