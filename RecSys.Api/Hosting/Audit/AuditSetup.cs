using System.Security.Claims;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;

namespace RecSys.Api.Hosting.Audit;

/// <summary>
/// Which calls are audited: all of <see cref="OperationClass.Admin"/>, refused ones too, and what a token with the scope <c>admin</c>
/// changes elsewhere.
/// </summary>
internal static class AuditSetup
{
    public static void AddAudit(this IServiceCollection services, string dataFolder)
    {
        services.AddSingleton(new Pseudonyms(dataFolder));
        services.AddSingleton(provider => new AuditLog(dataFolder, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<AuditLog>>()));
    }

    /// <summary>Stands behind authentication and before authorisation.</summary>
    public static void UseAudit(this IApplicationBuilder app)
    {
        var (log, names, time) = (app.ApplicationServices.GetRequiredService<AuditLog>(), app.ApplicationServices.GetRequiredService<Pseudonyms>(),
            app.ApplicationServices.GetRequiredService<TimeProvider>());
        app.Use((http, next) => IsAudited(http) ? RunAsync(http, next) : next(http));

        async Task RunAsync(HttpContext http, RequestDelegate next)
        {
            var status = StatusCodes.Status500InternalServerError;
            try
            {
                await next(http);
                status = http.Response.StatusCode;
            }
            finally
            {
                log.Write(new AuditEntry(
                    time.GetUtcNow(), http.User.FindFirstValue("sub") is { } subject ? names.Of(subject) : null, http.Request.Method, Route(http), Target(http, names), status, http.TraceIdentifier));
            }
        }
    }

    private static bool IsAudited(HttpContext http) =>
        LimitsSetup.OperationOf(http) == OperationClass.Admin
        || (http.User.HasScope(Scopes.Admin) && !HttpMethods.IsGet(http.Request.Method) && http.GetEndpoint() is not null);

    private static string Route(HttpContext http) => (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";

    private static Dictionary<string, string> Target(HttpContext http, Pseudonyms names)
    {
        var ofUsers = Route(http).Contains("/users", StringComparison.Ordinal);
        return http.Request.RouteValues.Where(entry => entry.Value is string)
            .ToDictionary(entry => entry.Key, entry => ofUsers || entry.Key == "user_id" ? names.Of((string)entry.Value!) : (string)entry.Value!);
    }
}
