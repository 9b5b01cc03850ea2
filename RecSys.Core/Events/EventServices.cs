using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace RecSys.Core.Events;

/// <summary>Registration of the way into the log.</summary>
public static class EventServices
{
    // "Events": { "CommitChanges": 4000, "MaxUsersInMemory": 300000, "SnapshotMinutes": 5 }

    /// <summary>
    /// Registers the writer, runs it and the tail, and goes on with erasures that were left. Needs storage, and the <see cref="LiveState"/>
    /// and the <see cref="EventTail"/> that were caught up before, with their <see cref="EventMetrics"/>.
    /// </summary>
    public static IServiceCollection AddEvents(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<EventOptions>().Bind(configuration.GetSection(EventOptions.SectionName)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<EventOptions>, EventOptionsValidator>();
        services.AddSingleton<LogWriter>();
        // Stops after the writer, which hands entries over to it: hosted services stop in reverse order.
        services.AddHostedService(provider => provider.GetRequiredService<EventTail>());
        services.AddHostedService(provider => provider.GetRequiredService<LogWriter>());
        services.AddHostedService<ErasureResume>();
        return services;
    }
}
