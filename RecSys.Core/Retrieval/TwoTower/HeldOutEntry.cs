namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>An entry that no training saw and that validation asks for.</summary>
/// <param name="User">Ordinal.</param>
/// <param name="History">Item ordinals of all entries before it, oldest first.</param>
/// <param name="Item">Ordinal of the item wanted.</param>
/// <param name="Device">Code of the request.</param>
/// <param name="Location">Code of the request.</param>
public sealed record HeldOutEntry(int User, int[] History, int Item, byte Device = 0, byte Location = 0);
