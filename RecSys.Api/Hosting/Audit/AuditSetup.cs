using System.Security.Claims;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;
using RecSys.Core.Events;

namespace RecSys.Api.Hosting.Audit;

/// <summary>
/// Which calls are audited: all of <see cref="OperationClass.Admin"/> and <see cref="OperationClass.SignIn"/>, what a token with the scope
/// <c>admin</c> changes elsewhere, and every write of an item, a user or a bulk job; refused ones, too.
/// </summary>
internal static class AuditSetup
{
    public static void AddAudit(this IServiceCollection services, string dataFolder)
    {
        services.AddSingleton(new Pseudonyms(dataFolder));
        services.AddSingleton(provider =>
            new AuditLog(dataFolder, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<AuditLog>>()));
    }

    /// <summary>Stands behind authentication and before authorisation.</summary>
    public static void UseAudit(this IApplicationBuilder app)
    {
        var (log, names, time) =
            (app.ApplicationServices.GetRequiredService<AuditLog>(), app.ApplicationServices.GetRequiredService<Pseudonyms>(),
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
            catch (LogRefusedException refused)
            {
                status = UnexpectedFailures.StatusOf(refused.Reason);
                throw;
            }
            finally
            {
                var erased = http.Features.Get<ErasedUsers>()?.Ids ?? [];
                string NameOf(string id) => erased.Contains(id, StringComparer.Ordinal) ? AuditLog.Erased : names.Of(id);
                log.Write(
                    new AuditEntry(
                        time.GetUtcNow(), http.User.FindFirstValue("sub") is { } subject ? NameOf(subject) : null, http.Request.Method,
                        Route(http), Target(http, NameOf), status,
                        http.TraceIdentifier),
                    ofCatalogue: IsOfCatalogue(http) && !http.User.HasScope(Scopes.Admin));
            }
        }
    }

    private static bool IsAudited(HttpContext http) =>
        LimitsSetup.OperationOf(http) is OperationClass.Admin or OperationClass.SignIn
        || (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method) && http.GetEndpoint() is not null
            && (IsOfCatalogue(http) || http.User.HasScope(Scopes.Admin)));

    private static bool IsOfCatalogue(HttpContext http) => LimitsSetup.OperationOf(http) == OperationClass.Catalogue;

    private static string Route(HttpContext http) => (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";

    private static Dictionary<string, string> Target(HttpContext http, Func<string, string> nameOf)
    {
        var ofUsers = Route(http).Contains("/users", StringComparison.Ordinal);
        return http.Request.RouteValues.Where(entry => entry.Value is string)
            .ToDictionary(entry => entry.Key, entry => ofUsers || entry.Key == "user_id"
                ? nameOf((string)entry.Value!) : (string)entry.Value!);
    }
}
