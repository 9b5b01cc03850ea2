using RecSys.Core.Domain;
using RecSys.Core.Storage.ModelStates;

namespace RecSys.Core.Models;

/// <summary>
/// Finds the model to begin with: the champion; where it cannot serve, the ones before it; then every other version that served or was
/// found good enough to, newest first. As long as one of them can serve, a process starts. Rejected, quarantined and unregistered ones never do.
/// </summary>
public sealed class ModelStart(ModelRegistry registry, ModelPool<ServingModel> pool, ModelLoader loader)
{
    // The message names no more: the rest is in models list.
    private const int MostReasons = 5;

    /// <summary>Loads a model and promotes it.</summary>
    /// <returns>What stands in the way of the champion, loud and clear, one line each; empty when the champion serves.</returns>
    /// <exception cref="RecSysException">There is no model, or none that can serve.</exception>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellationToken)
    {
        var warnings = new List<string>();
        var champion = await registry.ReadChampionAsync(cancellationToken);
        var tried = new HashSet<string>(StringComparer.Ordinal);
        if (champion is not null)
        {
            if (await TryAsync(champion.Version, warnings, cancellationToken)) return Done(champion.Version, champion, warnings);
            tried.Add(champion.Version);
            foreach (var before in await registry.PredecessorsAsync(champion, cancellationToken))
            {
                if (!MayServe(before) || !tried.Add(before.Version)) continue;
                if (await TryAsync(before.Version, warnings, cancellationToken)) return Done(before.Version, champion, warnings);
            }
        }
        var versions = await registry.ListAsync(cancellationToken);
        // What served before comes ahead of what never did.
        foreach (var version in versions.Where(version => version.Record is { } record && MayServe(record))
            .OrderBy(version => version.Record!.State == ModelState.Retired ? 0 : 1))
        {
            if (version.Condition != BundleCondition.Valid || !tried.Add(version.Version)) continue;
            if (await TryAsync(version.Version, warnings, cancellationToken)) return Done(version.Version, champion, warnings);
        }
        throw Nothing(versions, warnings);
    }

    // Never what a gate or a person refused, and never what nobody registered.
    private static bool MayServe(ModelRecord record) => !record.Collected
        && record.State is ModelState.Champion or ModelState.Retired or ModelState.Canary or ModelState.Shadow or ModelState.Staging;

    private RecSysException Nothing(IReadOnlyList<ModelVersion> versions, List<string> warnings)
    {
        if (warnings.Count > 0)
            return new RecSysException($"No model in {registry.ModelsRoot} can serve. {string.Join(' ', warnings.Take(MostReasons))} "
                + "Repair one, or train a new version.");
        var data = Path.GetDirectoryName(registry.ModelsRoot);
        if (versions.FirstOrDefault(version => version is { Record: null, Condition: BundleCondition.Valid }) is { } found)
            return new RecSysException($"{registry.ModelsRoot} holds {found.Version}, which nobody registered; nothing serves unasked. "
                + $"Choose it with: models promote {found.Version} --data {data}");
        return new RecSysException($"No model in {registry.ModelsRoot}; train one first: train --data {data}");
    }

    private async Task<bool> TryAsync(string version, List<string> warnings, CancellationToken cancellationToken)
    {
        var outcome = await loader.LoadAsync(version, cancellationToken);
        if (outcome.Refusal is { } refusal) warnings.Add($"Model {version} was refused: {refusal.Reason}");
        return outcome.Refusal is null;
    }

    private List<string> Done(string version, ModelRecord? champion, List<string> warnings)
    {
        pool.Promote(version);
        if (champion?.Version == version) return warnings;
        warnings.Add(champion is null
            ? $"No champion is set, {version} serves as the newest version that can. Choose one with: models promote VERSION."
            : $"{version} serves in place of the champion {champion.Version}, until that one is repaired or another is promoted.");
        return warnings;
    }
}
