using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;

namespace RecSys.Api.Endpoints.Gorse;

/// <summary>Calls of gorse that have nothing behind them here: 501 with what to use instead.</summary>
internal static class GorseMissing
{
    private const string Neighbours = "Users are not compared with each other here, so that no user has neighbours. GET /recommend gives "
        + "what they would be asked for.";

    private const string Listed = "Feedback is not listed across users. GET /users/{id}/export has everything of one user, and the lake "
        + "(recsys lake) the whole log as Parquet.";

    private const string Kept = "Events are not deleted one by one. Post one with the meaning undo to POST /events to take it back, or "
        + "erase the user.";

    private const string Measured = "Measurements are those of GET /monitoring/business and of the metrics page.";

    private static readonly (string Method, string Pattern, string Why)[] Calls =
    [
        ("GET", "/user/{user_id}/neighbors", Neighbours),
        ("GET", "/feedback", Listed), ("GET", "/feedback/{type}", Listed),
        ("GET", "/feedback/{user_id}/{item_id}", Listed), ("GET", "/feedback/{type}/{user_id}/{item_id}", Listed),
        ("GET", "/item/{item_id}/feedback", Listed), ("GET", "/item/{item_id}/feedback/{type}", Listed),
        ("DELETE", "/feedback/{user_id}/{item_id}", Kept), ("DELETE", "/feedback/{type}/{user_id}/{item_id}", Kept),
        ("GET", "/measurements/{name}", Measured),
    ];

    // Whatever they are asked for: nothing of it is read.
    private static readonly string[] Parameters = ["n", "offset", "cursor", "Cursor"];

    public static void MapGorseMissing(this IEndpointRouteBuilder group)
    {
        foreach (var (method, pattern, why) in Calls)
        {
            group.MapMethods(pattern, [method], () => Problems.Of(StatusCodes.Status501NotImplemented, why))
                .CountsAs(OperationClass.Catalogue).AcceptsQuery(Parameters);
        }
    }
}
