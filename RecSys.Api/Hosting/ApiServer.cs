using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using RecSys.Api.BatchJobs;
using RecSys.Api.Browsers;
using RecSys.Api.BulkJobs;
using RecSys.Api.Contracts;
using RecSys.Api.Dashboard;
using RecSys.Api.Dashboard.Sessions;
using RecSys.Api.Endpoints;
using RecSys.Api.Endpoints.Gorse;
using RecSys.Api.Hosting.Alerts;
using RecSys.Api.Hosting.Audit;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Connections;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;
using RecSys.Api.Hosting.Telemetry;
using RecSys.Api.OpenApi;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Features;
using RecSys.Core.Import.Meaning;
using RecSys.Core.Models;
using RecSys.Core.Monitoring;
using RecSys.Core.Monitoring.Autoscaling;
using RecSys.Core.Monitoring.Business;
using RecSys.Core.Monitoring.Drift;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;
using RecSys.Core.Recommendations.Logging;
using RecSys.Core.Recommendations.Rules;
using RecSys.Core.Recommendations.Scenarios;
using RecSys.Core.Retrieval.VectorSearch;
using RecSys.Core.Storage;
using RecSys.Core.Storage.ModelStates;
using RecSys.Core.Training.Scheduling;

namespace RecSys.Api.Hosting;

/// <summary>
/// Builds and starts the web server: one AddX per capability, one UseX per rule in the order of their work, one MapX per resource.
/// </summary>
internal static class ApiServer
{
    // Enough for the hot code to reach its optimised tier.
    private const int WarmUpRequests = 200;

