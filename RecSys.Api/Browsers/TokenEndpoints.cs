using RecSys.Api.Contracts;
using RecSys.Api.Contracts.Reading;
using RecSys.Api.Endpoints;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Domain;

namespace RecSys.Api.Browsers;

/// <summary><c>POST /tokens</c>: a shop's server gets a short-lived token for the page of one of its visitors.</summary>
internal static class TokenEndpoints
{
    private const string NoKey =
        "This server issues no tokens: set Authentication:UserTokenKeyFile to a PEM file with an ECDSA P-256 private key, or get the token "
            + "from your issuer.";

    public static void MapTokens(this IEndpointRouteBuilder app) =>
        app.MapPost("/tokens", PostAsync)
            .WithName("IssueUserToken")
            .WithSummary("A short-lived token for the page of a user or visitor: its own lists and events, nothing else")
            .RequireAuthorization(Scopes.Service)
            .CountsAs(OperationClass.Catalogue)
            .AcceptsJson(typeof(UserTokenRequest))
            .Produces<UserTokenResponse>()
            .ProducesProblem(StatusCodes.Status501NotImplemented);

    private static async Task<IResult> PostAsync(HttpContext http, UserTokens tokens)
    {
        if (!(await JsonBody.ReadDocumentAsync(http)).Succeeded(out var body, out var problem)) return problem;
        using (body)
        {
            var reader = new JsonObjectReader(body.RootElement, "");
            var user = reader.Id("user_id", required: true);
            var minutes = reader.Whole("minutes", 1, UserTokens.MostMinutes);
            if (user is not null && Identifiers.FaultOfNew(user) is { } fault) reader.Add("invalid", "user_id", fault);
            reader.Finish();
            if (reader.Faults.Count > 0) return Faults.ToProblem(reader.Faults);
            return tokens.Issue(user!, minutes) is var (token, expires)
                ? TypedResults.Ok(new UserTokenResponse(token, expires)) : Problems.Of(StatusCodes.Status501NotImplemented, NoKey);
        }
    }
}
