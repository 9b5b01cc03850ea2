using RecSys.Core.Domain;

namespace RecSys.Core.Models;

/// <summary>
/// Finds the model to begin with: the champion; where it cannot serve, the one before it; then every other valid version, newest first. As
/// long as one of them can serve, a process starts.
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
        var pointer = await ReadPointerAsync(warnings, cancellationToken);
        var tried = new HashSet<string>(StringComparer.Ordinal);
        foreach (var version in (string?[])[pointer?.Version, pointer?.Previous])
        {
            if (BundleName.IsValid(version) && tried.Add(version!) && await TryAsync(version!, warnings, cancellationToken))
                return Done(version!, pointer, warnings);
        }
        foreach (var version in await registry.ListAsync(cancellationToken))
        {
            if (version.State != ModelVersionState.Valid || !tried.Add(version.Version)) continue;
            if (await TryAsync(version.Version, warnings, cancellationToken)) return Done(version.Version, pointer, warnings);
        }
        throw new RecSysException(warnings.Count == 0
            ? $"No model in {registry.ModelsRoot}; train one first: train --data {Path.GetDirectoryName(registry.ModelsRoot)}"
            : $"No model in {registry.ModelsRoot} can serve. {string.Join(' ', warnings.Take(MostReasons))} Repair one, or train a new "
                + "version.");
    }

    private async Task<ChampionPointer?> ReadPointerAsync(List<string> warnings, CancellationToken cancellationToken)
    {
        try
        {
            return await registry.ReadChampionAsync(cancellationToken);
        }
        catch (RecSysException fault)
        {
            warnings.Add(fault.Message);
            return null;
        }
    }

    private async Task<bool> TryAsync(string version, List<string> warnings, CancellationToken cancellationToken)
    {
        var outcome = await loader.LoadAsync(version, cancellationToken);
        if (outcome.Refusal is { } refusal) warnings.Add($"Model {version} was refused: {refusal.Reason}");
        return outcome.Refusal is null;
    }

    private List<string> Done(string version, ChampionPointer? pointer, List<string> warnings)
    {
        pool.Promote(version);
        if (pointer?.Version == version) return warnings;
        warnings.Add(pointer is null
            ? $"No champion is set, {version} serves as the newest version that can. Choose one with: models promote VERSION."
            : $"{version} serves in place of the champion {pointer.Version}, until that one is repaired or another is promoted.");
        return warnings;
    }
}
