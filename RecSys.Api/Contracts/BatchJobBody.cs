using RecSys.Api.BatchJobs;

namespace RecSys.Api.Contracts;

/// <summary>A batch job.</summary>
/// <param name="Id">Names it in <c>/recommend/batch/{id}</c>.</param>
/// <param name="State"><c>queued</c>, <c>running</c>, <c>done</c>, <c>cancelled</c>, <c>failed</c> or <c>interrupted</c>.</param>
/// <param name="CreatedAt">When its request was here.</param>
/// <param name="StartedAt">When its turn came.</param>
/// <param name="EndedAt">When it ended, however.</param>
/// <param name="UsersTotal">Users that it is for; null for all who have a profile.</param>
/// <param name="Users">Users worked through.</param>
/// <param name="UsersPerSecond">Since it started; null before.</param>
/// <param name="Lists">Users who got a list.</param>
/// <param name="Failed">Users whose line says why they got none.</param>
/// <param name="LeftOut">Users who are erased: they have no line.</param>
/// <param name="Bytes">Size of the result so far.</param>
/// <param name="Reason">Why it ended early, and what to do.</param>
public sealed record BatchJobBody(
    string Id,
    string State,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    int? UsersTotal,
    int Users,
    double? UsersPerSecond,
    int Lists,
    int Failed,
    int LeftOut,
    long Bytes,
    string? Reason)
{
    internal static BatchJobBody Of(BatchJob job, DateTimeOffset now) => new(
        job.Id, job.StateName, job.CreatedAt, job.StartedAt, job.EndedAt, job.UsersTotal, job.Users, job.PerSecond(job.Users, now),
        job.Lists, job.Failed, job.LeftOut, job.Bytes, job.Reason);
}

/// <summary>Reply of <c>GET /recommend/batch</c>.</summary>
/// <param name="Jobs">The newest first; those that ended longest ago are forgotten.</param>
public sealed record BatchJobsResponse(IReadOnlyList<BatchJobBody> Jobs);
