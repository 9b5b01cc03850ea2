using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using RecSys.Api.Contracts;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;
using RecSys.Core.Recommendations;

namespace RecSys.Api.Endpoints;

/// <summary><c>GET /scenarios</c>: the placements that lists can be asked for, and what each list is made by.</summary>
internal static class ScenarioEndpoints
{
    public static void MapScenarios(this IEndpointRouteBuilder app) =>
        app.MapGet("/scenarios", Get)
            .WithName("Scenarios")
            .WithSummary("The scenarios that lists can be asked for, with the settings in force")
            .RequireAuthorization(Scopes.Service)
            .CountsAs(OperationClass.Admin)
            .Produces<ScenariosResponse>()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden);

    private static Ok<ScenariosResponse> Get(PolicyBook policies) =>
        TypedResults.Ok(new ScenariosResponse([.. policies.Scenarios.Select(name => BodyOf(name, policies))]));

    private static ScenarioBody BodyOf(string name, PolicyBook policies)
    {
        var (policy, hash) = policies.Of(name);
        using var json = JsonDocument.Parse(policy.ToJson());
        return new ScenarioBody(name, hash, json.RootElement.Clone());
    }
}
