namespace RecSys.Core.Recommendations.Explaining;

/// <summary>What became of an item.</summary>
public enum ItemFate
{
    /// <summary>It is in the list, by the record.</summary>
    Served,

    /// <summary>No source proposed it.</summary>
    NeverCandidate,

    /// <summary>A filter took it out.</summary>
    Removed,

    /// <summary>It was ranked, and others stood before it.</summary>
    Outranked,

    /// <summary>Nobody can say any more: the record lacks it, and made again the list has it.</summary>
    NotReproduced,
}
