using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace RecSys.Core.Recommendations.Filters;

/// <summary>Registration of the filters.</summary>
internal static class FilterServices
{
    // "Seen": { "DedupDays": 7, "ConsumedDays": null }
    public static IServiceCollection AddFilters(this IServiceCollection services, IConfiguration configuration) => services
        .AddSection<SeenOptions, SeenOptionsValidator>(configuration, SeenOptions.SectionName)
        .AddStage<AvailabilityFilter>()
        .AddStage<RequestFilter>()
        .AddStage<RuleFilter>()
        .AddStage<SeenFilter>()
        .AddStage<DuplicateFilter>();
}
