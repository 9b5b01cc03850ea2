using RecSys.Api.Jobs;

namespace RecSys.Api.BatchJobs;

/// <summary>All batch jobs that are known.</summary>
internal sealed class BatchJobList(BatchFolder folder, BatchOptions options, TimeProvider time, ILogger<BatchJobList> logger)
    : JobList<BatchJob>(
        folder,
        new JobRules(
            "batch", options.MaxWaiting, options.KeptJobs, "Cancelled before it began.",
            "The server stopped before the lists were made; post the request again.", TimeSpan.FromHours(options.KeptHours)),
        time,
        logger);
