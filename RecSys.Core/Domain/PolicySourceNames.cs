namespace RecSys.Core.Domain;

/// <summary>Names of <see cref="PolicySources"/> in policies and settings: the words by which replies name the same sources.</summary>
public static class PolicySourceNames
{
    /// <summary>Each source with its name, in the order in which policies list them.</summary>
    public static IReadOnlyList<(PolicySources Source, string Name)> All { get; } =
    [
        (PolicySources.TwoTower, "two_tower"),
        (PolicySources.Neighbours, "neighbours"),
        (PolicySources.SeedItems, "seed_items"),
        (PolicySources.CoVisitation, "co_visitation"),
        (PolicySources.Trending, "trending"),
        (PolicySources.New, "new"),
        (PolicySources.Popular, "popular"),
        (PolicySources.Deeper, "deeper"),
        (PolicySources.Repeated, "repeated"),
    ];

    /// <summary>The source of a name.</summary>
    /// <exception cref="RecSysException">There is none of this name; the message says which there are.</exception>
    public static PolicySources Parse(string name)
    {
        foreach (var entry in All)
        {
            if (entry.Name == name) return entry.Source;
        }
        var names = All.Select(entry => entry.Name);
        throw new RecSysException(NearestName.Of(name, names) is { } near
            ? $"There is no source '{name}'; did you mean {near}?"
            : $"There is no source '{name}'; there are {string.Join(", ", names)}.");
    }
}
