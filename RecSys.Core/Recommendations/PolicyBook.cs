using System.Collections.Frozen;
using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Recommendations.Filters;
using RecSys.Core.Recommendations.Rules;
using RecSys.Core.Recommendations.Sources;

namespace RecSys.Core.Recommendations;

/// <summary>The policies that requests can be served by: the one of the configuration and any given beside it. Immutable.</summary>
public sealed class PolicyBook
{
    private readonly FrozenDictionary<string, Policy> byHash;
    private readonly FrozenDictionary<string, Policy> byName;

    /// <param name="policies">The default first; names are unique.</param>
    /// <exception cref="RecSysException">A name occurs twice.</exception>
    public PolicyBook(params IReadOnlyList<Policy> policies)
    {
        if (policies.GroupBy(policy => policy.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } repeated)
            throw new RecSysException($"{repeated.Count()} policies are called {repeated.Key}; give each a name of its own.");
        Default = policies[0];
        DefaultHash = Default.Hash;
        byHash = policies.ToFrozenDictionary(policy => policy.Hash, StringComparer.Ordinal);
        byName = policies.ToFrozenDictionary(policy => policy.Name, StringComparer.Ordinal);
    }

    /// <summary>What applies where nothing else is said.</summary>
    public Policy Default { get; }

    /// <summary><see cref="Policy.Hash"/> of <see cref="Default"/>.</summary>
    public string DefaultHash { get; }

    /// <summary>The policy with the hash, or null.</summary>
    public Policy? Find(string hash) => byHash.GetValueOrDefault(hash);

    /// <summary>The policy of a scenario, or null.</summary>
    public Policy? Named(string name) => byName.GetValueOrDefault(name);

    /// <summary>The policy that the configuration describes.</summary>
    public static Policy Of(
        IOptions<RecommendationOptions> whole, IOptions<SeenOptions> seen, IOptions<DiversityOptions> diversity, IOptions<FreshnessOptions> freshness,
        IOptions<CoVisitationOptions> coVisitation, IOptions<TrendingOptions> trending, IOptions<NewItemOptions> newItems) => Policy.Default with
        {
            Candidates = whole.Value.Candidates,
            DedupDays = seen.Value.DedupDays,
            ConsumedDays = seen.Value.ConsumedDays,
            MaxPerCategory = diversity.Value.MaxPerCategory,
            DiversityTop = diversity.Value.Top,
            FreshnessBoost = freshness.Value.Boost,
            FreshnessDaysPerPercent = freshness.Value.DaysPerPercent,
            CoVisitationLimit = coVisitation.Value.Limit,
            TrendingLimit = trending.Value.Limit,
            NewItemShare = newItems.Value.Share,
        };
}
