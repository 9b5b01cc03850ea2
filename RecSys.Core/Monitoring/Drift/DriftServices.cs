using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Models.Reference;

namespace RecSys.Core.Monitoring.Drift;

/// <summary>Registration of drift.</summary>
public static class DriftServices
{
    // "Monitoring": { "RetrainOnDrift": false }

    /// <summary>
    /// Registers <see cref="DriftFigures"/>, what takes lists and what counts them. Needs a <see cref="LiveState"/>, a
    /// <see cref="ModelPool{T}"/> of <see cref="ServingModel"/> and a <see cref="TimeProvider"/>, the served world's under
    /// <see cref="ServedTime.Key"/>; an <see cref="IRetraining"/> is asked where there is one.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="dataFolder">Holds <c>monitoring/drift.windows</c>.</param>
    public static IServiceCollection AddDrift(this IServiceCollection services, string dataFolder)
    {
        services.AddSingleton<DriftMetrics>();
        services.AddSingleton<DriftSampler>();
        services.AddSingleton<IListSampler>(provider => provider.GetRequiredService<DriftSampler>());
        services.AddSingleton(provider => new DriftWindows(
            provider.GetRequiredService<FeatureCatalogue>(), provider.GetRequiredKeyedService<TimeProvider>(ServedTime.Key)));
        services.AddSingleton(provider =>
        {
            var figures = new DriftFigures(
                provider.GetRequiredService<DriftWindows>(), provider.GetRequiredService<ModelPool<ServingModel>>(),
                provider.GetRequiredService<FeatureCatalogue>());
            provider.GetRequiredService<DriftMetrics>().Observe(figures);
            return figures;
        });
        services.AddSingleton(provider => new DriftJob(
            provider.GetRequiredService<DriftSampler>(), provider.GetRequiredService<DriftWindows>(),
            provider.GetRequiredService<DriftFigures>(), provider.GetRequiredService<LiveState>(), provider.GetService<IRetraining>(),
            provider.GetRequiredService<IOptions<MonitoringOptions>>(),
            DriftJob.FileAt(Path.Combine(dataFolder, "monitoring", "drift.windows")), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<DriftJob>>()));
        services.AddHostedService(provider => provider.GetRequiredService<DriftJob>());
        return services;
    }
}
