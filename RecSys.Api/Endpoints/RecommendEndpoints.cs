using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using RecSys.Api.Contracts;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;

namespace RecSys.Api.Endpoints;

/// <summary><c>GET /recommend</c>.</summary>
internal static class RecommendEndpoints
{
    public static void MapRecommendations(this IEndpointRouteBuilder app)
    {
        app.MapGet("/recommend", GetAsync)
            .WithName("Recommend")
            .WithSummary("Items for a user, best first")
            .RequireAuthorization(Scopes.RecommendRead)
            .CountsAs(OperationClass.Recommend)
            .AcceptsQuery(RecommendQuery.Parameters)
            .Produces<RecommendResponse>()
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden);
    }

#pragma warning disable IDE0060 // The parameters are read from the request, strictly; they are declared for the OpenAPI document.
    private static async Task<IResult> GetAsync(
        HttpContext http,
        Recommender recommender,
        [FromQuery(Name = "user_id"), Description("Who gets the list; 1 to 256 characters.")] string? userId,
        [FromQuery(Name = "num_items"), Description("Items wanted, 1 to 100; 20 when left out.")] string? numItems,
        [FromQuery(Name = "device"), Description("mobile, desktop, tablet, tv or web.")] string? device,
        [FromQuery(Name = "location"), Description("Where the user is, any place name.")] string? location,
        [FromQuery(Name = "include"), Description("Comma-separated: reasons, propensity, timing.")] string? include)
#pragma warning restore IDE0060
    {
        var parameters = http.Query();
        if (RecommendQuery.Read(parameters) is not { } query) return Problems.BadRequest(parameters.Errors);
        if (!http.User.MayActFor(query.Request.UserId)) return TypedResults.Forbid();

        var context = await recommender.RecommendAsync(query.Request, http.RequestAborted);
        http.Response.OnCompleted(static state =>
        {
            var (recommender, context) = ((Recommender, RecommendationContext))state;
            recommender.Complete(context);
            return Task.CompletedTask;
        }, (recommender, context));
        return TypedResults.Ok(RecommendResponses.From(context, query));
    }
}
