using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using RecSys.Api.Contracts;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Recommendations;

namespace RecSys.Api.Endpoints;

/// <summary><c>GET /recommend/{request_id}/next</c>: the page behind one that was served.</summary>
internal static class NextPageEndpoints
{
    private const string Gone =
        "Nothing is kept behind this page: its list had no more, or was made too long ago (next_cursor says of each page whether there is "
            + "another; lists are kept for half an hour by default). Ask GET /recommend for a new list.";

    public static void MapNextPages(this IEndpointRouteBuilder app)
    {
        app.MapGet("/recommend/{request_id}/next", Get)
            .WithName("RecommendNext")
            .WithSummary("The page behind one that was served, from the same list; asked again, the same page")
            .RequireAuthorization(Scopes.RecommendRead)
            .CountsAs(OperationClass.Recommend)
            .AcceptsQuery(RecommendQuery.PageParameters)
            .Produces<RecommendResponse>()
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status410Gone);
    }

#pragma warning disable IDE0060 // The parameters are read from the request, strictly; they are declared for the OpenAPI document.
    private static IResult Get(
        HttpContext http,
        Recommender recommender,
        [FromRoute(Name = "request_id"), Description("next_cursor of the page before.")] string requestId,
        [FromQuery(Name = "num_items"), Description("Items wanted, 1 to 100; 20 when left out.")] string? numItems,
        [FromQuery(Name = "include"), Description("Comma-separated: reasons, propensity.")] string? include)
#pragma warning restore IDE0060
    {
        var parameters = http.Query();
        if (RecommendQuery.ReadPage(parameters) is not var (query, items)) return Problems.BadRequest(parameters.Errors);
        if (recommender.FindNext(requestId) is not { } page) return Problems.Of(StatusCodes.Status410Gone, Gone);
        if (!http.User.MayActFor(page.UserId)) return TypedResults.Forbid();
        if (recommender.Next(requestId, page, items) is not { } context) return Problems.Of(StatusCodes.Status410Gone, Gone);
        recommender.CompleteAfter(http.Response, context);
        return TypedResults.Ok(RecommendResponses.From(context, query));
    }
}
