using RecSys.Api.Hosting;

namespace RecSys.Api.BulkJobs;

/// <summary>Registration of bulk jobs.</summary>
internal static class BulkServices
{
    // "Bulk": { "MaxFileBytes": 4294967296, "MaxWaiting": 8, "KeptJobs": 100 }

    /// <summary>Registers what receives, keeps and runs jobs. To be called behind the log's writer, so that it stops before that.</summary>
    public static IServiceCollection AddBulkJobs(this IServiceCollection services, IConfiguration configuration, string dataFolder)
    {
        services.AddSingleton(SectionReader.Read<BulkOptions>(configuration, BulkOptions.SectionName));
        services.AddSingleton(new BulkFolder(dataFolder));
        services.AddSingleton<BulkJobList>();
        services.AddSingleton<BulkUpload>();
        services.AddHostedService<BulkRunner>();
        return services;
    }
}
