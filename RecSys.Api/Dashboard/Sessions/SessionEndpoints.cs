using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using RecSys.Api.Contracts.Reading;
using RecSys.Api.Endpoints;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;

namespace RecSys.Api.Dashboard.Sessions;

/// <summary>Signing in and out. A sign-in with a token is a request with that token, checked as any other.</summary>
internal static class SessionEndpoints
{
    public static void MapSessions(this IEndpointRouteBuilder app, bool development)
    {
        var group = app.MapGroup("/dashboard/session");
        group.MapGet("", Get).WithName("DashboardSession")
            .WithSummary("Whether this browser is signed in, and what the dashboard can show")
            .AllowAnonymous().CountsAs(OperationClass.Dashboard).AnswersHeadToo().Produces<SessionBody>();
        group.MapPost("", Begin).WithName("DashboardSignIn")
            .WithSummary("Keep the token of this request for a browser, which gets a cookie")
            .RequireAuthorization(Scopes.Admin).CountsAs(OperationClass.SignIn).Produces<SessionBody>()
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
        group.MapDelete("", End).WithName("DashboardSignOut").WithSummary("Forget the session; its streams end")
            .RequireAuthorization(Scopes.Admin).CountsAs(OperationClass.Admin).Produces(StatusCodes.Status204NoContent);
        if (development)
        {
            group.MapPost("/code", BeginByCodeAsync).WithName("DashboardSignInByLink")
                .WithSummary("Sign in with the code of the printed link, once; in Development only")
                .AllowAnonymous().CountsAs(OperationClass.SignIn).AcceptsJson(typeof(SignInCodeRequest)).Produces<SessionBody>()
                .ProducesProblem(StatusCodes.Status401Unauthorized);
        }
    }

    private static Ok<SessionBody> Get(HttpContext http) => TypedResults.Ok(
        http.User.HasScope(Scopes.Admin)
            ? BodyOf(http, http.Features.Get<DashboardSession>()) : new SessionBody(false, IsDevelopment(http)));

    private static IResult Begin(HttpContext http)
    {
        // A session cannot beget another one: that takes the token itself.
        if (http.Request.Headers.Authorization.ToString() is not { Length: > 7 } header)
            return Problems.Of(StatusCodes.Status401Unauthorized);
        var expires = long.Parse(http.User.FindFirstValue("exp")!, CultureInfo.InvariantCulture);
        return Begun(http, header[7..].Trim(), DateTimeOffset.FromUnixTimeSeconds(expires));
    }

    private static async Task<IResult> BeginByCodeAsync(HttpContext http, SignInCodes codes)
    {
        if (!(await JsonBody.ReadDocumentAsync(http)).Succeeded(out var body, out var problem)) return problem;
        using (body)
        {
            var reader = new JsonObjectReader(body.RootElement, "");
            var code = reader.Text("code", required: true);
            reader.Finish();
            if (reader.Faults.Count > 0) return Faults.ToProblem(reader.Faults);
            return codes.Take(code!) is { } granted ? Begun(http, granted.Token, granted.Expires) : Problems.Of(
                StatusCodes.Status401Unauthorized,
                "This link was used already or is too old. Sign in with a token (recsys token --user you --scope admin), or start the "
                    + "server again for a new link.");
        }
    }

    private static NoContent End(HttpContext http, DashboardSessions sessions, SessionCookie cookie)
    {
        if (cookie.Read(http.Request) is { } name) sessions.End(name);
        cookie.Delete(http.Response);
        return TypedResults.NoContent();
    }

    private static Ok<SessionBody> Begun(HttpContext http, string token, DateTimeOffset expires)
    {
        var cookie = http.RequestServices.GetRequiredService<SessionCookie>();
        var sessions = http.RequestServices.GetRequiredService<DashboardSessions>();
        // Who signs in anew leaves no session behind.
        if (cookie.Read(http.Request) is { } former) sessions.End(former);
        var (name, session) = sessions.Begin(token, expires);
        cookie.Write(http.Response, name, session.Expires);
        return TypedResults.Ok(BodyOf(http, session));
    }

    private static SessionBody BodyOf(HttpContext http, DashboardSession? session) => new(
        true, IsDevelopment(http), http.User.FindFirstValue("sub") ?? SignInCodes.Subject, session?.Expires, session?.Csrf,
        SessionRoutes.Of(http.RequestServices.GetRequiredService<EndpointDataSource>()),
        [.. http.RequestServices.GetRequiredService<DashboardOptions>().ImageHosts]);

    private static bool IsDevelopment(HttpContext http) => http.RequestServices.GetRequiredService<IHostEnvironment>().IsDevelopment();
}
