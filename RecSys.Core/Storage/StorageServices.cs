using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace RecSys.Core.Storage;

/// <summary>Registration of the storage capability.</summary>
public static class StorageServices
{
    // { "Storage": { "DataFolder": "data" } }

    /// <summary>
    /// Registers the stores over the database of <c>&lt;DataFolder&gt;</c>, which is opened and migrated when the first store is asked for.
    /// </summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<StorageOptions>().Bind(configuration.GetSection(StorageOptions.SectionName)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>();
        services.AddSingleton(provider => Databases.Open(
            provider.GetRequiredService<IOptions<StorageOptions>>().Value.DataFolder, provider.GetService<TimeProvider>()));
        services.AddSingleton(provider => provider.GetRequiredService<IDatabase>().EventLog);
        services.AddSingleton(provider => provider.GetRequiredService<IDatabase>().Import);
        services.AddSingleton(provider => provider.GetRequiredService<IDatabase>().Contents);
        services.AddSingleton(provider => provider.GetRequiredService<IDatabase>().ServedRecords);
        services.AddSingleton(provider => provider.GetRequiredService<IDatabase>().UserStates);
        services.AddSingleton(provider => provider.GetRequiredService<IDatabase>().DeadLetters);
        services.AddSingleton(provider => provider.GetRequiredService<IDatabase>().Survey);
        services.AddSingleton(provider => provider.GetRequiredService<IDatabase>().Archive);
        services.AddSingleton(provider => provider.GetRequiredService<IDatabase>().Models);
        services.AddSingleton(provider => provider.GetRequiredService<IDatabase>().Log);
        return services;
    }
}
