using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace RecSys.Core.Recommendations.Logging;

/// <summary>Registration of what is kept of answered requests.</summary>
internal static class ServedRecordServices
{
    // "ServedRecords": { "Queue": 2048, "FeatureShare": 0.02, "Days": 30, "Most": 5000000 }
    public static IServiceCollection AddServedRecords(this IServiceCollection services, IConfiguration configuration) => services
        .AddSection<ServedRecordOptions, ServedRecordOptionsValidator>(configuration, ServedRecordOptions.SectionName)
        .AddSingleton<ServedRecordMetrics>()
        .AddSingleton<ServedRecordWriter>()
        .AddHostedService(provider => provider.GetRequiredService<ServedRecordWriter>());
}
