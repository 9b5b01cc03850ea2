using Microsoft.Extensions.ObjectPool;
using RecSys.Core.Domain;
using RecSys.Core.Monitoring.Windows;

namespace RecSys.Api.Hosting.Telemetry;

/// <summary>Measures recommendation requests from outside: total, and the parts that are no stages.</summary>
internal static class RequestTimes
{
    /// <summary>Stands before everything else. Costs no memory and no lock per request.</summary>
    public static void UseRequestTimes(this IApplicationBuilder app)
    {
        var services = app.ApplicationServices;
        var (windows, time) = (services.GetRequiredService<LatencyWindows>(), services.GetRequiredService<TimeProvider>());
        var clocks = new DefaultObjectPool<RequestClock>(new Policy(windows, time), maximumRetained: 256);
        Func<object, Task> record = state =>
        {
            var clock = (RequestClock)state;
            clock.Record();
            clocks.Return(clock);
            return Task.CompletedTask;
        };
        app.Use((http, next) =>
        {
            if (!IsRecommendation(http.Request)) return next(http);
            var clock = clocks.Get();
            clock.Begin(http.Response);
            http.Features.Set(clock);
            // What is registered first is called last: the time ends before, when the endpoint is called.
            http.Response.OnCompleted(record, clock);
            return next(http);
        });
    }

    /// <summary>What comes behind counts as this part.</summary>
    public static void UseTimeOf(this IApplicationBuilder app, RequestPart part) => app.Use((http, next) =>
    {
        http.Features.Get<RequestClock>()?.Enter(part);
        return next(http);
    });

    /// <summary>The clock of a recommendation request.</summary>
    public static RequestClock ClockOf(HttpContext http) => http.Features.Get<RequestClock>()
        ?? throw new InvalidOperationException("The request has no clock; UseRequestTimes belongs before everything else.");

    // By the path, since a request that is refused before it is routed counts, too.
    private static bool IsRecommendation(HttpRequest request) =>
        request.Path.Value is { } path && path.AsSpan().TrimEnd('/').Equals("/recommend", StringComparison.OrdinalIgnoreCase);

    private sealed class Policy(LatencyWindows windows, TimeProvider time) : PooledObjectPolicy<RequestClock>
    {
        public override RequestClock Create() => new(windows, time);

        public override bool Return(RequestClock clock) => true;
    }
}
