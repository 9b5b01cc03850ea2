using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using RecSys.Api.Contracts;
using RecSys.Api.Contracts.Reading;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;
using RecSys.Api.Hosting.Telemetry;
using RecSys.Core.Expressions;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;

namespace RecSys.Api.Endpoints;

/// <summary><c>GET /recommend</c>, and <c>POST /recommend</c> for who asks for more.</summary>
internal static class RecommendEndpoints
{
    // A thousand items that are excluded, by ids of the greatest length.
    private const long MaxBytes = 512 * 1024;

    public static void MapRecommendations(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("").RequireAuthorization(Scopes.RecommendRead)
            .CountsAs(OperationClass.Recommend)
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapGet("/recommend", GetAsync)
            .WithName("Recommend")
            .WithSummary("Items for a user, best first")
            .AcceptsQuery(RecommendQuery.Parameters)
            .Produces<RecommendResponse>();
        group.MapPost("/recommend", PostAsync)
            .WithName("RecommendWith")
            .WithSummary("Items for a user, best first, narrowed and weighed by what the body says")
            .AcceptsJson(typeof(RecommendRequest), MaxBytes)
            .Produces<RecommendResponse>();
    }

#pragma warning disable IDE0060 // The parameters are read from the request, strictly; they are declared for the OpenAPI document.
    private static async Task<IResult> GetAsync(
        HttpContext http,
        Recommender recommender,
        FoldWait folds,
        PolicyBook policies,
        [FromQuery(Name = "user_id"),
            Description("Who gets the list; 1 to 256 characters. Exactly one of user_id, anonymous_id and session_id.")] string? userId,
        [FromQuery(Name = "anonymous_id"),
            Description("In place of user_id: a visitor whom the sender tells apart without knowing who it is.")] string? anonymousId,
        [FromQuery(Name = "session_id"), Description("In place of user_id: a sitting of which not even that is known.")] string? sessionId,
        [FromQuery(Name = "num_items"), Description("Items wanted, 1 to 100; 20 when left out.")] string? numItems,
        [FromQuery(Name = "device"), Description("mobile, desktop, tablet, tv or web.")] string? device,
        [FromQuery(Name = "location"), Description("Where the user is, any place name.")] string? location,
        [FromQuery(Name = RecommendQuery.ScenarioName), Description("Named placement that shows the list; home when left out.")]
        string? scenario,
        [FromQuery(Name = "include"), Description("Comma-separated: reasons, propensity, timing; trace with the scope admin.")]
        string? include,
        [FromQuery(Name = RecommendQuery.Model), Description("With include=trace: the version of the model, one that is in memory.")]
        string? modelVersion,
        [FromQuery(Name = FoldWait.Name), Description(FoldWait.Description)] string? minPosition)
#pragma warning restore IDE0060
    {
        var parameters = http.Query();
        if (RecommendQuery.Read(parameters, policies) is not { } query) return Problems.BadRequest(parameters.Errors);
        if (Refusal(http, query.Request.UserId, query) is { } refusal) return refusal;
        if (await folds.WaitAsync(http, query.MinPosition) is { } later) return later;
        return await AnswerAsync(http, recommender, query);
    }

    private static async Task<IResult> PostAsync(
        HttpContext http, Recommender recommender, FoldWait folds, ExpressionCache expressions, WorldSource worlds, PolicyBook policies)
    {
        if (!(await JsonBody.ReadDocumentAsync(http)).Succeeded(out var body, out var problem)) return problem;
        using (body)
        {
            var reading = new RecommendReading(body.RootElement, expressions, policies);
            if (reading.Faults.Count > 0) return Faults.ToProblem(reading.Faults);
            if (Refusal(http, reading.UserId, reading.Query) is { } refusal) return refusal;
            if (await folds.WaitAsync(http, reading.Query.MinPosition) is { } later) return later;
            return reading.Resolve(worlds.Take().Catalog)
                ? await AnswerAsync(http, recommender, reading.Query) : Faults.ToProblem(reading.Faults);
        }
    }

    private static IResult? Refusal(HttpContext http, string userId, RecommendQuery query)
    {
        if (!http.User.MayActFor(userId)) return TypedResults.Forbid();
        return query.IncludeTrace && !http.User.HasScope(Scopes.Admin)
            ? Problems.Of(StatusCodes.Status403Forbidden, "include=trace needs a token with the scope admin.") : null;
    }

    private static async Task<IResult> AnswerAsync(HttpContext http, Recommender recommender, RecommendQuery query)
    {
        var clock = RequestTimes.ClockOf(http);
        clock.EnterPipeline();
        var context = query.IncludeTrace
            ? await recommender.PreviewAsync(query.Request, query.ModelVersion, http.RequestAborted)
            : await recommender.RecommendAsync(query.Request, http.RequestAborted);
        if (context is null)
        {
            return Problems.Of(
                StatusCodes.Status404NotFound, "This version is not in memory here; GET /models says which are (in_memory).");
        }
        clock.LeavePipeline(recommender, context);
        http.Response.OnCompleted(static state =>
        {
            ((RequestClock)state).Complete();
            return Task.CompletedTask;
        }, clock);
        return TypedResults.Ok(RecommendResponses.From(context, query));
    }
}
