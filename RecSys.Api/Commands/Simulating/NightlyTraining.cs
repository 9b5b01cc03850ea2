using System.Text.Json.Nodes;
using RecSys.Api.Hosting;
using RecSys.Core.Domain;
using RecSys.Core.Models;
using RecSys.Core.Storage;
using RecSys.Core.Storage.Lake;
using RecSys.Core.Training;
using RecSys.Core.Training.Nightly;
using RecSys.Core.Training.Nightly.Challengers;

namespace RecSys.Api.Commands.Simulating;

/// <summary>The nightly run of this program, over the log of the database, with all its steps and its gate.</summary>
/// <param name="options">Settings of training, night and gate.</param>
internal sealed class NightlyTraining(TrainingOptions options)
{
    /// <summary>Learns from the log of a data folder; a model that it finds good becomes champion there.</summary>
    /// <param name="dataFolder">May be served from at the same time.</param>
    /// <param name="day">The day that is closed, from 0.</param>
    /// <param name="now">The first moment after it.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<NightDecision> RunAsync(string dataFolder, int day, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var lakeOptions = Settings.Lake();
        // Only now is the day closed.
        var clock = new WorldClock(now.AddMinutes(lakeOptions.CloseMinutes + 1));
        var settings = new ServerSettings(dataFolder, Environment: Environments.Development);
        await using var database = await Databases.OpenExistingAsync(dataFolder, new LogLimits(), clock, cancellationToken);
        using var lake = LakeStores.Open(lakeOptions, dataFolder);
        var registry = Settings.Registry(settings, database.Models);
        var pipeline = new NightlyPipeline(database, lake, lakeOptions, registry, options, RolloutMode.Immediate, clock);
        var closed = DateOnly.FromDateTime(now.UtcDateTime).AddDays(-1);
        var request = new NightlyRequest { Day = closed, Now = clock.GetUtcNow(), Source = "log" };
        var result = await pipeline.RunAsync(request, progress: null, say: _ => { }, cancellationToken);
        if (result.Outcome == NightOutcome.Stopped) return new NightDecision(day, null, "stopped", [result.Verdict]);
        var publication = await ReadAsync(result, "publication.json", cancellationToken);
        var gate = await ReadAsync(result, Challenger.PlaceOf((string?)publication["variant"]) + "gate.json", cancellationToken);
        return new NightDecision(
            day, (string?)publication["version"], ((string)gate["verdict"]!).ToLowerInvariant(),
            [.. gate["reasons"]!.AsArray().Select(reason => (string)reason!)], (string?)publication["model"]);
    }

    private static async Task<JsonNode> ReadAsync(NightResult night, string name, CancellationToken cancellationToken) =>
        JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(night.Folder, name), cancellationToken))
            ?? throw new RecSysException($"{name} of {night.Folder} is empty.");
}
