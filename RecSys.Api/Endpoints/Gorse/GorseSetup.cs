using RecSys.Api.Hosting;
using RecSys.Api.Hosting.Authentication;
using RecSys.Core.Recommendations;
using RecSys.Core.Recommendations.Sources;

namespace RecSys.Api.Endpoints.Gorse;

/// <summary>
/// Lets clients of gorse (<see href="https://gorse.io"/>) talk to this server, under <c>/api/gorse</c>, where an operator has said so.
/// docs/gorse.md says which calls there are and what becomes of them.
/// </summary>
internal static class GorseSetup
{
    private const string Base = "/api/gorse";
    private const string KeyHeader = "X-API-Key";

    // "Gorse": { "Enabled": true, "FeedbackTypes": { "share": "like" } }
    public static void AddGorse(this IServiceCollection services, IConfiguration configuration)
    {
        var options = SectionReader.Read<GorseOptions>(configuration, GorseOptions.SectionName);
        services.AddSingleton(options);
        if (!options.Enabled) return;
        services.AddSingleton<GorseTypes>();
        services.AddSingleton<GorsePosting>();
        services.AddRanking<LatestItems>();
    }

    /// <summary>
    /// Takes the key that a client of gorse sends for what it has to be here, an access token. Stands before authentication; a request with
    /// a token of its own keeps it.
    /// </summary>
    public static void UseGorseKeys(this IApplicationBuilder app)
    {
        if (!IsEnabled(app.ApplicationServices)) return;
        app.Use((http, next) =>
        {
            if (http.Request.Path.StartsWithSegments(Base, StringComparison.OrdinalIgnoreCase)
                && http.Request.Headers.Authorization.Count == 0
                && http.Request.Headers[KeyHeader] is [{ Length: > 0 } key])
            {
                http.Request.Headers.Authorization = $"Bearer {key}";
            }
            return next(http);
        });
    }

    /// <summary>Maps the routes; none where they are not enabled.</summary>
    public static void MapGorse(this IEndpointRouteBuilder app)
    {
        if (!IsEnabled(app.ServiceProvider)) return;
        // A words map that names no type of event stops the start.
        _ = app.ServiceProvider.GetRequiredService<GorseTypes>();
        // Every client of gorse acts for all users; what a call needs beyond that is said where it is mapped.
        var group = app.MapGroup(Base + "/api").RequireAuthorization(Scopes.Service).ExcludeFromDescription();
        group.MapGorseFeedback();
        group.MapGorseItems();
        group.MapGorseUsers();
        group.MapGorseRecommendations();
        group.MapGorseLists();
        group.MapGorseMissing();
    }

    private static bool IsEnabled(IServiceProvider services) => services.GetService<GorseOptions>() is { Enabled: true };
}
