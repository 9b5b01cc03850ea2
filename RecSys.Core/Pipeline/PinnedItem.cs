namespace RecSys.Core.Pipeline;

/// <summary>An item that a rule puts at a place.</summary>
/// <param name="Item">Number in the catalogue.</param>
/// <param name="Place">From 0.</param>
public readonly record struct PinnedItem(int Item, int Place);
