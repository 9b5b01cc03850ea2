using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using RecSys.Api.Contracts;
using RecSys.Api.Endpoints;
using RecSys.Api.Hosting.Authentication;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Recommendations;
using RecSys.Core.Retrieval.VectorSearch;
using RecSys.Core.Storage;

namespace RecSys.Api.Hosting;

/// <summary>Builds and starts the web server: one AddX per capability, one MapX per resource.</summary>
internal static class ApiServer
{
    // Enough for the hot code to reach its optimised tier.
    private const int WarmUpRequests = 200;

    public static WebApplication Build(ServerSettings settings, ServingState state)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = settings.Environment,
        });
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create<string, string?>("Storage:DataFolder", settings.DataFolder)]);
        builder.Host.UseDefaultServiceProvider(options => (options.ValidateOnBuild, options.ValidateScopes) = (true, true));
        builder.WebHost.ConfigureKestrel(kestrel => Bound(kestrel, settings));

        builder.Services.AddSingleton(state.Live);
        builder.Services.AddSingleton(_ => state.Models);
        builder.Services.AddSingleton(new ModelRegistry(settings.ModelsFolder));
        builder.Services.AddSingleton(provider => new ModelLoader(
            provider.GetRequiredService<ModelRegistry>(),
            provider.GetRequiredService<ModelPool<ServingModel>>(),
            provider.GetRequiredService<FeatureCatalogue>(),
            provider.GetRequiredService<IOptions<RetrievalOptions>>().Value,
            () => Task.FromResult(ServingItems.Of(provider.GetRequiredService<LiveState>().Catalog))));
        builder.Services.AddStorage(builder.Configuration);
        builder.Services.AddVectorSearch(builder.Configuration);
        builder.Services.AddModels(builder.Configuration);
        builder.Services.AddRecommendations(builder.Configuration);
        builder.AddTokenAuthentication();
        builder.Services.AddProblemDetails(ProblemDetailsSetup.Configure);
        builder.Services.AddExceptionHandler<UnexpectedFailures>();
        builder.Services.AddOpenApi("v1");
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
        });

        var app = builder.Build();
        foreach (var warning in state.Warnings) app.Logger.StartedWithoutChampion(warning);
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapRecommendations();
        app.MapItems();
        app.MapHealth();
        app.MapOpenApi().AllowAnonymous();
        return app;
    }

    /// <summary>Warms up, starts listening and gives the address.</summary>
    /// <exception cref="RecSysException">The address cannot be bound.</exception>
    public static async Task<string> StartAsync(WebApplication app, ServerSettings settings, CancellationToken cancellationToken)
    {
        app.Services.GetRequiredService<RankingRefresher>().RefreshAll(cancellationToken);
        var users = app.Services.GetRequiredService<LiveState>().UserIds.Take(WarmUpRequests);
        await app.Services.GetRequiredService<Recommender>().WarmUpAsync(users, cancellationToken);
        // Loading leaves about as much garbage as it keeps. Nobody waits yet, so it goes back to the system now.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        try
        {
            await app.StartAsync(cancellationToken);
            return app.Urls.First();
        }
        catch (IOException exception)
        {
            throw new RecSysException($"Port {settings.Port} of {settings.Address} is in use; stop the other program or choose another port with --port.", exception);
        }
        catch (SocketException exception)
        {
            throw new RecSysException($"Cannot listen on {settings.Address}, port {settings.Port}: {exception.Message}. Choose others with --address and --port.", exception);
        }
    }

    // Limits for what anybody may send; a route that needs more raises its own.
    private static void Bound(KestrelServerOptions kestrel, ServerSettings settings)
    {
        kestrel.AddServerHeader = false;
        kestrel.Listen(IPAddress.Parse(settings.Address), settings.Port);
        kestrel.Limits.MaxRequestLineSize = 8 * 1024;
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
        kestrel.Limits.MaxRequestBodySize = 64 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
    }
}
