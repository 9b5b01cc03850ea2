using RecSys.Api.Contracts;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;
using RecSys.Core.Storage;

namespace RecSys.Api.Endpoints;

/// <summary><c>GET /data/readiness</c>: what there is to train on, what is missing, and what to do about it.</summary>
internal static class DataEndpoints
{
    public static void MapData(this IEndpointRouteBuilder app) =>
        app.MapGet("/data/readiness", ReadinessAsync)
            .WithName("DataReadiness")
            .WithSummary("What there is for training, what is missing, and what to do")
            .RequireAuthorization(Scopes.Service)
            .CountsAs(OperationClass.Admin)
            .Produces<DataReadiness>();

    private static async Task<IResult> ReadinessAsync(HttpContext http, IDataSurvey survey) =>
        TypedResults.Ok(DataReadiness.Of(await survey.SurveyAsync(http.RequestAborted)));
}
