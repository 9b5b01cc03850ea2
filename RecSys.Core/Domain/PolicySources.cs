namespace RecSys.Core.Domain;

/// <summary>Where a policy takes candidates from; see <see cref="PolicySourceNames"/>.</summary>
[Flags]
public enum PolicySources
{
    None = 0,
    /// <summary>Nearest items to the user embedding.</summary>
    TwoTower = 1,
    /// <summary>Items that the same users took as the user's latest ones.</summary>
    Neighbours = 2,
    /// <summary>Items near those that the request named.</summary>
    SeedItems = 4,
    /// <summary>Items that others chose shortly before or after the user's latest ones.</summary>
    CoVisitation = 8,
    /// <summary>Items chosen more often today than this week.</summary>
    Trending = 16,
    /// <summary>Young items that were shown little.</summary>
    New = 32,
    /// <summary>Most popular items, also where nothing better can be served.</summary>
    Popular = 64,
    /// <summary>Servable items from further down, where the others leave too few; of a source that takes part alone.</summary>
    Deeper = 128,
    /// <summary>Items that the user has seen longest ago, where there are no others.</summary>
    Repeated = 256,
    /// <summary>All of them.</summary>
    All = 511,
}
