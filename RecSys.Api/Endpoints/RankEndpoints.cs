using RecSys.Api.Contracts;
using RecSys.Api.Contracts.Reading;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Expressions;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;

namespace RecSys.Api.Endpoints;

/// <summary><c>POST /rank</c>: the caller's own items in the order in which a list of recommendations would have them.</summary>
internal static class RankEndpoints
{
    // A thousand items by ids of the greatest length.
    private const long MaxBytes = 512 * 1024;

    public static void MapRank(this IEndpointRouteBuilder app) =>
        app.MapPost("/rank", PostAsync)
            .WithName("Rank")
            .WithSummary("The items of the body, best first for a user; what has no place is named with its reason")
            .RequireAuthorization(Scopes.RecommendRead)
            .CountsAs(OperationClass.Recommend)
            .AcceptsJson(typeof(RankRequest), MaxBytes)
            .Produces<RankResponse>()
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> PostAsync(
        HttpContext http, Recommender recommender, FoldWait folds, ExpressionCache expressions, WorldSource worlds, PolicyBook policies)
    {
        if (!(await JsonBody.ReadDocumentAsync(http)).Succeeded(out var body, out var problem)) return problem;
        using (body)
        {
            var reading = new RankReading(body.RootElement, expressions, policies);
            if (reading.Faults.Count > 0) return Faults.ToProblem(reading.Faults);
            if (!http.User.MayActFor(reading.UserId)) return TypedResults.Forbid();
            if (await folds.WaitAsync(http, reading.MinPosition) is { } later) return later;
            if (reading.Resolve(worlds.Take().Catalog) is not { } request) return Faults.ToProblem(reading.Faults);
            var context = await recommender.RecommendAsync(request, http.RequestAborted);
            recommender.CompleteAfter(http.Response, context);
            return TypedResults.Ok(ResponseOf(context, reading));
        }
    }

    private static RankResponse ResponseOf(RecommendationContext context, RankReading reading)
    {
        var candidates = context.Candidates.Items;
        var catalog = context.Catalog;
        var items = new RankedItem[candidates.Length];
        var placed = new HashSet<int>(items.Length);
        for (var i = 0; i < items.Length; i++)
        {
            var item = candidates[i].Item;
            placed.Add(item);
            items[i] = new RankedItem(catalog.IdOf(item), RecommendResponses.Finite(candidates[i].Score), i + 1);
        }
        return new RankResponse(
            context.Request.UserId, items, reading.NotRanked(catalog, placed, context.Candidates.Removed),
            Math.Round(context.Elapsed.TotalMilliseconds, 3), context.Assignment.ModelVersion, context.RequestId,
            new ExperimentArm(context.Assignment.Experiment, context.Assignment.Variant),
            context.Degraded.Count == 0 ? [] : [.. context.Degraded], context.NotPersonal is null, context.NotPersonal);
    }
}
