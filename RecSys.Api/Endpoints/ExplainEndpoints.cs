using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using RecSys.Api.Contracts;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Domain;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Explaining;
using RecSys.Core.Recommendations.Logging;
using RecSys.Core.Storage;

namespace RecSys.Api.Endpoints;

/// <summary><c>GET /explain/{request_id}/{item_id}</c>: why an item is in a served list, or is not.</summary>
internal static class ExplainEndpoints
{
    public static void MapExplanations(this IEndpointRouteBuilder app)
    {
        app.MapGet("/explain/{request_id}/{item_id}", ExplainAsync)
            .WithName("Explain")
            .WithSummary("Why an item of the catalogue is in a served list, or at which stage and why it was lost")
            .RequireAuthorization(Scopes.Admin)
            .CountsAs(OperationClass.Admin)
            .Produces<ExplanationBody>()
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status410Gone);
    }

    private static async Task<IResult> ExplainAsync(
        HttpContext http,
        Explainer explainer,
        WorldSource worlds,
        IServedRecordStore records,
        IOptions<ServedRecordOptions> options,
        [FromKeyedServices(ServedTime.Key)] TimeProvider time,
        [FromRoute(Name = "request_id"), Description("request_id of a reply; page ids of next_cursor are such, too.")] string requestId,
        [FromRoute(Name = "item_id"), Description("Any item of the catalogue.")] string itemId)
    {
        var query = http.Query();
        if (Identifiers.Fault(itemId) is { } fault) query.Fail("item_id", fault);
        if (Identifiers.Fault(requestId) is { } unfit) query.Fail("request_id", unfit);
        if (!query.AreValid) return Problems.BadRequest(query.Errors);
        var days = options.Value.Days;
        if (await records.GetAsync(requestId, http.RequestAborted) is not { } record)
        {
            return Problems.Of(
                StatusCodes.Status404NotFound, "No list is on record under this request id. Take request_id from a reply of /recommend; "
                    + $"a record is there a moment after the reply, and kept for {days} days (ServedRecords:Days).");
        }
        var world = worlds.Take();
        if (record.Time < time.GetUtcNow().AddDays(-days) || world.IsErased(record.UserId))
        {
            return Problems.Of(
                StatusCodes.Status410Gone, "What was kept of this list is no longer to be told: records are kept for "
                    + $"{days} days (ServedRecords:Days), and not of users who were erased. Explain a list that was served since.");
        }
        if (!world.Catalog.TryGetNumber(itemId, out var item))
        {
            return Problems.Of(
                StatusCodes.Status404NotFound, "There is no such item in the catalogue; GET /items lists those that there are.");
        }
        if (await explainer.ExplainAsync(record, item, http.RequestAborted) is not { } explanation)
        {
            return Problems.Of(
                StatusCodes.Status409Conflict, "The version that made this list is not in memory any more; GET /models says which are "
                    + "(in_memory). Explain a list that one of them made, or promote that version.");
        }
        return TypedResults.Ok(Explanations.From(explanation, world.Catalog));
    }
}
