using RecSys.Api.Hosting;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Storage;
using RecSys.Core.Training;

namespace RecSys.Api.Commands.Simulating;

/// <summary>Trains on the last days and takes what comes of it.</summary>
internal sealed class DirectTraining(TrainingOptions options, int days) : INightlyTraining
{
    public async Task<NightDecision> RunAsync(string dataFolder, int day, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var database = await Databases.OpenExistingAsync(dataFolder, cancellationToken);
        var pipeline = new TrainingPipeline(
            database.Log, new ModelRegistry(new ServerSettings(dataFolder).ModelsFolder, database.Models), FeatureCatalogue.Default,
            TimeProvider.System);
        var result = await pipeline.RunAsync(options, now - TimeSpan.FromDays(days), progress: null, cancellationToken);
        return new NightDecision(day, result.Manifest.Version, "published", []);
    }
}
