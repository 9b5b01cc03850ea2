using RecSys.Api.Hosting;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;
using RecSys.Core.Storage;
using RecSys.Core.Training.Protocols;

namespace RecSys.Api.Commands;

/// <summary>The server as <c>serve</c> composes it, without a port, answering for a protocol; nothing is recorded.</summary>
internal sealed class ServedLists : IServedLists
{
    // As many as a request may ask for; the candidates behind them are kept in order, too.
    private const int NumItems = 100;

    private readonly ServingState state;
    private readonly WebApplication app;
    private readonly Recommender recommender;
    private readonly ServingWorld world;

    private ServedLists(ServingState state, WebApplication app)
    {
        (this.state, this.app) = (state, app);
        recommender = app.Services.GetRequiredService<Recommender>();
        world = app.Services.GetRequiredService<WorldSource>().Take();
    }

    /// <inheritdoc cref="StartServing"/>
    /// <exception cref="RecSysException">The bundle cannot serve.</exception>
    public static async Task<IServedLists> StartAsync(string dataFolder, InteractionLog known, CancellationToken cancellationToken)
    {
        var settings = ServerSettings.Within(dataFolder);
        var state = ServingState.Of(known, new ModelPool<ServingModel>(Settings.ModelPool(), Settings.DefaultPolicy().Hash));
        await using var database = await Databases.OpenAsync(dataFolder, cancellationToken);
        var registry = Settings.Registry(settings, database.Models);
        using var loader = new ModelLoader(
            registry, state.Models, FeatureCatalogue.Default, Settings.Retrieval(), () => Task.FromResult(state.ItemsForModels()));
        if (await new ModelStart(registry, state.Models, loader).RunAsync(cancellationToken) is [var warning, ..])
            throw new RecSysException(warning);
        var app = ApiServer.Build(settings, state);
        app.Services.GetRequiredService<RankingRefresher>().RefreshAll(cancellationToken);
        return new ServedLists(state, app);
    }

    public async Task<IReadOnlyList<(int Item, double Score)>> RankAsync(string userId, CancellationToken cancellationToken)
    {
        var assignment = world.Models.Assign(userId, out var lease);
        // Only the assignment was wanted.
        lease.Dispose();
        var context =
            await recommender.RunAsync(new RecommendationRequest(userId, NumItems), assignment, world, Effects.None, cancellationToken);
        try
        {
            if (context.Degraded.Count > 0)
            {
                throw new RecSysException(
                    $"A list was served degraded ({string.Join(", ", context.Degraded)}), so it tells nothing; see the log.");
            }
            var candidates = context.Candidates.Considered;
            var items = new (int, double)[candidates.Length];
            for (var i = 0; i < items.Length; i++) items[i] = (candidates[i].Item, candidates[i].Score);
            return items;
        }
        finally
        {
            recommender.Complete(context);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await state.DisposeAsync();
    }
}
