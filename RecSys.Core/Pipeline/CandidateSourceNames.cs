namespace RecSys.Core.Pipeline;

/// <summary>Names of <see cref="CandidateSources"/> in replies and figures.</summary>
public static class CandidateSourceNames
{
    /// <summary>Every source, in the order in which replies name them.</summary>
    public static IReadOnlyList<(CandidateSources Source, string Name)> All { get; } =
    [
        (CandidateSources.TwoTower, "two_tower"),
        (CandidateSources.Neighbours, "neighbours"),
        (CandidateSources.Seeds, "seed_items"),
        (CandidateSources.Pinned, "pinned"),
        (CandidateSources.CoVisitation, "co_visitation"),
        (CandidateSources.Trending, "trending"),
        (CandidateSources.New, "new"),
        (CandidateSources.Popular, "popular"),
        (CandidateSources.Deeper, "deeper"),
        (CandidateSources.Repeated, "repeated"),
        (CandidateSources.LastList, "last_list"),
        (CandidateSources.Static, "static"),
    ];

    /// <summary>By the number of the bit, as stored records have them.</summary>
    public static IReadOnlyList<string> ByBit { get; } =
        [.. All.OrderBy(entry => entry.Source).Select(entry => entry.Name)];
}
