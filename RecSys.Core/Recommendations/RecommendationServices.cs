using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Features;
using RecSys.Core.Models.Reference;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Explaining;
using RecSys.Core.Recommendations.Logging;
using RecSys.Core.Recommendations.Paging;
using RecSys.Core.Recommendations.Sources;

namespace RecSys.Core.Recommendations;

/// <summary>Registration of the request path.</summary>
public static class RecommendationServices
{
    // "Recommendations": { "Candidates": 500, "LastLists": 50000, "OpenLists": 100000, "OpenListMinutes": 30 }

    /// <summary>
    /// Registers the stages, their order and the <see cref="Recommender"/>. Needs storage, a <see cref="LiveState"/> and a
    /// <see cref="Models.ModelPool{T}"/> of <see cref="Models.ServingModel"/>. Requests go by the clock under <see cref="ServedTime.Key"/>,
    /// the machine's where none is registered.
    /// </summary>
    public static IServiceCollection AddRecommendations(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSection<RecommendationOptions, RecommendationOptionsValidator>(configuration, RecommendationOptions.SectionName);
        services.AddSingleton(TimeProvider.System);
        services.TryAddKeyedSingleton(ServedTime.Key, (provider, _) => provider.GetRequiredService<TimeProvider>());
        services.AddSingleton(FeatureCatalogue.Default);
        services.AddSingleton(new FeatureExtractor(FeatureCatalogue.Default));
        services.AddSingleton<WorldSource>();
        services.AddSingleton<PipelineMetrics>();
        services.AddStages(configuration);
        services.AddSingleton(provider => new PipelineRunner(
            RecommendationStages.Find(RecommendationStages.InOrder, provider.GetServices<IStage>()),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<PipelineMetrics>(),
            provider.GetRequiredService<ILogger<PipelineRunner>>()));
        services.AddServedRecords(configuration);
        services.AddSingleton(provider => new LastLists(provider.GetRequiredService<IOptions<RecommendationOptions>>().Value.LastLists));
        services.AddSingleton<FallbackLadder>();
        services.AddSingleton<PagingMetrics>();
        services.AddSingleton(provider =>
        {
            var (options, metrics) = (provider.GetRequiredService<IOptions<RecommendationOptions>>().Value,
                provider.GetRequiredService<PagingMetrics>());
            var lists = new OpenLists(options.OpenLists, TimeSpan.FromMinutes(options.OpenListMinutes), metrics);
            metrics.Watch(() => lists.Count);
            return lists;
        });
        services.AddSingleton<NextPages>();
        services.AddSingleton(_ => PolicyBook.Of(configuration));
        services.AddSingleton(provider => new Recommender(
            provider.GetRequiredService<PipelineRunner>(),
            provider.GetRequiredService<WorldSource>(),
            provider.GetRequiredService<PolicyBook>(),
            provider.GetRequiredService<FallbackLadder>(),
            provider.GetRequiredService<LastLists>(),
            provider.GetRequiredService<OpenLists>(),
            provider.GetRequiredService<NextPages>(),
            provider.GetRequiredService<ServedRecordWriter>(),
            provider.GetRequiredService<PipelineMetrics>(),
            provider.GetRequiredKeyedService<TimeProvider>(ServedTime.Key),
            provider.GetService<IListSampler>(),
            provider.GetRequiredService<PopularityColumn>()));
        services.AddExplanations();
        services.AddSingleton<RankingRefresher>();
        services.AddHostedService(provider => provider.GetRequiredService<RankingRefresher>());
        return services;
    }
}
