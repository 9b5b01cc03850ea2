using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RecSys.Core.Domain;

namespace RecSys.Core.Models;

/// <summary>Registration of the models that serve.</summary>
public static class ModelServices
{
    // "ModelPool": { "MaxBytes": null, "KeepPrevious": true },
    // "Models": { "Keep": 5, "SigningKey": null, "SigningKeyFile": null, "RequireSignature": null }

    /// <summary>
    /// Registers <see cref="ModelPoolOptions"/> and <see cref="ModelsOptions"/>, checked at the start, and the watcher that swaps champions.
    /// Needs a <see cref="ModelRegistry"/>, a <see cref="ModelPool{T}"/> of <see cref="ServingModel"/>, a <see cref="ModelLoader"/> and a
    /// <see cref="TimeProvider"/>.
    /// </summary>
    public static IServiceCollection AddModels(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ModelPoolOptions>().Bind(configuration.GetSection(ModelPoolOptions.SectionName)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ModelPoolOptions>, ModelPoolOptionsValidator>();
        services.AddOptions<ModelsOptions>().Bind(configuration.GetSection(ModelsOptions.SectionName)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ModelsOptions>, ModelsOptionsValidator>();
        services.AddSingleton(provider =>
        {
            var metrics = new ModelMetrics(provider.GetRequiredService<IMeterFactory>());
            metrics.Observe(
                provider.GetRequiredService<ModelPool<ServingModel>>(),
                provider.GetKeyedService<TimeProvider>(ServedTime.Key) ?? provider.GetRequiredService<TimeProvider>(),
                provider.GetService<LiveItems>()?.AwaitingText);
            return metrics;
        });
        services.AddSingleton<ChampionWatcher>();
        services.AddHostedService(provider => provider.GetRequiredService<ChampionWatcher>());
        return services;
    }
}
