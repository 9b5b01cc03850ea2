using System.Security.Claims;
using RecSys.Api.BulkJobs;
using RecSys.Api.Contracts;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;

namespace RecSys.Api.Endpoints;

/// <summary>
/// Many rows at once: <c>POST /bulk/{items|users|events}</c> takes JSON lines and answers with a job as soon as the file is here;
/// <c>/bulk/jobs</c> tells how far it is.
/// </summary>
internal static class BulkEndpoints
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    public static void MapBulk(this IEndpointRouteBuilder app)
    {
        var most = app.ServiceProvider.GetRequiredService<BulkOptions>().MaxFileBytes;
        var group = app.MapGroup("/bulk").CountsAs(OperationClass.Catalogue).ProducesProblem(StatusCodes.Status403Forbidden);
        Map("items", "BulkItems", Scopes.CatalogWrite, typeof(ItemRequest),
            (http, jobs, upload, time) => PostAsync(http, BulkKind.Items, jobs, upload, time));
        Map("users", "BulkUsers", Scopes.Service, typeof(UserRequest),
            (http, jobs, upload, time) => PostAsync(http, BulkKind.Users, jobs, upload, time));
        Map("events", "BulkEvents", Scopes.Service, typeof(EventRequest),
            (http, jobs, upload, time) => PostAsync(http, BulkKind.Events, jobs, upload, time));
        group.MapGet("/jobs", List).WithName("ListBulkJobs").WithSummary("Jobs, the newest first").RequireAuthorization()
            .Produces<BulkJobsResponse>();
        group.MapGet("/jobs/{id}", Get).WithName("GetBulkJob").WithSummary("How far a job is").RequireAuthorization()
            .Produces<BulkJobBody>().ProducesProblem(StatusCodes.Status404NotFound);
        group.MapDelete("/jobs/{id}", CancelAsync).WithName("CancelBulkJob").WithSummary("Stop a job; what it stored stays")
            .RequireAuthorization()
            .Produces<BulkJobBody>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status404NotFound)
                .ProducesProblem(StatusCodes.Status409Conflict);
        group.MapGet("/jobs/{id}/rejects", Rejects).WithName("GetBulkRejects")
            .WithSummary("The rows that were not taken, as JSON lines: line, code, pointer, detail").RequireAuthorization()
            .Produces<string>(StatusCodes.Status200OK, BulkUpload.ContentType).ProducesProblem(StatusCodes.Status404NotFound);

        void Map(string kind, string name, string scope, Type row,
            Func<HttpContext, BulkJobList, BulkUpload, TimeProvider, Task<IResult>> handler) =>
            group.MapPost($"/{kind}", handler).WithName(name)
                .WithSummary($"Store many {kind}: JSON lines, one of them a line; a job does the work").RequireAuthorization(scope)
                .AcceptsLines(row, BulkUpload.ContentType, most).AcceptsQuery("validate_only")
                    .Produces<BulkJobBody>(StatusCodes.Status202Accepted)
                .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status413PayloadTooLarge)
                    .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
                .ProducesProblem(StatusCodes.Status429TooManyRequests).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> PostAsync(HttpContext http, BulkKind kind, BulkJobList jobs, BulkUpload upload, TimeProvider time)
    {
        if (Requests.Flag(http, out var validateOnly) is { } refusal) return refusal;
        if (BulkUpload.Unsupported(http.Request) is { } unsupported) return unsupported;
        if (jobs.TryEnter() is not { } id)
            return new RetryLater(Retry, "As many files wait as may; try again when one of the jobs has ended.",
                StatusCodes.Status429TooManyRequests);
        var entered = false;
        try
        {
            var (bytes, refused) = await upload.ReceiveAsync(http, id);
            if (refused is not null) return refused;
            var job = new BulkJob(id, kind, validateOnly, time.GetUtcNow(), bytes);
            await jobs.EnqueueAsync(job);
            entered = true;
            http.Response.Headers.Location = $"/bulk/jobs/{id}";
            return TypedResults.Json(BulkJobBody.Of(job, time.GetUtcNow()), ApiJson.Default.BulkJobBody,
                statusCode: StatusCodes.Status202Accepted);
        }
        finally
        {
            if (!entered) jobs.Leave();
        }
    }

    private static IResult List(HttpContext http, BulkJobList jobs, TimeProvider time)
    {
        if (!Enum.GetValues<BulkKind>().Any(kind => MaySee(http.User, kind))) return Problems.Of(StatusCodes.Status403Forbidden);
        return TypedResults.Ok(
            new BulkJobsResponse(
            [.. jobs.All().Where(job => MaySee(http.User, job.Kind)).Select(job => BulkJobBody.Of(job, time.GetUtcNow()))]));
    }

    private static IResult Get(HttpContext http, string id, BulkJobList jobs, TimeProvider time) =>
        Find(http, id, jobs, out var refusal) is { } job ? TypedResults.Ok(BulkJobBody.Of(job, time.GetUtcNow())) : refusal;

    private static async Task<IResult> CancelAsync(HttpContext http, string id, BulkJobList jobs, TimeProvider time)
    {
        if (Find(http, id, jobs, out var refusal) is not { } job) return refusal;
        if (job.HasEnded || await jobs.CancelAsync(id) is not { } cancelled)
            return Problems.Of(StatusCodes.Status409Conflict, "The job has ended.");
        return TypedResults.Json(BulkJobBody.Of(cancelled, time.GetUtcNow()), ApiJson.Default.BulkJobBody,
            statusCode: StatusCodes.Status202Accepted);
    }

    private static IResult Rejects(HttpContext http, string id, BulkJobList jobs, BulkFolder folder)
    {
        if (Find(http, id, jobs, out var refusal) is null) return refusal;
        var path = folder.RejectsOf(id);
        return File.Exists(path)
            ? TypedResults.Stream(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete),
                BulkUpload.ContentType)
            : TypedResults.Text("", BulkUpload.ContentType);
    }

    // Who may post such rows may see what became of them; of a job of another kind nobody learns that it exists.
    private static BulkJob? Find(HttpContext http, string id, BulkJobList jobs, out IResult refusal)
    {
        refusal = Problems.Of(Enum.GetValues<BulkKind>().Any(kind => MaySee(http.User, kind))
            ? StatusCodes.Status404NotFound : StatusCodes.Status403Forbidden);
        return jobs.Find(id) is { } job && MaySee(http.User, job.Kind) ? job : null;
    }

    private static bool MaySee(ClaimsPrincipal user, BulkKind kind) =>
        user.HasScope(Scopes.Admin) || user.HasScope(kind == BulkKind.Items ? Scopes.CatalogWrite : Scopes.Service);
}
