using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RecSys.Core.Models;

namespace RecSys.Core.Training.Scheduling;

/// <summary>Registration of the nights of a serving process.</summary>
public static class ScheduleServices
{
    // "Training": { "Schedule": { "Cron": null, "TimeZone": "UTC", "JitterMinutes": 5, "MisfireHours": 6, "Niceness": 15,
    //     "MemoryMiB": null } }

    /// <summary>Registers <see cref="NightScheduler"/>. Needs a <see cref="TimeProvider"/>.</summary>
    /// <param name="services">Gets it.</param>
    /// <param name="configuration">Has the section.</param>
    /// <param name="dataFolder">Whose nights.</param>
    /// <param name="settings">Settings that this process alone was given, by their names: its nights have them, too.</param>
    public static IServiceCollection AddNights(
        this IServiceCollection services, IConfiguration configuration, string dataFolder, IReadOnlyDictionary<string, string> settings)
    {
        services.AddOptions<ScheduleOptions>().Bind(configuration.GetSection(ScheduleOptions.Path)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ScheduleOptions>, ScheduleOptionsValidator>();
        services.AddSingleton(provider => new NightScheduler(
            dataFolder, provider.GetRequiredService<IOptions<ScheduleOptions>>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<NightScheduler>>())
        {
            Settings = settings,
        });
        services.AddSingleton<IRetraining>(provider => provider.GetRequiredService<NightScheduler>());
        services.AddHostedService(provider => provider.GetRequiredService<NightScheduler>());
        return services;
    }
}
