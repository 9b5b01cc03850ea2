using System.Threading.RateLimiting;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Requests;

namespace RecSys.Api.Hosting.Limits;

/// <summary>Registration and middleware of the limits.</summary>
internal static class LimitsSetup
{
    private static readonly TimeSpan RetryOverload = TimeSpan.FromSeconds(1);

    // "Limits": { "Recommend": { "PerSecond": 20, "Burst": 100, "Concurrency": 0, "Queue": 32 }, "MaxClients": 100000 }
    public static void AddLimits(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(SectionReader.Read<LimitOptions>(builder.Configuration, LimitOptions.SectionName));
        builder.Services.AddSingleton<ClientLimiter>();
        builder.Services.AddSingleton<LoadShedder>();
    }

    /// <summary>Says which limits a route has; without it those of <see cref="OperationClass.Recommend"/>.</summary>
    public static T CountsAs<T>(this T route, OperationClass operation)
        where T : IEndpointConventionBuilder => route.WithMetadata(new CountedAs(operation));

    public static OperationClass OperationOf(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<CountedAs>()?.Operation ?? OperationClass.Recommend;

    /// <summary>Refuses with 503 what is more than the server can do. Stands behind routing and before authentication, which costs more than the refusal.</summary>
    public static void UseLoadShedding(this IApplicationBuilder app)
    {
        var shedder = app.ApplicationServices.GetRequiredService<LoadShedder>();
        app.Use(async (http, next) =>
        {
            var lease = await shedder.EnterAsync(OperationOf(http), http.RequestAborted);
            if (lease is null)
            {
                await next(http);
                return;
            }
            if (!lease.IsAcquired)
            {
                RejectedConnection.Refused(http);
                await Problems.WriteRetryAsync(http, StatusCodes.Status503ServiceUnavailable, RetryOverload, "The server has more to do than it can; try again later.");
                return;
            }
            // The turn ends when the reply begins: a client that reads slowly holds no place in which others could be served.
            http.Response.OnStarting(static held =>
            {
                ((RateLimitLease)held).Dispose();
                return Task.CompletedTask;
            }, lease);
            try
            {
                await next(http);
            }
            finally
            {
                lease.Dispose();
            }
        });
    }

    /// <summary>Refuses with 429 what is more than the client may ask. Stands behind authentication, which says who it is.</summary>
    public static void UseClientLimits(this IApplicationBuilder app)
    {
        var limiter = app.ApplicationServices.GetRequiredService<ClientLimiter>();
        app.Use((http, next) =>
        {
            var operation = OperationOf(http);
            if (operation == OperationClass.None) return next(http);
            var isService = http.User.HasScope(Scopes.Service) || http.User.HasScope(Scopes.Admin);
            if (limiter.Take(ClientKey.Of(http, operation), isService) is not { } wait)
            {
                RejectedConnection.Accepted(http);
                return next(http);
            }
            RejectedConnection.Refused(http);
            return Problems.WriteRetryAsync(http, StatusCodes.Status429TooManyRequests, wait, "Too many requests; Retry-After says when the next one is taken.");
        });
    }

    private sealed record CountedAs(OperationClass Operation);
}
