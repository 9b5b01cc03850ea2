using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Storage;

namespace RecSys.Core.Monitoring.Business;

/// <summary>Registration of what served lists bring.</summary>
public static class BusinessServices
{
    // "Monitoring": { "TargetClickRate": null, "Currency": null }

    /// <summary>
    /// Registers <see cref="BusinessFigures"/> and what counts. Needs storage, a <see cref="LiveState"/> and a
    /// <see cref="TimeProvider"/>, the served world's under <see cref="ServedTime.Key"/>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="dataFolder">Holds <c>monitoring/business.windows</c>.</param>
    /// <param name="sourceNames">Names of the bits of a candidate's sources, the lowest first.</param>
    public static IServiceCollection AddBusinessFigures(
        this IServiceCollection services, string dataFolder, IReadOnlyList<string> sourceNames)
    {
        services.AddSingleton<BusinessMetrics>();
        services.AddSingleton(provider => new BusinessLedger(
            sourceNames, provider.GetRequiredService<IOptions<MonitoringOptions>>().Value.Currency,
            provider.GetRequiredService<BusinessMetrics>()));
        services.AddSingleton(provider =>
        {
            var figures = new BusinessFigures(
                provider.GetRequiredService<BusinessLedger>(), provider.GetRequiredService<IOptions<MonitoringOptions>>(),
                provider.GetRequiredKeyedService<TimeProvider>(ServedTime.Key));
            provider.GetRequiredService<BusinessMetrics>().Observe(figures);
            return figures;
        });
        services.AddSingleton(provider => new BusinessTail(
            provider.GetRequiredService<IServedRecordStore>(), provider.GetRequiredService<IEventLog>(),
            provider.GetRequiredService<LiveState>(), provider.GetRequiredService<BusinessLedger>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new BusinessJob(
            provider.GetRequiredService<BusinessTail>(), provider.GetRequiredService<BusinessLedger>(),
            BusinessJob.FileAt(Path.Combine(dataFolder, "monitoring", "business.windows")),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredKeyedService<TimeProvider>(ServedTime.Key),
            provider.GetRequiredService<ILogger<BusinessJob>>()));
        services.AddHostedService(provider => provider.GetRequiredService<BusinessJob>());
        return services;
    }
}
