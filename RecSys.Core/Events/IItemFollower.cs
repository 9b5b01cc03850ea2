using RecSys.Core.Domain;

namespace RecSys.Core.Events;

/// <summary>
/// Something that must know of items beside the catalogue, such as the models in memory. Told by the folding thread, in the order of the
/// log.
/// </summary>
public interface IItemFollower
{
    /// <summary>An item is new or changed; the catalogue shows it already.</summary>
    void Put(int number, Item item);

    /// <summary>An item is gone.</summary>
    void Removed(int number);
}
