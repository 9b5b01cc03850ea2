using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using RecSys.Api.Contracts;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Monitoring.Business;
using RecSys.Core.Monitoring.Drift;
using RecSys.Core.Monitoring.Machine;
using RecSys.Core.Monitoring.Windows;

namespace RecSys.Api.Endpoints;

/// <summary>What the process knows of itself.</summary>
internal static class MonitoringEndpoints
{
    private const string Window = "window";
    private const string WindowNames = "1m, 5m, 1h or 24h; 5m when left out.";
    private const string Hours = "hours";

    // Each with the step of a line over it.
    private static readonly Dictionary<string, (TimeSpan Length, TimeSpan Step)> Windows = new(StringComparer.Ordinal)
    {
        ["1m"] = (TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5)),
        ["5m"] = (TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(5)),
        ["1h"] = (TimeSpan.FromHours(1), TimeSpan.FromMinutes(1)),
        ["24h"] = (TimeSpan.FromHours(24), TimeSpan.FromMinutes(15)),
    };

    public static void MapMonitoring(this IEndpointRouteBuilder app)
    {
        app.MapGet("/monitoring/latency", Latency)
            .WithName("MonitoringLatency")
            .WithSummary("How long recommendations took in the last minutes or hours, in total and by part")
            .RequireAuthorization(Scopes.Admin)
            .CountsAs(OperationClass.Admin)
            .AcceptsQuery(Window)
            .Produces<LatencyReport>()
            .ProducesValidationProblem();
        app.MapGet("/monitoring/latency/series", Series)
            .WithName("MonitoringLatencySeries")
            .WithSummary("The same over time: the window in stretches, at most some 170")
            .RequireAuthorization(Scopes.Admin)
            .CountsAs(OperationClass.Admin)
            .AcceptsQuery(Window)
            .Produces<LatencySeries>()
            .ProducesValidationProblem();
        app.MapGet("/monitoring/health", Health)
            .WithName("MonitoringHealth")
            .WithSummary("How process and machine are")
            .RequireAuthorization(Scopes.Admin)
            .CountsAs(OperationClass.Admin);
        app.MapGet("/monitoring/business", Business)
            .WithName("MonitoringBusiness")
            .WithSummary("What served lists brought by the hour: click rate, revenue, engagement")
            .RequireAuthorization(Scopes.Admin)
            .CountsAs(OperationClass.Admin)
            .AcceptsQuery(Hours)
            .Produces<BusinessReport>()
            .ProducesValidationProblem();
        app.MapGet("/monitoring/drift", Drift)
            .WithName("MonitoringDrift")
            .WithSummary("How far what is served moved from what the champion was made for")
            .RequireAuthorization(Scopes.Admin)
            .CountsAs(OperationClass.Admin)
            .AcceptsQuery(Window)
            .Produces<DriftReport>()
            .ProducesValidationProblem();
    }

#pragma warning disable IDE0060 // The parameter is read from the request, strictly; it is declared for the OpenAPI document.
    private static IResult Latency(
        HttpContext http, LatencyWindows windows,
        [FromQuery(Name = Window), Description(WindowNames)] string? window) => Read(http, out var name, out var wanted)
            ?? TypedResults.Ok(LatencyReport.Of(name, windows.Read(wanted.Length)));

    private static IResult Series(
        HttpContext http, LatencyWindows windows,
        [FromQuery(Name = Window), Description(WindowNames)] string? window) => Read(http, out var name, out var wanted)
            ?? TypedResults.Ok(LatencySeries.Of(name, wanted.Step, windows.Series(wanted.Length, wanted.Step)));
#pragma warning restore IDE0060

    private static IResult? Read(HttpContext http, out string name, out (TimeSpan Length, TimeSpan Step) wanted)
    {
        var query = http.Query();
        name = query.Text(Window) ?? "5m";
        if (!Windows.TryGetValue(name, out wanted)) query.Fail(Window, $"must be one of {string.Join(", ", Windows.Keys)}");
        return query.AreValid ? null : Problems.BadRequest(query.Errors);
    }

#pragma warning disable IDE0060 // As above.
    private static IResult Business(
        HttpContext http, BusinessFigures figures,
        [FromQuery(Name = Hours), Description("The last so many hours, the present one among them; 24 when left out, at most 840.")]
        string? hours)
#pragma warning restore IDE0060
    {
        var query = http.Query();
        var count = query.WholeNumber(Hours, 1, BusinessFigures.MostHours, missing: 24);
        return query.AreValid ? TypedResults.Ok(BusinessReport.Of(figures.Read(count))) : Problems.BadRequest(query.Errors);
    }

#pragma warning disable IDE0060 // As above.
    private static IResult Drift(
        HttpContext http, DriftFigures figures,
        [FromQuery(Name = Window), Description("1h or 24h; 24h when left out.")] string? window)
#pragma warning restore IDE0060
    {
        var query = http.Query();
        var name = query.Text(Window) ?? "24h";
        if (name is not ("1h" or "24h")) query.Fail(Window, "must be one of 1h, 24h");
        return query.AreValid
            ? TypedResults.Ok(DriftReport.Of(name, figures.Read(Windows[name].Length))) : Problems.BadRequest(query.Errors);
    }

    private static Ok<MachineReport> Health(MachineWatch machine) => TypedResults.Ok(MachineReport.Of(machine.Read()));
}
