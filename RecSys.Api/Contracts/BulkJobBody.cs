using RecSys.Api.BulkJobs;

namespace RecSys.Api.Contracts;

/// <summary>A bulk job.</summary>
/// <param name="Id">Names it in <c>/bulk/jobs/{id}</c>.</param>
/// <param name="Kind"><c>items</c>, <c>users</c> or <c>events</c>.</param>
/// <param name="State"><c>queued</c>, <c>running</c>, <c>done</c>, <c>cancelled</c>, <c>failed</c> or <c>interrupted</c>.</param>
/// <param name="ValidateOnly">True when rows are only checked.</param>
/// <param name="CreatedAt">When its file was here.</param>
/// <param name="StartedAt">When its turn came.</param>
/// <param name="EndedAt">When it ended, however.</param>
/// <param name="BytesTotal">Size of the file.</param>
/// <param name="BytesRead">Of it, what has been worked through.</param>
/// <param name="Rows">Rows worked through, blank lines left out.</param>
/// <param name="RowsPerSecond">Since it started; null before.</param>
/// <param name="Added">Rows that were new.</param>
/// <param name="Changed">Rows that took the place of what was stored.</param>
/// <param name="Unchanged">Rows that were stored already.</param>
/// <param name="Rejected">Rows that were not taken; <c>/bulk/jobs/{id}/rejects</c> says why.</param>
/// <param name="Parked">Of the added events, those that wait for their items.</param>
/// <param name="Reason">Why it ended early, and what to do.</param>
public sealed record BulkJobBody(
    string Id,
    string Kind,
    string State,
    bool ValidateOnly,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    long BytesTotal,
    long BytesRead,
    long Rows,
    double? RowsPerSecond,
    long Added,
    long Changed,
    long Unchanged,
    long Rejected,
    long Parked,
    string? Reason)
{
    internal static BulkJobBody Of(BulkJob job, DateTimeOffset now) => new(
        job.Id, System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(job.Kind.ToString()), job.StateName, job.ValidateOnly,
        job.CreatedAt, job.StartedAt, job.EndedAt, job.BytesTotal, job.BytesRead, job.Rows, job.PerSecond(job.Rows, now), job.Added,
        job.Changed, job.Unchanged, job.Rejected, job.Parked, job.Reason);
}

/// <summary>Reply of <c>GET /bulk/jobs</c>.</summary>
/// <param name="Jobs">The newest first; those that ended longest ago are forgotten.</param>
public sealed record BulkJobsResponse(IReadOnlyList<BulkJobBody> Jobs);
