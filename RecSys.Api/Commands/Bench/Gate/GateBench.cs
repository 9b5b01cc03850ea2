using System.CommandLine;
using System.Text.Json;
using RecSys.Api.Commands.Simulating;
using RecSys.Core.Domain;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Simulation;
using RecSys.Core.Training;

namespace RecSys.Api.Commands.Bench.Gate;

/// <summary>
/// <c>bench gate</c>: sends challengers that are broken in one way each, and a good one, through the steps of a night behind the same rows,
/// in worlds of many seeds, and tells which criterion refused what.
/// </summary>
internal static class GateBench
{
    public static Command Create()
    {
        var seeds = CommonOptions.InRange(
            new Option<int>("--seeds") { Description = "Worlds, with seeds one after another", DefaultValueFactory = _ => 20 }, 1, 1000);
        var kinds = new Option<string[]>("--kind")
        {
            Description = "Only challengers of this kind; may be repeated: "
                + string.Join(", ", ChallengerKinds.All.Select(kind => kind.Name)),
        };
        kinds.AcceptOnlyFromAmong([.. ChallengerKinds.All.Select(kind => kind.Name)]);
        var command = new Command("gate", "Broken challengers and a good one against the gate: who is refused, and by what")
        {
            seeds, SimulateArguments.Seed, kinds, SimulateArguments.Json,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            TorchLibrary.Require();
            var file = arguments.GetValue(SimulateArguments.Json);
            CommonOptions.RequireFolder("--json", file);
            var asked = arguments.GetValue(kinds) is { Length: > 0 } named
                ? [.. ChallengerKinds.All.Where(kind => named.Contains(kind.Name))] : ChallengerKinds.All;
            var trials = await RunAsync(
                arguments.GetValue(SimulateArguments.Seed), arguments.GetValue(seeds), asked, file, cancellationToken);
            await arguments.InvocationConfiguration.Output.WriteAsync(GateTable.Of(trials));
            return trials.All(trial => trial.IsRight) ? 0 : Failures.Failed;
        });
        return command;
    }

    /// <summary>A world in which a seed takes two minutes of one processor, and has users enough to tell what newcomers get.</summary>
    internal static WorldOptions World { get; } =
        WorldOptions.Small with { Items = 2_500, Users = 1_200, Days = 4, SessionsPerUserPerDay = 4, Behaviour = new() { BotShare = 0 } };

    internal static TrainingOptions Training => new()
    {
        Towers = new() { Dimension = 32, Hidden = 64, MaxEpochs = 12, HistoryLength = 10, BatchSize = 256, Threads = 1 },
        Ranker = new TrainingOptions().Ranker with { NumTrees = 80, LearningRate = 0.1, MinDataInLeaf = 50 },
        Nightly = new() { MaxTestChoices = 200, ExploredTop = 0.25, MinExploredSample = 100 },
    };

    // Worlds take minutes each, so that the file has those that are through however the run ends.
    private static async Task<List<GateTrial>> RunAsync(
        int first, int count, IReadOnlyList<ChallengerKind> kinds, string? file, CancellationToken cancellationToken)
    {
        var trials = new List<GateTrial>();
        using var progress = new ProgressDisplay();
        for (var seed = first; seed < first + count; seed++)
        {
            var home = Directory.CreateTempSubdirectory("recsys-gate-");
            try
            {
                await using var world =
                    await GateWorld.CreateAsync(World with { Seed = seed }, Training, home.FullName, Report, cancellationToken);
                foreach (var kind in kinds)
                {
                    Report(kind.Name);
                    trials.Add(await world.TryAsync(kind, cancellationToken));
                }
            }
            finally
            {
                home.Delete(recursive: true);
            }
            if (file is not null) await ResultFile.WriteAsync(file, JsonSerializer.Serialize(GateTable.Json(trials)));

            void Report(string what) => progress.Report(
                new WorkProgress(
                    "gate", trials.Count, count * kinds.Count, "challengers", FormattableString.Invariant($"seed {seed}, {what}")));
        }
        return trials;
    }
}
