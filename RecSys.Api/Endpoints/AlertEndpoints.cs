using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using RecSys.Api.Contracts;
using RecSys.Api.Contracts.Reading;
using RecSys.Api.Hosting.Audit;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Domain;
using RecSys.Core.Models;
using RecSys.Core.Monitoring.Alerts;
using RecSys.Core.Monitoring.Alerts.Keeping;
using RecSys.Core.Monitoring.Autoscaling;

namespace RecSys.Api.Endpoints;

/// <summary>Alerts and silences, and how many servers are wanted.</summary>
internal static class AlertEndpoints
{
    public static void MapAlerts(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/monitoring").RequireAuthorization(Scopes.Admin).CountsAs(OperationClass.Admin);
        group.MapGet("/alerts", Alerts).WithName("MonitoringAlerts")
            .WithSummary("The light and why, every rule, what was done, history and silences");
        group.MapPost("/alerts/silences", SilenceAsync).WithName("SilenceAlert")
            .WithSummary("Keep a rule from sending and acting for a while")
            .AcceptsJson(typeof(SilenceRequest)).Produces<SilenceBody>().Produces<SilenceBody>(StatusCodes.Status202Accepted)
            .ProducesValidationProblem().ProducesProblem(StatusCodes.Status409Conflict);
        group.MapDelete("/alerts/silences/{id}", EndSilence).WithName("EndSilence").WithSummary("End a silence before its time")
            .Produces(StatusCodes.Status204NoContent).Produces<SilenceNote>(StatusCodes.Status202Accepted)
            .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/autoscaling", Autoscaling).WithName("MonitoringAutoscaling").WithSummary("How many servers are wanted, and why");
    }

    private static Ok<AlertsReport> Alerts(AlertCenter center, TimeProvider time) =>
        TypedResults.Ok(AlertsReport.Of(center.Read(), time.GetUtcNow()));

    private static Ok<AutoscalingReport> Autoscaling(ScalingJob job, ScaleUpSignal signal, IOptions<AutoscalingOptions> options) =>
        TypedResults.Ok(AutoscalingReport.Of(job.View, signal.Reason, options.Value));

    private static async Task<IResult> SilenceAsync(HttpContext http, AlertCenter center, Pseudonyms names, TimeProvider time)
    {
        if (!(await JsonBody.ReadDocumentAsync(http)).Succeeded(out var body, out var problem)) return problem;
        using (body)
        {
            var now = time.GetUtcNow();
            var reader = new JsonObjectReader(body.RootElement, "");
            var rule = reader.Word("rule", [.. AlertRules.All.Select(each => each.Name), Silence.EveryRule], required: true);
            var reason = reader.Text("reason", required: true);
            if (reason is not null && !ModelRegistry.IsReason(reason))
                reader.Add("invalid", "reason", $"must have 1 to {ModelRegistry.MaxTextLength} characters and no control characters");
            var until = Until(reader, now);
            reader.Finish();
            if (reader.Faults.Count > 0) return Faults.ToProblem(reader.Faults);
            var made = center.Silence(rule!, until, names.Of(http.User.FindFirstValue("sub") ?? ""), reason!);
            return made is null
                ? Problems.Of(StatusCodes.Status409Conflict,
                    $"There are {AlertCenter.MostSilences} silences already; end one first (GET /monitoring/alerts lists them).")
                : center.IsStored ? TypedResults.Ok(SilenceBody.Of(made))
                : TypedResults.Accepted((string?)null, SilenceBody.Of(made, SilenceNote.NotStored));
        }
    }

    private static IResult EndSilence(string id, AlertCenter center) =>
        Identifiers.Fault(id) is { } fault ? Requests.BadId(fault)
        : !center.EndSilence(id)
            ? Problems.Of(StatusCodes.Status404NotFound, "There is no such silence; GET /monitoring/alerts lists those in force.")
        : center.IsStored ? TypedResults.NoContent()
        : TypedResults.Accepted((string?)null, new SilenceNote(SilenceNote.NotStored));

    private static DateTimeOffset Until(JsonObjectReader reader, DateTimeOffset now)
    {
        var until = reader.Time("until");
        var minutes = reader.Whole("minutes", 1, (int)Silence.Longest.TotalMinutes);
        if (reader.Faults.Count == 0 && (until is null) == (minutes is null))
            reader.Add("invalid", "until", "or minutes is required, one of the two");
        if (until is { } moment && (moment <= now || moment > now + Silence.Longest))
            reader.Add("invalid", "until", $"must be after now and at most {Silence.Longest.TotalDays} days from now");
        return until ?? now.AddMinutes(minutes ?? 0);
    }
}
