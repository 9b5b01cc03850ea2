using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RecSys.Core.Events;
using RecSys.Core.Features;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Filters;
using RecSys.Core.Recommendations.Logging;
using RecSys.Core.Recommendations.Rules;
using RecSys.Core.Recommendations.Scoring;
using RecSys.Core.Recommendations.Sources;

namespace RecSys.Core.Recommendations;

/// <summary>Registration of the request path.</summary>
public static class RecommendationServices
{
    // "Recommendations": { "Candidates": 500, "DedupDays": 7, "MaxPerCategory": 3 }

    /// <summary>
    /// Registers the stages, their order and the <see cref="Recommender"/>. Needs storage, a <see cref="LiveState"/> and a
    /// <see cref="Models.ModelPool{T}"/> of <see cref="Models.ServingModel"/>.
    /// </summary>
    public static IServiceCollection AddRecommendations(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RecommendationOptions>().Bind(configuration.GetSection(RecommendationOptions.SectionName)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RecommendationOptions>, RecommendationOptionsValidator>();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(FeatureCatalogue.Default);
        services.AddSingleton(new FeatureExtractor(FeatureCatalogue.Default));
        services.AddSingleton<EventIngestion>();
        services.AddSingleton<PopularItems>();
        services.AddSingleton<SimilarItems>();
        services.AddSingleton<PipelineMetrics>();
        services.AddSingleton<ServedListWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<ServedListWriter>());
        services.AddSingleton<ServedFeatureWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<ServedFeatureWriter>());

        services.AddSingleton<LoadUserStage>();
        services.AddSingleton<UserEmbeddingStage>();
        services.AddSingleton<NormaliseStage>();
        services.AddSingleton<TwoTowerSource>();
        services.AddSingleton<CoVisitationSource>();
        services.AddSingleton<TrendingItems>();
        services.AddSingleton<TrendingSource>();
        services.AddSingleton<NewItems>();
        services.AddSingleton<NewItemsSource>();
        services.AddSingleton<PopularSource>();
        services.AddSingleton<AvailabilityFilter>();
        services.AddSingleton<SeenFilter>();
        services.AddSingleton<DuplicateFilter>();
        services.AddSingleton<FeatureStage>();
        services.AddSingleton<RankStage>();
        services.AddSingleton<FreshnessBoost>();
        services.AddSingleton<DedupRule>();
        services.AddSingleton<SafetyRule>();
        services.AddSingleton<DiversityRule>();
        services.AddSingleton<OrderStage>();
        services.AddSingleton<SelectStage>();
        services.AddSingleton<RememberShownStage>();
        services.AddSingleton<LogServedListStage>();
        services.AddSingleton<LogServedFeaturesStage>();
        services.AddSingleton<RecommendationStages>();
        services.AddSingleton(provider => new PipelineRunner(
            provider.GetRequiredService<RecommendationStages>().InOrder,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<PipelineMetrics>(),
            provider.GetRequiredService<ILogger<PipelineRunner>>()));

        // Stops before the writers that it feeds: hosted services stop in reverse order.
        services.AddSingleton<SideEffectQueue>();
        services.AddHostedService(provider => provider.GetRequiredService<SideEffectQueue>());
        services.AddSingleton<Recommender>();
        services.AddSingleton<IRanking>(provider => provider.GetRequiredService<PopularItems>());
        services.AddSingleton<IRanking>(provider => provider.GetRequiredService<TrendingItems>());
        services.AddSingleton<IRanking>(provider => provider.GetRequiredService<NewItems>());
        services.AddSingleton<RankingRefresher>();
        services.AddHostedService(provider => provider.GetRequiredService<RankingRefresher>());
        return services;
    }
}
