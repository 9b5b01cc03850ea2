using System.Collections.Frozen;
using Microsoft.Extensions.Configuration;
using RecSys.Core.Domain;
using RecSys.Core.Recommendations.Filters;
using RecSys.Core.Recommendations.Rules;
using RecSys.Core.Recommendations.Sources;

namespace RecSys.Core.Recommendations;

/// <summary>The policies that requests can be served by: the one of the configuration and any given beside it. Immutable.</summary>
public sealed class PolicyBook
{
    private readonly FrozenDictionary<string, Policy> byHash;

    /// <param name="policies">The default first; names are unique.</param>
    /// <exception cref="RecSysException">A name occurs twice.</exception>
    public PolicyBook(params IReadOnlyList<Policy> policies)
    {
        if (policies.GroupBy(policy => policy.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } repeated)
            throw new RecSysException($"{repeated.Count()} policies are called {repeated.Key}; give each a name of its own.");
        Default = policies[0];
        DefaultHash = Default.Hash;
        byHash = policies.ToFrozenDictionary(policy => policy.Hash, StringComparer.Ordinal);
    }

    /// <summary>What applies where nothing else is said.</summary>
    public Policy Default { get; }

    /// <summary><see cref="Policy.Hash"/> of <see cref="Default"/>.</summary>
    public string DefaultHash { get; }

    /// <summary>The policy with the hash, or null.</summary>
    public Policy? Find(string hash) => byHash.GetValueOrDefault(hash);

    /// <summary>The policy that a configuration describes, in the sections of the request path.</summary>
    /// <exception cref="RecSysException">A value is not allowed.</exception>
    public static Policy Read(IConfiguration configuration)
    {
        var seen = Section<SeenOptions>(configuration, SeenOptions.SectionName);
        var diversity = Section<DiversityOptions>(configuration, DiversityOptions.SectionName);
        var freshness = Section<FreshnessOptions>(configuration, FreshnessOptions.SectionName);
        var exploration = Section<ExplorationOptions>(configuration, ExplorationOptions.SectionName);
        return Policy.Default with
        {
            Candidates = Section<RecommendationOptions>(configuration, RecommendationOptions.SectionName).Candidates,
            DedupDays = seen.DedupDays,
            ConsumedDays = seen.ConsumedDays,
            MaxPerCategory = diversity.MaxPerCategory,
            DiversityTop = diversity.Top,
            FreshnessBoost = freshness.Boost,
            FreshnessDaysPerPercent = freshness.DaysPerPercent,
            CoVisitationLimit = Section<CoVisitationOptions>(configuration, CoVisitationOptions.SectionName).Limit,
            TrendingLimit = Section<TrendingOptions>(configuration, TrendingOptions.SectionName).Limit,
            ExplorationShare = exploration.Share,
            ExplorationPool = exploration.Pool,
            NewItemShare = Section<NewItemOptions>(configuration, NewItemOptions.SectionName).Share,
        };
    }

    private static T Section<T>(IConfiguration configuration, string name)
        where T : class, new()
    {
        try
        {
            return configuration.GetSection(name).Get<T>() ?? new T();
        }
        catch (InvalidOperationException exception)
        {
            throw new RecSysException($"The settings of section {name} cannot be read: {exception.Message}", exception);
        }
    }
}
