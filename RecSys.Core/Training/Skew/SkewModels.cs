using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Models;

namespace RecSys.Core.Training.Skew;

/// <summary>The bundles that served, each loaded once.</summary>
internal sealed class SkewModels(ModelRegistry registry, FeatureCatalogue catalogue, ItemCatalog items) : IDisposable
{
    private readonly Dictionary<string, ServingModel?> models = new(StringComparer.Ordinal);

    /// <returns>False when the version is gone or fails its checks.</returns>
    public async Task<bool> LoadAsync(string version, CancellationToken cancellationToken)
    {
        if (models.TryGetValue(version, out var known)) return known is not null;
        try
        {
            models[version] =
                new ServingModel(await ModelBundle.LoadAsync(registry.FolderOf(version), catalogue, cancellationToken), items);
            return true;
        }
        catch (RecSysException)
        {
            models[version] = null;
            return false;
        }
    }

    /// <summary>A version for which <see cref="LoadAsync"/> gave true.</summary>
    public ServingModel this[string version] => models[version]!;

    /// <summary>Tells every model of an item that came or changed behind the position that its bundle was made at.</summary>
    public void Follow(LogEntry entry)
    {
        foreach (var model in models.Values)
        {
            if (model is null || entry.Position <= (model.Bundle.Manifest.LogPosition ?? 0)) continue;
            if (entry.Change is ItemPut put) model.PutItem(entry.Item, put.Item);
            else if (entry.Change is ItemRemoval) model.RemoveItem(entry.Item);
        }
    }

    public void Dispose()
    {
        foreach (var model in models.Values) model?.Dispose();
    }
}
