using System.ComponentModel;
using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using RecSys.Api.Dashboard.Sessions;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;

namespace RecSys.Api.Dashboard.Feeds;

/// <summary><c>GET /dashboard/stream</c>.</summary>
internal static class StreamEndpoint
{
    private const string Topics = "topics";
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(10);

    public static void MapStream(this IEndpointRouteBuilder app) =>
        app.MapGet("/dashboard/stream", StreamAsync)
            .WithName("DashboardStream")
            .WithSummary("What happens, as it happens: server-sent events")
            .RequireAuthorization(Scopes.Admin)
            .CountsAs(OperationClass.Admin)
            .AcceptsQuery(Topics)
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream")
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

#pragma warning disable IDE0060 // The parameter is read from the request, strictly; it is declared for the OpenAPI document.
    private static async Task<IResult> StreamAsync(
        HttpContext http, LiveStreams streams,
        [FromQuery(Name = Topics), Description("Comma-separated: latency, machine, events; all when left out.")] string? topics)
#pragma warning restore IDE0060
    {
        var query = http.Query();
        var wanted = query.Text(Topics)?.Split(',') ?? [.. streams.Topics];
        if (wanted.Any(topic => !streams.Topics.Contains(topic)))
            query.Fail(Topics, $"must be a comma-separated list of {string.Join(", ", streams.Topics)}");
        if (!query.AreValid) return Problems.BadRequest(query.Errors);
        var session = http.Features.Get<DashboardSession>();
        var tokenEnds = DateTimeOffset.FromUnixTimeSeconds(long.Parse(http.User.FindFirstValue("exp")!, CultureInfo.InvariantCulture));
        return await streams.RunAsync(http, wanted, session?.Expires ?? tokenEnds, session?.Ended ?? CancellationToken.None)
            ? TypedResults.Empty : new RetryLater(Retry, "As many streams are open as may be (Dashboard:MaxStreams).");
    }
}
