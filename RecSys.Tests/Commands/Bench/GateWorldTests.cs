using RecSys.Api.Commands.Bench.Gate;
using RecSys.Core.Domain;
using RecSys.Core.Simulation;
using RecSys.Core.Storage;
using RecSys.Core.Storage.ModelStates;
using RecSys.Core.Training;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Retrieval;
using RecSys.Tests.Training.Nightly;

namespace RecSys.Tests.Commands.Bench;

/// <summary>The worlds of <c>bench gate</c>, as small as they can be.</summary>
[Collection(TorchCollection.Name)]
public sealed class GateWorldTests
{
    private static readonly WorldOptions world = WorldOptions.Small with
    {
        Items = 400, Users = 500, Days = 2, SessionsPerUserPerDay = 4, Seed = 3, Behaviour = new() { BotShare = 0 },
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task World_ChampionOfItsFirstDay_IsWhatTheGateComparesWith()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["world"]);
        GateTrial trial;
        await using (var made = await GateWorld.CreateAsync(world, Quick(), folder["world"], _ => { }, Ct))
            trial = await made.TryAsync(ChallengerKinds.All.Single(kind => kind.Name == "good"), Ct);

        Assert.Equal(("v1.0.0", "challenger"), (trial.Gate.Champion, trial.Gate.Challenger));
        Assert.NotEmpty(trial.Gate.Criteria);
        // No gate let the champion through, and its record says so.
        await using var database = await Databases.OpenExistingAsync(folder["world/data"], Ct);
        var champion = Assert.Single(await database.Models.TransitionsAsync("v1.0.0", 100, Ct), move => move.To == ModelState.Champion);
        Assert.Equal("made champion without a comparison", champion.Reason);
    }

    [Fact]
    public async Task World_WhoseFirstNightIsStopped_SaysWhatTheNightSaid()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["world"]);
        var training = Quick();
        training.Nightly.Quality.BotEventsPerDay = 2;

        var failure = await Assert.ThrowsAsync<RecSysException>(
            () => GateWorld.CreateAsync(world, training, folder["world"], _ => { }, Ct));

        Assert.Contains("ended with the step validate", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Training:Nightly:Quality:Floor", failure.Message, StringComparison.Ordinal);
    }

    private static TrainingOptions Quick()
    {
        var training = NightRig.Quick();
        (training.Nightly.MaxTestChoices, training.Nightly.ExploredTop, training.Nightly.MinExploredSample) = (100, 0.25, 2);
        return training;
    }
}
