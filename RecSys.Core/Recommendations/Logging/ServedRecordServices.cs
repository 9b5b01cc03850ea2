using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace RecSys.Core.Recommendations.Logging;

/// <summary>Registration of what is kept of answered requests.</summary>
public static class ServedRecordServices
{
    /// <summary>Lets lists of which nobody reported anything count as shown. Needs a <see cref="Events.LogWriter"/>.</summary>
    public static IServiceCollection AddShownLists(this IServiceCollection services) => services.AddHostedService<ShownListJob>();

    // "ServedRecords": { "Queue": 2048, "FeatureShare": 0.02, "Days": 30, "Most": 20000000 }
    internal static IServiceCollection AddServedRecords(this IServiceCollection services, IConfiguration configuration) => services
        .AddSection<ServedRecordOptions, ServedRecordOptionsValidator>(configuration, ServedRecordOptions.SectionName)
        .AddSingleton<ServedRecordMetrics>()
        .AddSingleton<ServedRecordWriter>()
        .AddHostedService(provider => provider.GetRequiredService<ServedRecordWriter>());
}
