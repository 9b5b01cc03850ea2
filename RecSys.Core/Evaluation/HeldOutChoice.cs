namespace RecSys.Core.Evaluation;

/// <summary>What one user chose, kept back to be told from what came before it.</summary>
/// <param name="User">Ordinal of the user.</param>
/// <param name="Item">Ordinal of the chosen item.</param>
/// <param name="History">Item ordinals before it, oldest first.</param>
/// <param name="TimeMs">When it was chosen, Unix milliseconds; null where that is not to be known.</param>
public readonly record struct HeldOutChoice(int User, int Item, ReadOnlyMemory<int> History, long? TimeMs);
