namespace RecSys.Core.Pipeline;

/// <summary>Where candidates come from; an item may have several sources.</summary>
[Flags]
public enum CandidateSources
{
    None = 0,
    /// <summary>Nearest items to the user embedding.</summary>
    TwoTower = 1,
    /// <summary>Most popular items.</summary>
    Popular = 2,
    /// <summary>Items that others chose shortly before or after the user's latest items.</summary>
    CoVisitation = 4,
    /// <summary>Items chosen more often today than this week.</summary>
    Trending = 8,
    /// <summary>Young items that were shown little.</summary>
    New = 16,
    /// <summary>
    /// Servable items from further down, when the filters left too few: together with <see cref="TwoTower"/> of a deeper search, else of
    /// what is popular or just there.
    /// </summary>
    Deeper = 32,
    /// <summary>Items that the user has seen longest ago, when there are no others.</summary>
    Repeated = 64,
    /// <summary>The user's last good list.</summary>
    LastList = 128,
    /// <summary>What was most popular when the server started.</summary>
    Static = 256,
    /// <summary>Items that the same users took as the user's latest ones (item-kNN), as the model learnt them.</summary>
    Neighbours = 512,
    /// <summary>Items near those that the request named.</summary>
    Seeds = 1024,
    /// <summary>Items that a merchandising rule puts at a place.</summary>
    Pinned = 2048,
}
