using System.Threading.RateLimiting;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Events;
using RecSys.Core.Expressions;

namespace RecSys.Api.Hosting.Limits;

/// <summary>Registration and middleware of the limits.</summary>
internal static class LimitsSetup
{
    private static readonly TimeSpan RetryOverload = TimeSpan.FromSeconds(1);

    // "Limits": { "Recommend": { "PerSecond": 20, "Burst": 100, "Concurrency": 0, "Queue": 32 }, "MaxClients": 100000 }
    public static void AddLimits(this WebApplicationBuilder builder)
    {
        var limits = SectionReader.Read<LimitOptions>(builder.Configuration, LimitOptions.SectionName);
        builder.Services.AddSingleton(limits);
        builder.Services.AddSingleton(new ExpressionCache(
            new ExpressionLimits(limits.MaxExpressionLength, limits.MaxExpressionDepth, limits.MaxExpressionNodes)));
        builder.Services.AddSingleton<ClientLimiter>();
        builder.Services.AddSingleton<LoadShedder>();
        builder.Services.AddSingleton<LimitMetrics>();
        builder.Services.AddSingleton<IServedRequests>(provider => provider.GetRequiredService<LoadShedder>());
    }

    /// <summary>Says which limits a route has; without it those of <see cref="OperationClass.Recommend"/>.</summary>
    public static T CountsAs<T>(this T route, OperationClass operation)
        where T : IEndpointConventionBuilder => route.WithMetadata(new CountedAs(operation));

    public static OperationClass OperationOf(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<CountedAs>()?.Operation ?? OperationClass.Recommend;

    /// <summary>The same by what a route says of itself.</summary>
    public static OperationClass OperationOf(IEnumerable<object> metadata) =>
        metadata.OfType<CountedAs>().LastOrDefault()?.Operation ?? OperationClass.Recommend;

    /// <summary>
    /// Refuses with 503 what is more than the server can do, and with 429 what is more than one client's share of it. Stands behind
    /// authentication.
    /// </summary>
    public static void UseLoadShedding(this IApplicationBuilder app)
    {
        var shedder = app.ApplicationServices.GetRequiredService<LoadShedder>();
        var limiter = app.ApplicationServices.GetRequiredService<ClientLimiter>();
        var metrics = app.ApplicationServices.GetRequiredService<LimitMetrics>();
        app.Use((http, next) => OperationOf(http) is var operation && operation == OperationClass.None
            ? next(http) : RunAsync(http, next, operation));

        async Task RunAsync(HttpContext http, RequestDelegate next, OperationClass operation)
        {
            var client = limiter.BudgetOf(ClientKey.Of(http, operation));
            if (!client.TryEnter(shedder.ShareOf(operation)))
            {
                metrics.OverPlaces(operation);
                RejectedConnection.Refused(http);
                await Problems.WriteRetryAsync(http, StatusCodes.Status429TooManyRequests, RetryOverload,
                    "Too many requests at the same time.");
                return;
            }
            var place = new Place(client);
            try
            {
                place.Turn = await shedder.EnterAsync(operation, http.RequestAborted);
                if (place.Turn?.IsAcquired == false)
                {
                    metrics.Overloaded(operation);
                    RejectedConnection.Refused(http);
                    await Problems.WriteRetryAsync(http, StatusCodes.Status503ServiceUnavailable, RetryOverload,
                        "The server has more to do than it can; try again later.");
                    return;
                }
                RejectedConnection.Accepted(http);
                // The place is free when the reply begins: a client that reads slowly holds none in which others could be served.
                http.Response.OnStarting(static held =>
                {
                    ((Place)held).Dispose();
                    return Task.CompletedTask;
                }, place);
                await next(http);
            }
            finally
            {
                place.Dispose();
            }
        }
    }

    /// <summary>Refuses with 429 what is more than the client may ask. Stands behind authentication, which says who it is.</summary>
    public static void UseClientLimits(this IApplicationBuilder app)
    {
        var limiter = app.ApplicationServices.GetRequiredService<ClientLimiter>();
        var metrics = app.ApplicationServices.GetRequiredService<LimitMetrics>();
        metrics.Observe(limiter);
        app.Use((http, next) =>
        {
            var operation = OperationOf(http);
            if (operation == OperationClass.None) return next(http);
            var isService = http.User.HasScope(Scopes.Service) || http.User.HasScope(Scopes.Admin);
            if (limiter.Take(ClientKey.Of(http, operation), isService) is not { } wait) return next(http);
            metrics.OverRate(operation);
            RejectedConnection.Refused(http);
            return Problems.WriteRetryAsync(http, StatusCodes.Status429TooManyRequests, wait,
                "Too many requests; Retry-After says when the next one is taken.");
        });
    }

    private sealed record CountedAs(OperationClass Operation);

    private sealed class Place(RateBudget client) : IDisposable
    {
        private int left;

        public RateLimitLease? Turn { get; set; }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref left, 1) != 0) return;
            Turn?.Dispose();
            client.Leave();
        }
    }
}
