using RecSys.Core.Domain;

namespace RecSys.Core.Models;

/// <summary>The items of this process, as a bundle meets them when it is loaded.</summary>
/// <param name="Catalog">Numbers for the bundle's rows.</param>
/// <param name="WasNumbered">True when an item of this id was ever stored here, also when it has been removed since.</param>
public sealed record ServingItems(ItemCatalog Catalog, Func<string, bool> WasNumbered)
{
    /// <summary>
    /// Numbers of the items that were added, changed or removed behind a position of the log; by default nobody keeps them.
    /// </summary>
    public Func<long, CancellationToken, Task<IReadOnlyList<int>>> ChangedAfter { get; init; } = (_, _) =>
        Task.FromResult<IReadOnlyList<int>>([]);

    /// <summary>Tells the models of items; null where none change.</summary>
    public LiveItems? Live { get; init; }

    /// <summary>As the catalogue knows them: it keeps the ids and numbers of removed items.</summary>
    public static ServingItems Of(ItemCatalog catalog) => new(catalog, id => catalog.TryGetNumber(id, out _));
}
