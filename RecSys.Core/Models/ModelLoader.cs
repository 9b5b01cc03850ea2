using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Retrieval.VectorSearch;

namespace RecSys.Core.Models;

/// <summary>
/// Brings versions into the pool, one at a time, cheap checks first. What fails a check is refused and not read again before its files (or,
/// where too many of its items were unknown, the catalogue) change; a version that had no room is tried each time.
/// </summary>
/// <param name="registry">Where the bundles are.</param>
/// <param name="pool">Takes the models, and remembers the refusals.</param>
/// <param name="catalogue">The features this process computes.</param>
/// <param name="retrieval">Library and device for index files.</param>
/// <param name="items">The items of this process. Awaited once a bundle is read, so that both can be read at once when the process
/// starts.</param>
public sealed class ModelLoader(
    ModelRegistry registry,
    ModelPool<ServingModel> pool, FeatureCatalogue catalogue, RetrievalOptions retrieval, Func<Task<ServingItems>> items) : IDisposable
{
    private readonly SemaphoreSlim loading = new(1, 1);

    /// <summary>Brings a version into memory, unless it is there. Nothing serves it yet.</summary>
    /// <returns>Why it was refused, or no refusal.</returns>
    public async Task<LoadOutcome> LoadAsync(string version, CancellationToken cancellationToken)
    {
        if (pool.IsLive(version)) return default;
        await loading.WaitAsync(cancellationToken);
        try
        {
            return pool.IsLive(version) ? default : await TryAsync(version, cancellationToken);
        }
        finally
        {
            loading.Release();
        }
    }

    public void Dispose() => loading.Dispose();

    private async Task<LoadOutcome> TryAsync(string version, CancellationToken cancellationToken)
    {
        var files = BundleName.IsValid(version) ? BundleFingerprint.Of(Path.Combine(registry.ModelsRoot, version)) : "";
        var refused = pool.RefusalOf(version);
        if (refused is { Cause: RefusalCause.Unsound } && refused.Fingerprint == files) return new LoadOutcome(refused, IsNews: false);
        if (refused is { Cause: RefusalCause.Coverage } && refused.Fingerprint == WithCatalogue(files, (await items()).Catalog))
            return new LoadOutcome(refused, IsNews: false);

        ModelBundle bundle;
        long bytes;
        try
        {
            var folder = registry.FolderOf(version);
            var manifest = await BundleVerifier.VerifyShapeAsync(folder, registry.Trust, cancellationToken);
            bytes = MemoryBudget.BytesOf(manifest);
            if (pool.IsFull)
                return Refuse(version, RefusalCause.Memory,
                    $"{ModelPool<ServingModel>.MaxLive} versions are in memory; {version} waits until one is retired.", files);
            if (!MakeRoom(bytes, out var room)) return Refuse(version, RefusalCause.Memory, MemoryBudget.Shortage(manifest, room), files);
            bundle = await ModelBundle.LoadAsync(folder, catalogue, retrieval, registry.Trust, cancellationToken);
        }
        catch (RecSysException refusal)
        {
            var cause = refusal.InnerException is OutOfMemoryException ? RefusalCause.Memory : RefusalCause.Unsound;
            return Refuse(version, cause, refusal.Message, files);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // Whatever a bundle makes of its reader: another version must be able to serve, at the start above all.
            var what = $"The bundle {version} cannot be loaded: {fault.Message} Publish it again, or serve "
                + "another.";
            return Refuse(version, RefusalCause.Unsound, what, files);
        }

        ServingItems here;
        try
        {
            here = await items();
        }
        catch
        {
            bundle.Dispose();
            throw;
        }
        if (ItemCoverage.Refusal(version, bundle.ItemIds, here.WasNumbered) is { } reason)
        {
            bundle.Dispose();
            return Refuse(version, RefusalCause.Coverage, reason, WithCatalogue(files, here.Catalog));
        }
        var known = here.Catalog.Count;
        pool.Add(version, new ServingModel(bundle, here.Catalog), bytes);
        await CatchUpAsync(version, known, here, cancellationToken);
        return default;
    }

    // From here on changes reach the model as they come; what was changed between its training and now is told behind them.
    private async Task CatchUpAsync(string version, int known, ServingItems here, CancellationToken cancellationToken)
    {
        if (here.Live is not { } live || !pool.TryAcquire(version, out var lease)) return;
        using (lease)
        {
            if (lease.Model.Bundle.Manifest.LogPosition is { } position)
                live.CatchUp(lease.Model, here.Catalog, await here.ChangedAfter(position, cancellationToken));
            live.CatchUp(lease.Model, here.Catalog, Enumerable.Range(known, Math.Max(0, here.Catalog.Count - known)));
        }
    }

    private bool MakeRoom(long bytes, out long room)
    {
        room = Room();
        if (room >= bytes) return true;
        // Its arrays go when they are collected: where that is too late for this attempt, the next one finds them gone.
        if (pool.RetirePrevious()) GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
        room = Room();
        return room >= bytes;
    }

    private long Room() => pool.Room(MemoryBudget.Available());

    private LoadOutcome Refuse(string version, RefusalCause cause, string reason, string fingerprint)
    {
        var refusal = new ModelRefusal(version, cause, reason, fingerprint);
        return new LoadOutcome(refusal, pool.Refuse(refusal));
    }

    private static string WithCatalogue(string files, ItemCatalog catalog) => $"{files}+{catalog.Count}";
}
