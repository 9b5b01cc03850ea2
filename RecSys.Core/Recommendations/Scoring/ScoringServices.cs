using Microsoft.Extensions.DependencyInjection;

namespace RecSys.Core.Recommendations.Scoring;

/// <summary>Registration of the ranking.</summary>
internal static class ScoringServices
{
    public static IServiceCollection AddScoring(this IServiceCollection services) =>
        services.AddStage<FeatureStage>().AddStage<RankStage>().AddStage<PopularityPrior>();
}
