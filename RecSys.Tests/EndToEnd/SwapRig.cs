using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RecSys.Api.Contracts;
using RecSys.Api.Endpoints;
using RecSys.Api.Hosting;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Ranking.Calibration;
using RecSys.Core.Recommendations;
using RecSys.Core.Retrieval.VectorSearch;
using RecSys.Core.Simulation;
using RecSys.Core.Storage;
using RecSys.Core.Storage.Sqlite;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Models;

namespace RecSys.Tests.EndToEnd;

/// <summary>
/// The whole request path over a small world and two bundles that answer differently in every respect. Nothing reports what was shown and
/// no stage has a time limit, so that the same user gets the same reply from the same version at any time and under any load.
/// </summary>
internal sealed class SwapRig : IAsyncDisposable
{
    public const string One = "v1.0.0";
    public const string Other = "v1.0.1";

    private readonly TemporaryFolder folder;
    private readonly IHost host;

    private SwapRig(TemporaryFolder folder, IHost host, string[] users)
    {
        this.folder = folder;
        this.host = host;
        Users = users;
    }

    public string[] Users { get; }
    public IServiceProvider Services => host.Services;
    public ModelRegistry Registry => host.Services.GetRequiredService<ModelRegistry>();
    public ModelPool<ServingModel> Pool => host.Services.GetRequiredService<ModelPool<ServingModel>>();
    public ChampionWatcher Watcher => host.Services.GetRequiredService<ChampionWatcher>();

    public static async Task<SwapRig> StartAsync(CancellationToken cancellationToken)
    {
        var folder = new TemporaryFolder();
        var world = SyntheticWorld.Create(new WorldOptions
        {
            Items = 500, Users = 120, Days = 2, SessionsPerUserPerDay = 1, Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero),
        });
        await using var database = await SqliteDatabase.OpenAsync(folder.Path, cancellationToken);
        await database.StoreAsync(world, cancellationToken);
        var models = new ServerSettings(folder.Path).ModelsFolder;
        string[] ids = [.. world.Items.Select(item => item.Id)];
        await BundleWriter.PublishAsync(models, One, Contents(ids, seed: 1, slope: 0.0005), cancellationToken);
        await BundleWriter.PublishAsync(models, Other, Contents([.. ids.Reverse()], seed: 2, slope: 0.0002), cancellationToken);

        var registry = new ModelRegistry(models, SqliteDatabase.Open(folder.Path).Models);
        await registry.SetChampionAsync(One, cancellationToken);
        var host = Build(folder, (await database.Log.ReadWithCountsAsync(null, null, cancellationToken)).Log, registry);
        var rig = new SwapRig(folder, host, [.. world.Users.Select(user => user.Id)]);
        Assert.True(await rig.Watcher.CheckAsync(cancellationToken));
        return rig;
    }

    /// <summary>The reply that a caller gets, without what differs between two equal requests.</summary>
    public async Task<(string Version, string Reply)> AskAsync(string user, CancellationToken cancellationToken)
    {
        var recommender = host.Services.GetRequiredService<Recommender>();
        var query = RecommendQuery.Read(QueryParameters.Read(
            $"user_id={Uri.EscapeDataString(user)}&num_items=20&device=mobile&include=reasons,propensity", RecommendQuery.Parameters))!;
        var context = await recommender.RecommendAsync(query.Request, cancellationToken);
        try
        {
            var reply = RecommendResponses.From(context, query) with { RequestId = "", LatencyMs = 0, NextCursor = null };
            // The reply takes its version from the assignment; the bundle's own must be the same.
            Assert.Equal(context.Model.Bundle.Manifest.Version, reply.ModelVersion);
            return (reply.ModelVersion, JsonSerializer.Serialize(reply, ApiJson.Default.RecommendResponse));
        }
        finally
        {
            recommender.Complete(context);
        }
    }

    public ValueTask DisposeAsync()
    {
        host.Dispose();
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static IHost Build(TemporaryFolder folder, InteractionLog log, ModelRegistry registry)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Storage:DataFolder"] = folder.Path,
            ["Retrieval:Index"] = "exact",
        });
        // Every swap loads a bundle and gives one up.
        var state = ServingState.Of(log, new ModelPool<ServingModel>(new ModelPoolOptions { KeepPrevious = false }));
        builder.Services.AddSingleton(state.Live);
        builder.Services.AddSingleton(_ => state.Models);
        builder.Services.AddSingleton(registry);
        var items = Task.FromResult(ServingItems.Of(state.Live.Catalog));
        builder.Services.AddSingleton(_ =>
            new ModelLoader(registry, state.Models, FeatureCatalogue.Default, new RetrievalOptions(), () => items));
        builder.Services.AddStorage(builder.Configuration);
        builder.Services.AddVectorSearch(builder.Configuration);
        builder.Services.AddModels(builder.Configuration);
        builder.Services.AddRecommendations(builder.Configuration);
        builder.Services.AddSingleton<TimeProvider>(new UnhurriedTime());
        var host = builder.Build();
        host.Services.GetRequiredService<RankingRefresher>().RefreshAll(CancellationToken.None);
        return host;
    }

    private static BundleContents Contents(string[] ids, int seed, double slope) => TestModels.Contents(seed, 16) with
    {
        ItemIds = ids,
        Embeddings = TestBundles.Embeddings(ids.Length, 16),
        ItemTower = null,
        GoldenItems = [],
        RankerText = TestModels.Ranker(FeatureCatalogue.Default.Names),
        Calibrator = new PlattCalibrator(slope, 0.1 * seed),
        RetrievalWeight = seed,
        Catalogue = FeatureCatalogue.Default,
    };

    // No time limit ever passes, and nothing happens by itself.
    private sealed class UnhurriedTime : TimeProvider
    {
        public override long GetTimestamp() => 0;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new NoTimer();
    }

    private sealed class NoTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
