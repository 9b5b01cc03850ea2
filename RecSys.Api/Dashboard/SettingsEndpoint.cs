using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;
using RecSys.Core.Domain;
using RecSys.Core.Models;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;
using RecSys.Core.Training.Scheduling;

namespace RecSys.Api.Dashboard;

/// <summary><c>GET /dashboard/settings</c>: what lists are made by, to be read.</summary>
internal static class SettingsEndpoint
{
    public static void MapSettings(this IEndpointRouteBuilder app) =>
        app.MapGet("/dashboard/settings", Get)
            .WithName("DashboardSettings")
            .WithSummary("The policy in force, and how this server trains and rolls out")
            .RequireAuthorization(Scopes.Admin)
            .CountsAs(OperationClass.Admin)
            .Produces<SettingsBody>();

    private static Ok<SettingsBody> Get(
        HttpContext http, PolicyBook policies, IConfiguration configuration, IHostEnvironment environment,
        [FromKeyedServices(ServedTime.Key)] TimeProvider served)
    {
        var schedule = http.RequestServices.GetService<IOptions<ScheduleOptions>>()?.Value;
        var mode = configuration.GetSection(RolloutOptions.SectionName).Get<RolloutOptions>()?.Mode ?? RolloutMode.Immediate;
        var (home, hash) = policies.Of(RecommendationRequest.Home);
        using var policy = JsonDocument.Parse(home.ToJson());
        return TypedResults.Ok(new SettingsBody(
            home.Name, hash, policy.RootElement.Clone(), mode.ToString().ToLowerInvariant(),
            string.IsNullOrWhiteSpace(schedule?.Cron) ? null : schedule.Cron, schedule?.TimeZone, environment.EnvironmentName,
            CodeVersion.Commit, served.GetUtcNow()));
    }
}
