using Microsoft.AspNetCore.Http.HttpResults;
using RecSys.Api.Contracts;
using RecSys.Api.Hosting;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Domain;
using RecSys.Core.Events;

namespace RecSys.Api.Endpoints;

/// <summary>Health routes for orchestrators; neither asks a database or a cache, so that losing one does not take the fleet out.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/livez", Live).WithName("Livez").WithSummary("The process answers").AllowAnonymous().CountsAs(OperationClass.None)
            .AnswersHeadToo();
        app.MapGet("/readyz", Ready).WithName("Readyz").WithSummary("The process takes traffic").AllowAnonymous()
            .CountsAs(OperationClass.None).AnswersHeadToo();
    }

    private static Ok<HealthResponse> Live() => TypedResults.Ok(new HealthResponse("ok"));

    // The port opens only once a model is loaded and state is folded, so an answer means ready until the server is told to stop.
    private static Results<Ok<HealthResponse>, JsonHttpResult<HealthResponse>> Ready(
        Readiness readiness, LiveState live, TimeProvider machine, [FromKeyedServices(ServedTime.Key)] TimeProvider served)
    {
        var stopping = readiness.IsStopping;
        var age = ServedAge.Of(live, served.GetUtcNow(), machine.GetUtcNow());
        var reply = new HealthResponse(stopping ? "stopping" : "ready", age?.ServedAsOf, age?.Note);
        return stopping
            ? TypedResults.Json(reply, ApiJson.Default.HealthResponse, statusCode: StatusCodes.Status503ServiceUnavailable)
            : TypedResults.Ok(reply);
    }
}
