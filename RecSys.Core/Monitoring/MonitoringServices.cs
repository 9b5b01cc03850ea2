using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RecSys.Core.Monitoring.Machine;
using RecSys.Core.Monitoring.Windows;

namespace RecSys.Core.Monitoring;

/// <summary>Registration of what the process knows of itself.</summary>
public static class MonitoringServices
{
    // "Monitoring": { "MetricsPort": 9464, "OtlpEndpoint": null, "OtlpProtocol": "grpc", "TraceShare": 0.01,
    //   "NetworkBytesPerSecond": null, "DiskBytesPerSecond": null, "TargetClickRate": null, "Currency": null, "RetrainOnDrift": false }

    /// <summary>
    /// Registers <see cref="LatencyWindows"/> and <see cref="MachineWatch"/> with what keeps them going. Needs a
    /// <see cref="TimeProvider"/>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">Has the section.</param>
    /// <param name="dataFolder">Holds <c>monitoring/latency.windows</c>; its volume is watched.</param>
    public static IServiceCollection AddMonitoring(this IServiceCollection services, IConfiguration configuration, string dataFolder)
    {
        services.AddOptions<MonitoringOptions>().Bind(configuration.GetSection(MonitoringOptions.SectionName)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<MonitoringOptions>, MonitoringOptionsValidator>();
        services.AddSingleton<LatencyWindows>();
        services.AddHostedService(provider => new LatencyWindowJob(
            provider.GetRequiredService<LatencyWindows>(),
            LatencyWindowJob.FileAt(Path.Combine(dataFolder, "monitoring", "latency.windows")),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<LatencyWindowJob>>()));
        services.AddSingleton<MachineMetrics>();
        services.AddSingleton(provider =>
        {
            var watch = new MachineWatch(
                provider.GetRequiredService<IOptions<MonitoringOptions>>(), dataFolder, provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<MachineWatch>>());
            provider.GetRequiredService<MachineMetrics>().Observe(watch);
            return watch;
        });
        services.AddHostedService(provider => provider.GetRequiredService<MachineWatch>());
        return services;
    }
}
