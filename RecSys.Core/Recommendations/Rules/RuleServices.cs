using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace RecSys.Core.Recommendations.Rules;

/// <summary>Registration of the rules and of what ends a list.</summary>
internal static class RuleServices
{
    // "Freshness": { "Boost": 0.09, "DaysPerPercent": 6 }, "Diversity": { "MaxPerCategory": 3, "Top": 10 },
    // "Exploration": { "Share": 0, "Pool": 100 }
    public static IServiceCollection AddRules(this IServiceCollection services, IConfiguration configuration) => services
        .AddSection<FreshnessOptions, FreshnessOptionsValidator>(configuration, FreshnessOptions.SectionName)
        .AddSection<DiversityOptions, DiversityOptionsValidator>(configuration, DiversityOptions.SectionName)
        .AddSection<ExplorationOptions, ExplorationOptionsValidator>(configuration, ExplorationOptions.SectionName)
        .AddStage<FreshnessBoost>()
        .AddStage<RequestBoost>()
        .AddStage<MatchRules>()
        .AddStage<RuleBoost>()
        .AddStage<SafetyRule>()
        .AddStage<DiversityRule>()
        .AddStage<ArrangeRule>()
        .AddStage<OrderStage>()
        .AddStage<PinStage>()
        .AddStage<ExplorationStage>()
        .AddStage<SelectStage>();
}
