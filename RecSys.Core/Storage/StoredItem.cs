using RecSys.Core.Domain;

namespace RecSys.Core.Storage;

/// <summary>An item as it is stored now.</summary>
/// <param name="Number">Lasting number, from 0.</param>
/// <param name="Position">Entry that holds the content.</param>
/// <param name="Removed">True when the item is gone; its content is the last one.</param>
/// <param name="Item">The content.</param>
public sealed record StoredItem(int Number, long Position, bool Removed, Item Item);
