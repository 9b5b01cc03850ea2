using System.Collections.Frozen;

namespace RecSys.Api.Dashboard.Sessions;

/// <summary>What a session may be used for: what a page of the dashboard needs, and nothing else. A token may do what it always
/// could.</summary>
internal static class SessionRoutes
{
    private static readonly FrozenSet<string> Named = new[]
    {
        "GET recommend", "GET items/{id}", "GET events/recent", "GET data/readiness",
        "GET models", "GET models/{version}", "GET rules", "POST models/{version}:promote", "POST models/{version}:rollback",
        "POST monitoring/alerts/silences", "DELETE monitoring/alerts/silences/{id}",
        "GET dashboard/session", "DELETE dashboard/session",
    }.ToFrozenSet(StringComparer.Ordinal);

    // Reading alone.
    private static readonly string[] Folders = ["GET monitoring/", "GET dashboard/"];

    /// <summary>True for a route that a session may call.</summary>
    public static bool Allow(HttpContext http) => http.GetEndpoint() is RouteEndpoint route && Allow(http.Request.Method, route);

    /// <summary>Those of the server's routes, as <c>GET /models</c>: pages show what the server has.</summary>
    public static IReadOnlyList<string> Of(EndpointDataSource routes) =>
    [
        .. routes.Endpoints.OfType<RouteEndpoint>()
            .SelectMany(route => (route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])
                .Where(method => Allow(method, route)).Select(method => $"{method} /{Pattern(route)}"))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    private static bool Allow(string method, RouteEndpoint route)
    {
        var called = $"{method} {Pattern(route)}";
        return Named.Contains(called) || Folders.Any(folder => called.StartsWith(folder, StringComparison.Ordinal));
    }

    private static string Pattern(RouteEndpoint route) => route.RoutePattern.RawText?.Trim('/') ?? "";
}
