using RecSys.Core.Domain;
using RecSys.Core.Storage;
using RecSys.Core.Storage.ModelStates;

namespace RecSys.Core.Models;

/// <summary>
/// Deletes bundles that nothing needs any more. What is said of the version stays in the store, with a note that its bundle is gone; the
/// note comes first, so that nobody makes a version champion whose files are about to go.
/// </summary>
public sealed class ModelCollection(ModelRegistry registry)
{
    /// <summary>
    /// Retired and rejected versions behind the latest ones, oldest first. Champion, the one before it, what is on its way, what is
    /// quarantined and what nobody registered are never among them.
    /// </summary>
    /// <param name="keep">How many retired and rejected ones stay, the one before the champion not counted.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<IReadOnlyList<ModelVersion>> FindAsync(int keep, CancellationToken cancellationToken = default)
    {
        var champion = await registry.ReadChampionAsync(cancellationToken);
        var before = champion is null ? [] : await registry.PredecessorsAsync(champion, cancellationToken);
        var previous = before.FirstOrDefault(record => record is { State: ModelState.Retired, Collected: false })?.Version;
        return [.. (await registry.ListAsync(cancellationToken))
            .Where(version => version is { Record: not null, Condition: not BundleCondition.Absent }
                && ModelStateRules.MayBeCollected(version.Record.State) && version.Version != previous)
            .OrderByDescending(version => version.Record!.Since).ThenByDescending(version => version.Record!.Revision)
            .Where((version, at) => at >= keep || version.Record!.Collected)
            .Reverse()];
    }

    /// <summary>
    /// Removes what publishers that were killed left behind: unfinished bundles, and the lock of one that was killed right behind its last
    /// step. What a running one writes stays.
    /// </summary>
    /// <returns>How many unfinished bundles were removed.</returns>
    public int CleanTorn() => BundlePublisher.CleanTorn(registry.ModelsRoot);

    /// <summary>Deletes the bundle of a version.</summary>
    /// <returns>Why it was not deleted; null when it was.</returns>
    /// <exception cref="RecSysException">The store fails, or the folder cannot be deleted.</exception>
    public async Task<string?> RemoveAsync(string version, string actor, CancellationToken cancellationToken = default)
    {
        if (await registry.States.FindAsync(version, cancellationToken) is not { } record) return $"The store does not know {version}.";
        if (!record.Collected)
        {
            var change = RegistryChange.Of(
                await registry.States.CollectAsync(version, record.Revision, actor, cancellationToken), version, ModelState.Retired);
            if (change.Outcome != ModelChangeOutcome.Done) return change.Fault;
        }
        try
        {
            var folder = registry.FolderOf(version);
            if (Directory.Exists(folder)) FolderPublication.Remove(folder);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FolderFault.Writing(registry.ModelsRoot, $"The bundle {version} was not deleted", e);
        }
    }
}
