namespace RecSys.Core.Domain;

/// <summary>How an item came to its place in a list. The numeric values are stored; append only.</summary>
public enum SlotKind : byte
{
    /// <summary>By its score.</summary>
    Ranked = 0,
    /// <summary>By a draw, with a known propensity.</summary>
    Explored = 1,
    /// <summary>By a rule that fixes the place.</summary>
    Pinned = 2,
}
