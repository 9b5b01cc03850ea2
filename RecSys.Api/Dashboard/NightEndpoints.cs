using System.Globalization;
using RecSys.Api.Hosting;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Training.Nightly;

namespace RecSys.Api.Dashboard;

/// <summary>The nights of the data folder: how far each came, and its report.</summary>
internal static class NightEndpoints
{
    private const int MostNights = 30;

    // A report is a page with a style of its own. In a sandbox nothing of it can run, whoever wrote it.
    private const string ReportPolicy =
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'";

    public static void MapNights(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/dashboard/nights").RequireAuthorization(Scopes.Admin).CountsAs(OperationClass.Admin);
        group.MapGet("", ListAsync).WithName("ListNights").WithSummary("The latest 30 nights, newest first, with the steps that are done")
            .Produces<NightList>();
        group.MapGet("/{day}/report", ReportAsync).WithName("NightReport").WithSummary("The report of a night, a page that can do nothing")
            .Produces<string>(StatusCodes.Status200OK, "text/html").ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> ListAsync(HttpContext http, ServerSettings settings)
    {
        var nights = await new NightArchive(settings.DataFolder).ReadAsync(MostNights, http.RequestAborted);
        return TypedResults.Ok(new NightList(NightlyPipeline.Steps, [.. nights.Select(NightEntry.Of)]));
    }

    private static async Task<IResult> ReportAsync(HttpContext http, ServerSettings settings, string day)
    {
        if (!DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            || await new NightArchive(settings.DataFolder).ReportAsync(date, http.RequestAborted) is not { } report)
        {
            return Problems.Of(StatusCodes.Status404NotFound, "There is no such report; GET /dashboard/nights lists those that exist.");
        }
        http.Response.Headers.ContentSecurityPolicy = ReportPolicy;
        return TypedResults.Bytes(report, "text/html; charset=utf-8");
    }
}
