using System.Globalization;
using System.Text.Json.Serialization;
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

/// <summary>Reply of <c>GET /dashboard/nights</c>.</summary>
/// <param name="Steps">Names of all steps, in order.</param>
/// <param name="Nights">Newest first.</param>
public sealed record NightList(IReadOnlyList<string> Steps, IReadOnlyList<NightEntry> Nights);

/// <summary>One night.</summary>
/// <param name="Day">Last day of its window.</param>
/// <param name="Done">Steps that are finished.</param>
/// <param name="HasReport">True once its report can be read.</param>
public sealed record NightEntry(string Day, IReadOnlyList<NightStep> Done, bool HasReport)
{
    internal static NightEntry Of(NightSummary night) => new(
        night.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        [.. night.Done.Select(step => new NightStep(step.Step, step.Verdict, step.Stopped, Math.Round(step.Seconds, 1), step.EndedAt))],
        night.HasReport);
}

/// <summary>A finished step.</summary>
/// <param name="Step">Its name.</param>
/// <param name="Verdict">One line in words.</param>
/// <param name="Stopped">True: the night ended here.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="EndedAt">When it ended.</param>
public sealed record NightStep(string Step, string Verdict, bool Stopped, double Seconds, DateTimeOffset EndedAt);

/// <summary>JSON of the dashboard's own routes.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(NightList))]
[JsonSerializable(typeof(Sessions.SessionBody))]
[JsonSerializable(typeof(Sessions.SignInCodeRequest))]
[JsonSerializable(typeof(Search.FoundItems))]
[JsonSerializable(typeof(Search.FoundUsers))]
[JsonSerializable(typeof(Search.UserHistory))]
[JsonSerializable(typeof(SettingsBody))]
internal sealed partial class DashboardJson : JsonSerializerContext;
