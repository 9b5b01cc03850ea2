using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>Registration of the sources, one method each.</summary>
internal static class SourceServices
{
    public static IServiceCollection AddUserEmbedding(this IServiceCollection services) =>
        services.AddStage<LoadUserStage>().AddStage<UserEmbeddingStage>().AddStage<NormaliseStage>();

    public static IServiceCollection AddRequestSources(this IServiceCollection services) =>
        services.AddRanking<PopularityColumn>().AddStage<PinSource>().AddStage<NarrowStage>().AddStage<SeedSource>();

    public static IServiceCollection AddNeighbours(this IServiceCollection services) => services.AddStage<NeighbourSourceStage>();

    public static IServiceCollection AddTwoTower(this IServiceCollection services) => services.AddStage<TwoTowerSource>();

    // "CoVisitation": { "Limit": 100, "WindowHours": 24, "DecayDays": 60, "Neighbours": 32 }
    public static IServiceCollection AddCoVisitation(this IServiceCollection services, IConfiguration configuration) => services
        .AddSection<CoVisitationOptions, CoVisitationOptionsValidator>(configuration, CoVisitationOptions.SectionName)
        .AddStage<CoVisitationSource>();

    // "Trending": { "Limit": 50 }
    public static IServiceCollection AddTrending(this IServiceCollection services, IConfiguration configuration) => services
        .AddSection<TrendingOptions, TrendingOptionsValidator>(configuration, TrendingOptions.SectionName)
        .AddRanking<TrendingItems>()
        .AddStage<TrendingSource>();

    // "NewItems": { "Days": 14, "Share": 0.05 }
    public static IServiceCollection AddNewItems(this IServiceCollection services, IConfiguration configuration) => services
        .AddSection<NewItemOptions, NewItemOptionsValidator>(configuration, NewItemOptions.SectionName)
        .AddRanking<NewItems>()
        .AddStage<NewItemsSource>();

    // "Segments": { "DecayDays": 30, "MinEvents": 200 }
    public static IServiceCollection AddPopular(this IServiceCollection services, IConfiguration configuration) => services
        .AddSection<SegmentOptions, SegmentOptionsValidator>(configuration, SegmentOptions.SectionName)
        .AddRanking<PopularItems>()
        .AddStage<PopularSource>();

    public static IServiceCollection AddRefill(this IServiceCollection services) => services.AddStage<RefillSource>();
}
