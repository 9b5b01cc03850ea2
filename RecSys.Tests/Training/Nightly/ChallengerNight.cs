using RecSys.Api.Commands.Simulating;
using RecSys.Core.Training;
using RecSys.Core.Training.Nightly;
using RecSys.Core.Training.Nightly.Challengers;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Training.Nightly;

/// <summary>
/// The fixture's night once more behind its towers, with three further challengers and a refit; made once for the tests that ask for it.
/// </summary>
/// <param name="fixture">Has the night of one challenger.</param>
public sealed class ChallengerNight(NightFixture fixture) : IAsyncLifetime
{
    /// <summary>A few leaves, and many trees: better than what the fixture's settings give.</summary>
    internal static ChallengerOptions Small { get; } = new() { Name = "small", NumTrees = 200, NumLeaves = 5, LearningRate = 0.1 };

    /// <summary>One split, which is worse than popularity.</summary>
    internal static ChallengerOptions Stump { get; } = new() { Name = "stump", NumTrees = 1, NumLeaves = 2 };

    /// <summary>What no check of options would let through, and LightGBM refuses.</summary>
    internal static ChallengerOptions Broken { get; } = new() { Name = "broken", FeatureFraction = 2 };

    private readonly TemporaryFolder folder = new();

    /// <summary>Never changed behind its own night.</summary>
    internal string Data => folder["data"];

    /// <summary>How the night ended.</summary>
    internal NightResult Night { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await fixture.StartAsync();
        FolderCopy.Make(fixture.Bare, Data);
        await using var rig = await NightRig.OverAsync(Data);
        await RefitRig.TakeOverAsync(fixture, rig, Ask, from: "06-ranker");
        Night = await rig.RunAsync();
    }

    /// <summary>Over a copy of the whole night.</summary>
    internal async Task<NightRig> CopyAsync()
    {
        var rig = await NightRig.CopyOfAsync(Data);
        Ask(rig.Options);
        return rig;
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static void Ask(TrainingOptions options)
    {
        RefitRig.Refit(options);
        foreach (var one in (ChallengerOptions[])[Stump, Small, Broken]) options.Nightly.Challengers.Add(one);
    }
}
