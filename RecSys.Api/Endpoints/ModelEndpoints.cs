using RecSys.Api.Contracts;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;
using RecSys.Api.OpenApi;
using RecSys.Core.Models;
using RecSys.Core.Storage.ModelStates;
using RecSys.Core.Training.Scheduling;

namespace RecSys.Api.Endpoints;

/// <summary>The model versions: which there are, and which one serves.</summary>
internal static class ModelEndpoints
{
    public static void MapModels(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/models").RequireAuthorization(Scopes.Admin).CountsAs(OperationClass.Admin);
        group.MapGet("", ListAsync).WithName("ListModels").WithSummary("Model versions, newest first, page by page")
            .AcceptsQuery(Paging.Parameters).Produces<ModelPage>();
        group.MapGet("/{version}", GetAsync).WithName("GetModel").WithSummary("One version with its history")
            .Produces<ModelDetails>().ProducesProblem(StatusCodes.Status404NotFound);
        Change(group.MapPost("/{version}:promote", PromoteAsync), "PromoteModel", "Make it the champion: loaded and checked first");
        Change(group.MapPost("/{version}:rollback", RollbackAsync), "RollbackModel", "Take the champion back to the one before it");
        Change(group.MapPost("/{version}:quarantine", QuarantineAsync), "QuarantineModel", "Take it out of use");
    }

    private static void Change(RouteHandlerBuilder route, string name, string summary) => route.WithName(name).WithSummary(summary)
        .AcceptsOptionalJson(typeof(ModelReasonRequest)).WithMetadata(new RevisionHeader()).Produces<ModelChangeResponse>()
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> ListAsync(HttpContext http, ModelRegistry registry, ModelPool<ServingModel> pool)
    {
        if (Paging.Read(http, first: 0, out var after, out var limit) is { } refusal) return refusal;
        var pooled = Pooled(pool);
        var all = await registry.ListAsync(http.RequestAborted);
        var page = all.Skip((int)Math.Min(after, int.MaxValue)).Take(limit)
            .Select(version => ModelBody.Of(version, pooled.GetValueOrDefault(version.Version))).ToList();
        var champion = all.FirstOrDefault(version => version.Record?.State == ModelState.Champion)?.Version;
        var nights = NightsBody.Of(http.RequestServices.GetService<NightScheduler>());
        return TypedResults.Ok(
            new ModelPage(champion, pool.Champion, page, Paging.Cursor(page.Count, limit, after + page.Count), nights));
    }

    private static async Task<IResult> GetAsync(HttpContext http, string version, ModelRegistry registry, ModelPool<ServingModel> pool)
    {
        if (!BundleName.IsValid(version)) return NotFound();
        var found = await registry.DescribeAsync(version, http.RequestAborted);
        var details = await ModelDetails.ReadAsync(
            registry, found, Pooled(pool).GetValueOrDefault(version), http.RequestAborted);
        if (details is null) return NotFound();
        if (found.Record is { } record) http.Response.Headers.ETag = $"\"{record.Revision}\"";
        return TypedResults.Ok(details);
    }

    private static async Task<IResult> PromoteAsync(HttpContext http, string version, ModelChanges changes)
    {
        var request = await ModelChangeRequest.ReadAsync(http, reasonRequired: false);
        if (request.Refusal is { } refusal) return refusal;
        return await AnswerAsync(http, changes, await changes.PromoteAsync(version, request, changes.ActorOf(http), http.RequestAborted));
    }

    private static async Task<IResult> RollbackAsync(HttpContext http, string version, ModelRegistry registry, ModelChanges changes)
    {
        var request = await ModelChangeRequest.ReadAsync(http, reasonRequired: false);
        if (request.Refusal is { } refusal) return refusal;
        if (!BundleName.IsValid(version)) return NotFound();
        var change = await registry.RollbackAsync(
            version, request.Revision, changes.ActorOf(http), request.Reason ?? "rolled back over HTTP", http.RequestAborted);
        return await AnswerAsync(http, changes, change);
    }

    private static async Task<IResult> QuarantineAsync(HttpContext http, string version, ModelRegistry registry, ModelChanges changes)
    {
        var request = await ModelChangeRequest.ReadAsync(http, reasonRequired: true);
        if (request.Refusal is { } refusal) return refusal;
        if (!BundleName.IsValid(version)) return NotFound();
        var change = await registry.TransitionAsync(
            version, ModelState.Quarantined, request.Revision, changes.ActorOf(http), request.Reason!, http.RequestAborted);
        return await AnswerAsync(http, changes, change);
    }

    private static async Task<IResult> AnswerAsync(HttpContext http, ModelChanges changes, RegistryChange change)
    {
        switch (change.Outcome)
        {
            case ModelChangeOutcome.Done:
                var reply = await changes.TakeInAsync(change.Record!, http.RequestAborted);
                http.Response.Headers.ETag = $"\"{reply.Revision}\"";
                return TypedResults.Ok(reply);
            case ModelChangeOutcome.Unknown:
                return NotFound();
            case ModelChangeOutcome.NotAllowed when change.IsUnsound:
                return Problems.Of(StatusCodes.Status422UnprocessableEntity, change.Fault);
            default:
                return Problems.Of(StatusCodes.Status409Conflict, change.Fault);
        }
    }

    // The fault names folders of the server.
    private static IResult NotFound() =>
        Problems.Of(StatusCodes.Status404NotFound, "There is no such version; GET /models lists those that exist.");

    private static Dictionary<string, PooledModel> Pooled(ModelPool<ServingModel> pool)
    {
        // A version may be given up and refused at once: what serves is said first.
        var rows = new Dictionary<string, PooledModel>(StringComparer.Ordinal);
        foreach (var row in pool.List()) rows.TryAdd(row.Version, row);
        return rows;
    }
}
