using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RecSys.Core.Events;

namespace RecSys.Core.Models;

/// <summary>Registration of the models that serve.</summary>
public static class ModelServices
{
    // "ModelPool": { "MaxBytes": null, "KeepPrevious": true }

    /// <summary>
    /// Registers <see cref="ModelPoolOptions"/>, checked at the start, and the watcher that swaps champions. Needs a <see cref="ModelRegistry"/>, a
    /// <see cref="ModelPool{T}"/> of <see cref="ServingModel"/>, a <see cref="ModelLoader"/> and a <see cref="TimeProvider"/>.
    /// </summary>
    public static IServiceCollection AddModels(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ModelPoolOptions>().Bind(configuration.GetSection(ModelPoolOptions.SectionName)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ModelPoolOptions>, ModelPoolOptionsValidator>();
        services.AddSingleton<ChampionWatcher>();
        services.AddHostedService(provider => provider.GetRequiredService<ChampionWatcher>());
        return services;
    }

    /// <summary>Lets the models in memory follow the log's item entries. Needs an <see cref="EventTail"/> and a <see cref="LiveState"/>.</summary>
    public static IServiceCollection AddItemFollower(this IServiceCollection services) => services.AddHostedService<ItemFollower>();
}
