using System.Collections.Frozen;
using Microsoft.Extensions.Configuration;
using RecSys.Core.Domain;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Filters;
using RecSys.Core.Recommendations.Rules;
using RecSys.Core.Recommendations.Scenarios;
using RecSys.Core.Recommendations.Sources;

namespace RecSys.Core.Recommendations;

/// <summary>The policies that requests can be served by: the default one and those of the scenarios. Immutable.</summary>
public sealed class PolicyBook
{
    private readonly FrozenDictionary<string, Policy> byHash;
    private readonly FrozenDictionary<string, (Policy Policy, string Hash)> byScenario;

    /// <param name="basis">What applies where nothing else is said.</param>
    /// <param name="scenarios">Policies by the scenario whose own they are; <c>home</c> has the default one unless it stands here.</param>
    public PolicyBook(Policy basis, IReadOnlyDictionary<string, Policy>? scenarios = null)
    {
        (Default, DefaultHash) = (basis, basis.Hash);
        var own = (scenarios ?? new Dictionary<string, Policy>()).ToDictionary(each => each.Key, each => (each.Value, each.Value.Hash));
        own.TryAdd(RecommendationRequest.Home, (basis, DefaultHash));
        byScenario = own.ToFrozenDictionary(StringComparer.Ordinal);
        byHash = own.Values.Append((basis, DefaultHash)).DistinctBy(each => each.Item2)
            .ToFrozenDictionary(each => each.Item2, each => each.Item1, StringComparer.Ordinal);
        Scenarios = [.. byScenario.Keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>What applies where nothing else is said.</summary>
    public Policy Default { get; }

    /// <summary><see cref="Policy.Hash"/> of <see cref="Default"/>.</summary>
    public string DefaultHash { get; }

    /// <summary>Names of the scenarios, in ordinal order; <c>home</c> is always among them.</summary>
    public IReadOnlyList<string> Scenarios { get; }

    /// <summary>Every policy once, with its hash.</summary>
    public IEnumerable<(string Hash, Policy Policy)> All => byHash.Select(each => (each.Key, each.Value));

    /// <summary>The policy with the hash, or null.</summary>
    public Policy? Find(string hash) => byHash.GetValueOrDefault(hash);

    /// <summary>The policy of a scenario with its hash; the default one for a scenario that there is not.</summary>
    public (Policy Policy, string Hash) Of(string scenario) =>
        byScenario.TryGetValue(scenario, out var own) ? own : (Default, DefaultHash);

    /// <summary>
    /// What a request is served by: the policy that its assignment names, where that is another than the default one; else that of its
    /// scenario. An assignment whose policy is not known here gets the scenario's, too.
    /// </summary>
    public (Policy Policy, string Hash) Choose(string assigned, string scenario) =>
        assigned != DefaultHash && Find(assigned) is { } policy ? (policy, assigned) : Of(scenario);

    /// <summary>What is wrong with the name of a scenario; null for one that there is.</summary>
    public string? FaultOf(string scenario) => byScenario.ContainsKey(scenario)
        ? null
        : NearestName.Of(scenario, Scenarios) is { } near
            ? $"must be a scenario that there is; did you mean {near}? There are {string.Join(", ", Scenarios)}"
            : $"must be one of {string.Join(", ", Scenarios)}";

    /// <summary>The policies that a configuration describes.</summary>
    /// <exception cref="RecSysException">A value is not allowed.</exception>
    public static PolicyBook Of(IConfiguration configuration)
    {
        var basis = Read(configuration);
        return new PolicyBook(basis, ScenarioSettings.Read(configuration, basis));
    }

    /// <summary>The default policy that a configuration describes, in the sections of the request path.</summary>
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
