using OpenTelemetry.Instrumentation.AspNetCore;

namespace RecSys.Api.Hosting.Telemetry;

/// <summary>
/// Keeps ids of users and items out of the spans of requests: a span has the route's pattern where the convention has the path. Parameters
/// are redacted by the instrumentation itself. What orchestrators and collectors ask makes no spans.
/// </summary>
internal static class SpanPrivacy
{
    private static readonly string[] Untraced = ["/livez", "/readyz", MetricsPort.Path];

    public static void Configure(AspNetCoreTraceInstrumentationOptions options)
    {
        options.Filter = http => !Untraced.Contains(http.Request.Path.Value, StringComparer.OrdinalIgnoreCase);
        options.EnrichWithHttpResponse = (activity, response) => activity.SetTag("url.path", RouteOf(response.HttpContext));
        options.EnrichWithException = (activity, _) => activity.SetTag("url.path", null);
    }

    private static string RouteOf(HttpContext http) => (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "unknown";
}
