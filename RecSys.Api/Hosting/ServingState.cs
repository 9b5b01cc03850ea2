using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Recommendations.Sources;
using RecSys.Core.Storage.Sqlite;

namespace RecSys.Api.Hosting;

/// <summary>What a server loads before it opens its port: the folded event log and the champion's bundle.</summary>
/// <param name="Live">The folded log.</param>
/// <param name="Models">The model that serves.</param>
internal sealed record ServingState(LiveState Live, ModelHost<ServingModel> Models)
{
    /// <exception cref="RecSysException">There are no data, no model, or none that passes its checks.</exception>
    public static async Task<ServingState> LoadAsync(ServerSettings settings, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        await using var database = await SqliteDatabase.OpenExistingAsync(settings.DataFolder, cancellationToken);
        progress?.Report(new WorkProgress("read the event log", 0, null, "events"));
        // Neither needs the other: the bundle is checked and loaded while the log is read, which does not give its thread back.
        var reading = Task.Run(() => database.Log.ReadWithCountsAsync(null, null, cancellationToken), cancellationToken);
        var loading = LoadChampionAsync(settings, cancellationToken);
        try
        {
            await Task.WhenAll(reading, loading);
        }
        catch when (loading.IsCompletedSuccessfully)
        {
            (await loading).Dispose();
            throw;
        }
        var (log, bundle) = ((await reading).Log, await loading);
        progress?.Report(new WorkProgress("read the event log", log.Events.Length, log.Events.Length, "events"));
        return Of(log, new ModelHost<ServingModel>(new ServingModel(bundle, log.Items)), progress, (await reading).LastPosition);
    }

    /// <summary>Folds a log, whose last event has the given position, beside a model.</summary>
    public static ServingState Of(InteractionLog log, ModelHost<ServingModel> models, IProgress<WorkProgress>? progress = null, long logPosition = 0)
    {
        IEventFold[] folds = [new CoVisitation(Options.Create(Settings.CoVisitation())), new SegmentCounts(Options.Create(Settings.Segments()))];
        return new ServingState(new LiveState(log, folds, progress, logPosition), models);
    }

    private static async Task<ModelBundle> LoadChampionAsync(ServerSettings settings, CancellationToken cancellationToken)
    {
        var registry = new ModelRegistry(settings.ModelsFolder);
        BundlePublisher.CleanTorn(settings.ModelsFolder);
        var champion = await registry.ReadChampionAsync(cancellationToken)
            ?? throw new RecSysException($"No model in {settings.ModelsFolder}; train one first: train --data {settings.DataFolder}");
        return await ModelBundle.LoadAsync(registry.FolderOf(champion.Version), FeatureCatalogue.Default, Settings.Retrieval(), cancellationToken);
    }
}
