namespace RecSys.Core.Merchandising;

/// <summary>What a merchandising rule does.</summary>
public enum RuleKind
{
    /// <summary>Puts an item at a position.</summary>
    Pin,
    /// <summary>Raises the scores of the items that pass a filter.</summary>
    Boost,
    /// <summary>Lowers the scores of the items that pass a filter.</summary>
    Bury,
    /// <summary>Lets in only items that pass a filter.</summary>
    Include,
    /// <summary>Leaves out the items that pass a filter.</summary>
    Exclude,
    /// <summary>At most so many items of each category, or of each creator, among the first places.</summary>
    Cap,
    /// <summary>Leaves out the items whose creator is the user.</summary>
    OwnItems,
}
