using Microsoft.Extensions.Options;
using RecSys.Api.Hosting.Telemetry;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Recommendations.Sources;
using RecSys.Core.Storage;

namespace RecSys.Api.Hosting;

/// <summary>What a server loads before it opens its port: the folded log, the tail that goes on folding it, and a model.</summary>
/// <param name="Live">The folded log.</param>
/// <param name="Models">The models in memory.</param>
/// <param name="Warnings">What stands in the way of the champion, one line each; empty when it serves.</param>
/// <param name="Tail">Goes on folding; null for a state that stands still.</param>
/// <param name="Metrics">Instruments of the tail and of the writer in front of it.</param>
/// <param name="Database">The stores; null for a state that stands still.</param>
/// <param name="Loggers">Of what runs beside the host.</param>
internal sealed record ServingState(
    LiveState Live, ModelPool<ServingModel> Models, IReadOnlyList<string> Warnings, EventTail? Tail = null, EventMetrics? Metrics = null,
    IDatabase? Database = null, IDisposable? Loggers = null)
    : IAsyncDisposable
{
    /// <summary>Tells the models of items.</summary>
    public LiveItems Items { get; init; } = new(Models);

    /// <summary>The clock of requests and incoming events: the machine's, or set to a moment of the log.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Reads the newest state snapshot, folds the log behind it, and loads the model beside that.</summary>
    /// <exception cref="RecSysException">There are no data, no model, or none that passes its checks.</exception>
    public static async Task<ServingState> LoadAsync(ServerSettings settings, IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken)
    {
        var shift = await ShiftAsync(settings, cancellationToken);
        var database = await Databases.OpenExistingAsync(
            settings.DataFolder, new LogLimits { EventShift = shift }, settings.Clock, cancellationToken);
        var loggers = LogOutput.BeforeHost(settings.Overrides);
        BundlePublisher.CleanTorn(settings.ModelsFolder);
        var models = new ModelPool<ServingModel>(Settings.ModelPool(), Settings.DefaultPolicy().Hash);
        var items = new LiveItems(models, TimeProvider.System, loggers.CreateLogger<LiveItems>());
        try
        {
            var metrics = new EventMetrics(new PlainMeters());
            // Neither needs the other: the bundle is checked and loaded while the log is folded, which does not give its thread back.
            var folding = Task.Run(() => LogCatchUp.RunAsync(database, metrics, loggers, progress, cancellationToken), cancellationToken);
            var starting = StartAsync(
                settings, database, models, async () => ItemsOf((await folding).Live, database, items), cancellationToken);
            await Task.WhenAll(folding, starting);
            var (live, tail) = await folding;
            // Nothing is folded until the host starts: no change is missed in between.
            live.TellOfItems(items);
            live.FollowsClock = settings.AsOf is not null || settings.Clock != TimeProvider.System;
            return new ServingState(live, models, await starting, tail, metrics, database, loggers)
            {
                Items = items, Time = new ServedTime(settings.Clock, shift),
            };
        }
        catch
        {
            loggers.Dispose();
            models.Dispose();
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Folds a log that is in memory, beside the models; nothing is stored and nothing comes in.</summary>
    public static ServingState Of(InteractionLog log, ModelPool<ServingModel> models, IReadOnlyList<string>? warnings = null) =>
        new(LiveState.Of(log, [.. Folds()]), models, warnings ?? []);

    /// <summary>The items as a model meets them when it is loaded.</summary>
    public ServingItems ItemsForModels() => Database is null ? ServingItems.Of(Live.Catalog) : ItemsOf(Live, Database, Items);

    public async ValueTask DisposeAsync()
    {
        Tail?.Dispose();
        if (Database is not null) await Database.DisposeAsync();
        Loggers?.Dispose();
    }

    private static async Task<TimeSpan> ShiftAsync(ServerSettings settings, CancellationToken cancellationToken)
    {
        if (settings.AsOf is null) return TimeSpan.Zero;
        await using var database = await Databases.OpenExistingAsync(settings.DataFolder, cancellationToken);
        return await settings.AsOf.ShiftAsync(database, settings.Clock.GetUtcNow(), cancellationToken);
    }

    private static ServingItems ItemsOf(LiveState live, IDatabase database, LiveItems items) => ServingItems.Of(live.Catalog) with
    {
        ChangedAfter = database.Contents.ReadChangedItemsAsync,
        Live = items,
    };

    /// <summary>What grows with the log beside the feature state, empty.</summary>
    public static IReadOnlyList<IEventFold> Folds() =>
        [new CoVisitation(Options.Create(Settings.CoVisitation())), new SegmentCounts(Options.Create(Settings.Segments()))];

    private static async Task<IReadOnlyList<string>> StartAsync(
        ServerSettings settings, IDatabase database, ModelPool<ServingModel> models, Func<Task<ServingItems>> items,
        CancellationToken cancellationToken)
    {
        var registry = Settings.Registry(settings, database.Models);
        using var loader = new ModelLoader(registry, models, FeatureCatalogue.Default, Settings.Retrieval(), items);
        return await new ModelStart(registry, models, loader).RunAsync(cancellationToken);
    }
}
