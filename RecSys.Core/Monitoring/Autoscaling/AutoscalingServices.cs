using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RecSys.Core.Monitoring.Machine;
using RecSys.Core.Monitoring.Windows;

namespace RecSys.Core.Monitoring.Autoscaling;

/// <summary>Registration of autoscaling.</summary>
public static class AutoscalingServices
{
    // "Autoscaling": { "MinReplicas": 3, "MaxReplicas": 200, "StepUp": 20, "StepDown": 10, "HighLatencyMs": 80, "LowLatencyMs": 40,
    //   "HighCpu": 0.7, "LowCpu": 0.4, "UpCooldownSeconds": 180, "DownCooldownSeconds": 900, "Peers": null }

    /// <summary>Registers <see cref="ScalingJob"/> and <see cref="ScaleUpSignal"/>. Needs monitoring and a
    /// <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddAutoscaling(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AutoscalingOptions>().Bind(configuration.GetSection(AutoscalingOptions.SectionName)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AutoscalingOptions>, AutoscalingOptionsValidator>();
        services.AddSingleton<ScaleUpSignal>();
        services.AddSingleton<ScalingMetrics>();
        services.AddSingleton(provider =>
        {
            var (options, time) =
                (provider.GetRequiredService<IOptions<AutoscalingOptions>>(), provider.GetRequiredService<TimeProvider>());
            var job = new ScalingJob(
                provider.GetRequiredService<LatencyWindows>(), provider.GetRequiredService<MachineWatch>(),
                provider.GetRequiredService<ScaleUpSignal>(), new PeerCount(options, time), options, time,
                provider.GetRequiredService<ILogger<ScalingJob>>());
            provider.GetRequiredService<ScalingMetrics>().Observe(job);
            return job;
        });
        services.AddHostedService(provider => provider.GetRequiredService<ScalingJob>());
        return services;
    }
}
