using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RecSys.Core.Storage.Sqlite;

namespace RecSys.Core.Storage;

/// <summary>Registration of the storage capability.</summary>
public static class StorageServices
{
    // { "Storage": { "DataFolder": "data" } }

    /// <summary>Registers the stores over <c>&lt;DataFolder&gt;/recsys.db</c>, which is opened and migrated when the first store is asked for.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<StorageOptions>().Bind(configuration.GetSection(StorageOptions.SectionName)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>();
        services.AddSingleton(provider => SqliteDatabase.Open(
            provider.GetRequiredService<IOptions<StorageOptions>>().Value.DataFolder, provider.GetService<TimeProvider>()));
        services.AddSingleton(provider => provider.GetRequiredService<SqliteDatabase>().EventLog);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteDatabase>().Import);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteDatabase>().Contents);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteDatabase>().ServedRecords);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteDatabase>().UserStates);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteDatabase>().DeadLetters);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteDatabase>().Survey);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteDatabase>().Archive);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteDatabase>().Users);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteDatabase>().Items);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteDatabase>().Events);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteDatabase>().ServedLists);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteDatabase>().ServedFeatures);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteDatabase>().Log);
        return services;
    }
}
