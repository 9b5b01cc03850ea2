using RecSys.Api.Jobs;

namespace RecSys.Api.BulkJobs;

/// <summary>All bulk jobs that are known.</summary>
internal sealed class BulkJobList(BulkFolder folder, BulkOptions options, TimeProvider time, ILogger<BulkJobList> logger)
    : JobList<BulkJob>(
        folder,
        new JobRules(
            "bulk", options.MaxWaiting, options.KeptJobs, "Cancelled before it began; nothing was stored.",
            "The server stopped. What was stored stays; post the same file again, and the rows that are stored count as unchanged."),
        time,
        logger);
