using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Recommendations.Sources;
using RecSys.Core.Storage;

namespace RecSys.Api.Hosting;

/// <summary>What a server loads before it opens its port: the folded event log and a model.</summary>
/// <param name="Live">The folded log.</param>
/// <param name="Models">The models in memory.</param>
/// <param name="Warnings">What stands in the way of the champion, one line each; empty when it serves.</param>
internal sealed record ServingState(LiveState Live, ModelPool<ServingModel> Models, IReadOnlyList<string> Warnings)
{
    /// <exception cref="RecSysException">There are no data, no model, or none that passes its checks.</exception>
    public static async Task<ServingState> LoadAsync(ServerSettings settings, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        await using var database = await Databases.OpenExistingAsync(settings.DataFolder, cancellationToken);
        BundlePublisher.CleanTorn(settings.ModelsFolder);
        progress?.Report(new WorkProgress("read the event log", 0, null, "events"));
        var models = new ModelPool<ServingModel>(Settings.ModelPool(), Settings.DefaultPolicy().Hash);
        try
        {
            // Neither needs the other: the bundle is checked and loaded while the log is read, which does not give its thread back.
            var reading = Task.Run(() => database.Log.ReadWithCountsAsync(null, null, cancellationToken), cancellationToken);
            var starting = StartAsync(settings, models, async () => ServingItems.Of((await reading).Log.Items), cancellationToken);
            await Task.WhenAll(reading, starting);
            var log = (await reading).Log;
            progress?.Report(new WorkProgress("read the event log", log.Events.Length, log.Events.Length, "events"));
            return Of(log, models, progress, (await reading).LastPosition, await starting);
        }
        catch
        {
            models.Dispose();
            throw;
        }
    }

    /// <summary>Folds a log, whose last event has the given position, beside the models.</summary>
    public static ServingState Of(
        InteractionLog log, ModelPool<ServingModel> models, IProgress<WorkProgress>? progress = null, long logPosition = 0, IReadOnlyList<string>? warnings = null)
    {
        IEventFold[] folds = [new CoVisitation(Options.Create(Settings.CoVisitation())), new SegmentCounts(Options.Create(Settings.Segments()))];
        return new ServingState(new LiveState(log, folds, progress, logPosition), models, warnings ?? []);
    }

    private static async Task<IReadOnlyList<string>> StartAsync(
        ServerSettings settings, ModelPool<ServingModel> models, Func<Task<ServingItems>> items, CancellationToken cancellationToken)
    {
        var registry = new ModelRegistry(settings.ModelsFolder);
        using var loader = new ModelLoader(registry, models, FeatureCatalogue.Default, Settings.Retrieval(), items);
        return await new ModelStart(registry, models, loader).RunAsync(cancellationToken);
    }
}
