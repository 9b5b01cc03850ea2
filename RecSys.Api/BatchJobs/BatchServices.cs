using RecSys.Api.Hosting;

namespace RecSys.Api.BatchJobs;

/// <summary>Registration of batch jobs.</summary>
internal static class BatchServices
{
    // "Batch": { "MaxUsers": 100000, "KeptJobs": 20, "KeptHours": 72, "Share": 0.25 }
    /// <summary>Registers what keeps and runs jobs.</summary>
    public static IServiceCollection AddBatchJobs(this IServiceCollection services, IConfiguration configuration, string dataFolder)
    {
        services.AddSingleton(SectionReader.Read<BatchOptions>(configuration, BatchOptions.SectionName));
        services.AddSingleton(new BatchFolder(dataFolder));
        services.AddSingleton<BatchJobList>();
        services.AddHostedService<BatchRunner>();
        return services;
    }
}