    /// <param name="settings">Data and address.</param>
    /// <param name="state">What was loaded.</param>
    /// <param name="mapMore">Further routes, under the same rules as all.</param>
    public static WebApplication Build(ServerSettings settings, ServingState state, Action<IEndpointRouteBuilder>? mapMore = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = settings.Environment,
        });
        UseOneConfiguration(builder, settings);
        builder.Host.UseDefaultServiceProvider(options => (options.ValidateOnBuild, options.ValidateScopes) = (true, true));
        var development = builder.Environment.IsDevelopment();
        var monitoring = SectionReader.Read<MonitoringOptions>(builder.Configuration, MonitoringOptions.SectionName);
        var metricsPort = MetricsPort.Choose(settings, monitoring, development);
        KestrelSetup.Configure(builder, settings, metricsPort);
        builder.Logging.AddConsoleLines();

        builder.Services.AddSingleton(state.Live);
        builder.Services.AddKeyedSingleton(ServedTime.Key, state.Time);
        builder.Services.AddSingleton(_ => state.Models);
        builder.Services.AddSingleton(provider =>
            Settings.Registry(settings, provider.GetRequiredService<IModelStates>()));
        builder.Services.AddSingleton(provider => new ModelLoader(
            provider.GetRequiredService<ModelRegistry>(),
            provider.GetRequiredService<ModelPool<ServingModel>>(),
            provider.GetRequiredService<FeatureCatalogue>(),
            provider.GetRequiredService<IOptions<RetrievalOptions>>().Value,
            () => Task.FromResult(state.ItemsForModels())));
        builder.Services.AddSingleton<ModelChanges>();
        builder.Services.AddStorage(builder.Configuration);
        if (state is { Tail: { } tail, Metrics: { } metrics, Database: { } database })
        {
            builder.Services.AddSingleton(database);
            builder.Services.AddSingleton(tail);
            builder.Services.AddSingleton(metrics);
            builder.Services.AddEvents(builder.Configuration);
            builder.Services.AddShownLists();
            builder.Services.AddPolicyKeeping();
            builder.Services.AddNights(builder.Configuration, settings.DataFolder, Settings.Assigned);
            builder.Services.AddSingleton(state.Items);
            builder.Services.AddTextEncoding(builder.Configuration);
            builder.Services.AddSingleton<RecentEvents>();
            builder.Services.AddSingleton(provider =>
                new FolderMeaning(settings.DataFolder, provider.GetRequiredService<ILogger<FolderMeaning>>()));
            builder.Services.AddSingleton<Posting>();
            builder.Services.AddSingleton<UserErasing>();
            builder.Services.AddSingleton<ExportTurns>();
            builder.Services.AddSingleton<RulePreview>();
            builder.Services.AddBulkJobs(builder.Configuration, settings.DataFolder);
            builder.Services.AddBatchJobs(builder.Configuration, settings.DataFolder);
            builder.Services.AddGorse(builder.Configuration);
        }
        builder.Services.AddSingleton(_ => new FoldWait(state.Tail, state.Database?.EventLog, TimeProvider.System));
        builder.Services.AddVectorSearch(builder.Configuration);
        builder.Services.AddModels(builder.Configuration);
        builder.Services.AddRecommendations(builder.Configuration);
        builder.Services.AddMonitoring(builder.Configuration, settings.DataFolder);
        builder.Services.AddAutoscaling(builder.Configuration);
        builder.AddServerAlerts(settings.DataFolder);
        builder.Services.AddBusinessFigures(settings.DataFolder, CandidateSourceNames.ByBit);
        builder.Services.AddDrift(settings.DataFolder);
        builder.AddTelemetry(monitoring, scraped: metricsPort.Port != 0 || development);
        builder.AddTokenAuthentication();
        builder.AddBrowsers();
        builder.AddLimits();
        builder.Services.AddSingleton(settings);
        builder.AddDashboard();
        builder.AddGracefulStop();
        builder.Services.AddAudit(settings.DataFolder);
        builder.Services.AddSingleton<IProblemDetailsWriter, Problems>();
        builder.Services.AddProblemDetails();
        builder.Services.AddExceptionHandler<UnexpectedFailures>();
        builder.Services.AddApiDocument();
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            // Numbers are written as numbers and never read from strings; the OpenAPI document says so.
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Insert(1, DashboardJson.Default);
        });

        var app = builder.Build();
        foreach (var warning in state.Warnings) app.Logger.StartedWithoutChampion(warning);
        if (metricsPort.Warning is { } noPort) app.Logger.NoMetricsPort(noPort);
        metricsPort.Use(app, onMainPort: development);
        app.UseRequestTimes();
        app.UseSecurityHeaders();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseRouting();
        app.UseGorseKeys();
        app.UseBrowsers();
        app.UseTimeOf(RequestPart.Authentication);
        app.UseAuthentication();
        app.UseTimeOf(RequestPart.Admission);
        app.UseClientLimits();
        app.UseBodyRules();
        app.UseLoadShedding();
        app.UsePathIds();
        app.UseAudit();
        app.UseSessionChecks();
        app.UseTimeOf(RequestPart.Authentication);
        app.UseAuthorization();
        app.UseTimeOf(RequestPart.Admission);
        app.UseQueryRules();
        app.MapRecommendations();
        app.MapNextPages();
        app.MapRank();
        app.MapScenarios();
        app.MapExplanations();
        app.MapItems();
        if (state.Tail is not null)
        {
            app.MapEvents();
            app.MapDeadLetters();
            app.MapCatalogue();
            app.MapUsers();
            app.MapData();
            app.MapRules();
            app.MapBulk();
            app.MapBatch();
            app.MapGorse();
        }
        app.MapModels();
        app.MapHealth();
        app.MapMonitoring();
        app.MapAlerts();
        app.MapBrowsers();
        app.MapDashboard(hasData: state.Tail is not null);
        app.MapOpenApi(DocumentSetup.Path).AllowAnonymous().AnswersHeadToo();
        mapMore?.Invoke(app);
        return app;
    }

    /// <summary>Reads the keys, warms up, starts listening and gives the address.</summary>
    /// <exception cref="RecSysException">The keys or the meanings of events cannot be read, or the address cannot be bound.</exception>
    public static async Task<string> StartAsync(WebApplication app, ServerSettings settings, CancellationToken cancellationToken)
    {
        await app.Services.GetRequiredService<IssuerKeys>().LoadAsync(cancellationToken);
        app.Services.GetRequiredService<Pseudonyms>().Require();
        // What it reads may be damaged: that is said before anything runs.
        _ = app.Services.GetService<FolderMeaning>();
        app.Services.GetRequiredService<LiveState>().Catalog.KeepFields(app.Services.GetRequiredService<LimitOptions>().MaxAttributes);
        await app.Services.KeepPoliciesAsync(cancellationToken);
        app.Services.GetRequiredService<RankingRefresher>().RefreshAll(cancellationToken);
        await app.Services.GetRequiredService<Recommender>().WarmUpAsync(await KnownUsersAsync(app, cancellationToken), cancellationToken);
        // Loading leaves about as much garbage as it keeps. Nobody waits yet, so it goes back to the system now.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        try
        {
            await app.StartAsync(cancellationToken);
            return app.Urls.First();
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            throw KestrelSetup.CannotListen(settings, exception);
        }
    }

    // A start from a snapshot has nobody in memory: users are read when they are asked for.
    private static async Task<IReadOnlyList<string>> KnownUsersAsync(WebApplication app, CancellationToken cancellationToken)
    {
        var users = app.Services.GetRequiredService<LiveState>().UserIds.Take(WarmUpRequests).ToList();
        if (users.Count == WarmUpRequests || app.Services.GetService<IDatabase>() is not { } database) return users;
        await foreach (var stored in database.Contents.ReadUsersAsync(cancellationToken).Take(WarmUpRequests - users.Count))
            users.Add(stored.User.Id);
        return users;
    }

    // Whatever the host would read by itself (other files, other variables) would be unknown to training and the other commands.
    private static void UseOneConfiguration(WebApplicationBuilder builder, ServerSettings settings)
    {
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddConfiguration(Settings.Root);
        builder.Configuration.AddInMemoryCollection(settings.Overrides);
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create<string, string?>("Storage:DataFolder", settings.DataFolder)]);
    }
}
