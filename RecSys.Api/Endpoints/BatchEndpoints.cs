using Microsoft.AspNetCore.Http.HttpResults;
using RecSys.Api.BatchJobs;
using RecSys.Api.BulkJobs;
using RecSys.Api.Contracts;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;
using RecSys.Api.Jobs;
using RecSys.Core.Domain;
using RecSys.Core.Expressions;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;

namespace RecSys.Api.Endpoints;

/// <summary>
/// Lists for many users: <c>POST /recommend/batch</c> answers with a job; its result, once it is done, is one line of JSON per user.
/// </summary>
internal static class BatchEndpoints
{
    // A hundred thousand ids of the greatest length.
    private const long MaxBytes = 32 << 20;

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan NoRoom = TimeSpan.FromMinutes(1);

    public static void MapBatch(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/recommend/batch").RequireAuthorization(Scopes.Service).CountsAs(OperationClass.Catalogue)
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
        group.MapPost("", PostAsync).WithName("RecommendBatch")
            .WithSummary("Lists for many users, named or all with a profile; a job makes them beside live requests")
            .AcceptsJson(typeof(BatchRecommendRequest), MaxBytes).Produces<BatchJobBody>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status429TooManyRequests).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapGet("", List).WithName("ListBatchJobs").WithSummary("Jobs, the newest first").Produces<BatchJobsResponse>();
        group.MapGet("/{id}", Get).WithName("GetBatchJob").WithSummary("How far a job is").Produces<BatchJobBody>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapDelete("/{id}", CancelAsync).WithName("CancelBatchJob").WithSummary("Stop a job; it has no result then")
            .Produces<BatchJobBody>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        group.MapGet("/{id}/result", Result).WithName("GetBatchResult")
            .WithSummary("The lists of a job that is done, as JSON lines: user_id, model_version, items, or an error")
            .Produces<string>(StatusCodes.Status200OK, BulkUpload.ContentType).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> PostAsync(
        HttpContext http, BatchJobList jobs, BatchFolder folder, BatchOptions options, ExpressionCache expressions, PolicyBook policies,
        WorldSource worlds, TimeProvider time)
    {
        if (jobs.TryEnter() is not { } id)
            return new RetryLater(Retry, "As many jobs wait as may; try again when one of them has ended.",
                StatusCodes.Status429TooManyRequests);
        var entered = false;
        try
        {
            if (!(await JsonBody.ReadDocumentAsync(http)).Succeeded(out var body, out var problem)) return problem;
            using (body)
            {
                var request = new BatchRequest(body.RootElement, options.MaxUsers, expressions, policies);
                if (request.Resolve(worlds.Take().Catalog) is null) return Faults.ToProblem(request.Faults);
                folder.Create();
                if (folder.FreeBytes() < options.MinFreeBytes)
                {
                    return new RetryLater(
                        NoRoom, "There is no room for a result on the server's disk; Retry-After says when to try again.");
                }
                await File.WriteAllTextAsync(folder.RequestOf(id), body.RootElement.GetRawText(), http.RequestAborted);
                var job = new BatchJob(id, time.GetUtcNow(), request.Users?.Count);
                await jobs.EnqueueAsync(job);
                entered = true;
                http.Response.Headers.Location = $"/recommend/batch/{id}";
                return Accepted(job, time);
            }
        }
        finally
        {
            if (!entered)
            {
                folder.DeleteWorking(id);
                jobs.Leave();
            }
        }
    }

    private static Ok<BatchJobsResponse> List(BatchJobList jobs, TimeProvider time) =>
        TypedResults.Ok(new BatchJobsResponse([.. jobs.All().Select(job => BatchJobBody.Of(job, time.GetUtcNow()))]));

    private static IResult Get(string id, BatchJobList jobs, TimeProvider time) =>
        Find(id, jobs, out var refusal) is { } job ? TypedResults.Ok(BatchJobBody.Of(job, time.GetUtcNow())) : refusal;

    private static async Task<IResult> CancelAsync(string id, BatchJobList jobs, TimeProvider time)
    {
        if (Find(id, jobs, out var refusal) is not { } job) return refusal;
        if (job.HasEnded || await jobs.CancelAsync(id) is not { } cancelled)
            return Problems.Of(StatusCodes.Status409Conflict, "The job has ended.");
        return Accepted(cancelled, time);
    }

    private static IResult Result(string id, BatchJobList jobs, BatchFolder folder, WorldSource worlds)
    {
        if (Find(id, jobs, out var refusal) is not { } job) return refusal;
        if (!job.HasEnded)
            return Problems.Of(StatusCodes.Status409Conflict, "The job has not ended; GET /recommend/batch/{id} says how far it is.");
        return job.State == JobState.Done && File.Exists(folder.ResultOf(id))
            ? new BatchResult(folder.ResultOf(id), worlds)
            : Problems.Of(StatusCodes.Status409Conflict, $"The job has no result: {job.Reason ?? "its file is gone."}");
    }

    private static BatchJob? Find(string id, BatchJobList jobs, out IResult refusal)
    {
        refusal = Identifiers.Fault(id) is { } fault ? Requests.BadId(fault) : Problems.Of(StatusCodes.Status404NotFound);
        return jobs.Find(id);
    }

    private static JsonHttpResult<BatchJobBody> Accepted(BatchJob job, TimeProvider time) => TypedResults.Json(
        BatchJobBody.Of(job, time.GetUtcNow()), ApiJson.Default.BatchJobBody, statusCode: StatusCodes.Status202Accepted);
}
