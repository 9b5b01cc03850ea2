using RecSys.Api.Endpoints;
using RecSys.Api.Hosting;
using RecSys.Core.Models;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;

namespace RecSys.Api.Commands.Simulating;

/// <summary>The server of this program over a data folder, in this process and by a world's clock. It is asked without HTTP.</summary>
internal sealed class WorldServer : IAsyncDisposable
{
    private static readonly Dictionary<string, string?> quiet = new()
    {
        ["Logging:LogLevel:Default"] = "Warning",
        ["Logging:LogLevel:Microsoft"] = "Warning",
    };

    private readonly ServingState state;
    private readonly WebApplication app;
    private readonly Recommender recommender;

    private WorldServer(ServingState state, WebApplication app)
    {
        (this.state, this.app) = (state, app);
        recommender = app.Services.GetRequiredService<Recommender>();
        Posting = app.Services.GetRequiredService<Posting>();
    }

    public Posting Posting { get; }

    public IServiceProvider Services => app.Services;

    /// <summary>Loads what the folder holds; all background work of a server runs.</summary>
    /// <param name="folder">With data and a champion.</param>
    /// <param name="clock">The world's.</param>
    /// <param name="cancellationToken">Stops the loading.</param>
    /// <param name="options">Settings by their full names, over those of the file and the environment.</param>
    public static async Task<WorldServer> StartAsync(
        string folder, WorldClock clock, CancellationToken cancellationToken, IReadOnlyDictionary<string, string?>? options = null)
    {
        var within = ServerSettings.Within(folder);
        var overrides = new Dictionary<string, string?>([.. within.Overrides, .. quiet]);
        foreach (var (name, value) in options ?? new Dictionary<string, string?>()) overrides[name] = value;
        var settings = within with { Clock = clock, Overrides = overrides };
        var state = await ServingState.LoadAsync(settings, progress: null, cancellationToken);
        WebApplication? app = null;
        try
        {
            app = ApiServer.Build(settings, state);
            await ApiServer.StartAsync(app, settings, cancellationToken);
            return new WorldServer(state, app);
        }
        catch
        {
            if (app is not null) await app.DisposeAsync();
            await state.DisposeAsync();
            throw;
        }
    }

    /// <summary>A list, read before anything of it is let go.</summary>
    public async ValueTask AskAsync(
        RecommendationRequest request, Action<RecommendationContext> read, CancellationToken cancellationToken)
    {
        var context = await recommender.RecommendAsync(request, cancellationToken);
        try
        {
            read(context);
        }
        finally
        {
            recommender.Complete(context);
        }
    }

    /// <summary>Swaps a new champion in, if there is one.</summary>
    public Task SwapAsync(CancellationToken cancellationToken) =>
        app.Services.GetRequiredService<ChampionWatcher>().CheckAsync(cancellationToken);

    /// <summary>Stops as on SIGTERM: what was acknowledged is on disk.</summary>
    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(CancellationToken.None);
        await app.DisposeAsync();
        await state.DisposeAsync();
    }
}
