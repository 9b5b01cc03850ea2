using System.Security.Cryptography;
using System.Text;
using RecSys.Api.Hosting.Requests;

namespace RecSys.Api.Dashboard.Sessions;

/// <summary>A session in place of a token: where it is taken, and what it must show for a change.</summary>
internal static class SessionSetup
{
    /// <summary>The header that carries <see cref="DashboardSession.Csrf"/> back.</summary>
    public const string CsrfHeader = "X-CSRF-Token";

    /// <summary>The session whose token the request is to be checked by; null where it has none, a token of its own, or may not.</summary>
    public static DashboardSession? Use(HttpContext http)
    {
        if (http.Request.Headers.Authorization.Count > 0 || !SessionRoutes.Allow(http)) return null;
        var services = http.RequestServices;
        if (services.GetService<DashboardSessions>() is not { } sessions) return null;
        if (services.GetRequiredService<SessionCookie>().Read(http.Request) is not { } name) return null;
        if (sessions.Find(name) is not { } session) return null;
        http.Features.Set(session);
        return session;
    }

    /// <summary>
    /// Refuses a change that a browser asks for by its session alone: another site could have made it ask. Stands behind the audit.
    /// </summary>
    public static void UseSessionChecks(this IApplicationBuilder app) => app.Use((http, next) =>
        http.Features.Get<DashboardSession>() is not { } session || HttpMethods.IsGet(http.Request.Method) || Shows(http, session)
            ? next(http)
            : Problems.Of(StatusCodes.Status403Forbidden,
                $"A change by a session needs its {CsrfHeader} header; GET /dashboard/session tells the value.").ExecuteAsync(http));

    private static bool Shows(HttpContext http, DashboardSession session) =>
        http.Request.Headers[CsrfHeader] is { Count: 1 } header && header[0] is { } shown
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(shown), Encoding.UTF8.GetBytes(session.Csrf));
}
