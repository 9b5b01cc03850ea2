using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RecSys.Api.Hosting;
using RecSys.Core.Events;
using RecSys.Core.Models;
using RecSys.Core.Recommendations.Sources;
using RecSys.Core.Storage;
using RecSys.Tests.EndToEnd;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Hosting;

/// <summary>
/// The real server over a real, empty data folder, without a model, on a loopback port, with routes and settings of the test.
/// </summary>
internal sealed class BareServer : IAsyncDisposable
{
    private readonly TemporaryFolder? folder;
    private readonly ServingState state;
    private readonly WebApplication app;

    private BareServer(TemporaryFolder? folder, string dataFolder, ServingState state, WebApplication app, string address)
    {
        (this.folder, DataFolder, this.state, this.app) = (folder, dataFolder, state, app);
        Address = new Uri(address);
    }

    public Uri Address { get; }

    public string DataFolder { get; }

    public IServiceProvider Services => app.Services;

    public static async Task<BareServer> StartAsync(Action<IEndpointRouteBuilder>? routes = null,
        params (string Option, string? Value)[] options)
    {
        var folder = new TemporaryFolder();
        return await StartAsync(folder, folder.Path, routes, options);
    }

    /// <summary>The same over a folder of the test, which outlives the server.</summary>
    public static Task<BareServer> StartOverAsync(string dataFolder, params (string Option, string? Value)[] options) =>
        StartAsync(null, dataFolder, null, options);

    /// <summary>What a server has that was started over an empty folder: a log, a tail that folds it, no model.</summary>
    public static async Task<ServingState> StateOverAsync(string dataFolder)
    {
        var database = await Databases.OpenAsync(dataFolder, TestContext.Current.CancellationToken);
        var metrics = new EventMetrics(new PlainMeters());
        var options = new EventOptions();
        var snapshots = new StateSnapshots(
            Path.Combine(dataFolder, "state"), database.UserStates, options, TimeProvider.System, metrics,
            NullLogger<StateSnapshots>.Instance);
        var live = await snapshots.ReadAsync(
            await database.EventLog.ReadHeadAsync(TestContext.Current.CancellationToken),
            () => [new CoVisitation(Options.Create(new CoVisitationOptions())), new SegmentCounts(Options.Create(new SegmentOptions()))],
            TestContext.Current.CancellationToken);
        var tail = new EventTail(database.EventLog, live, snapshots, Options.Create(options), TimeProvider.System, metrics,
            NullLogger<EventTail>.Instance);
        await tail.CatchUpAsync(null, TestContext.Current.CancellationToken);
        return new ServingState(live, new ModelPool<ServingModel>(), [], tail, metrics, database);
    }

    private static async Task<BareServer> StartAsync(
        TemporaryFolder? folder, string dataFolder, Action<IEndpointRouteBuilder>? routes, (string Option, string? Value)[] options)
    {
        var alone = ServerSettings.Within(dataFolder);
        var settings = alone with
        {
            Overrides = alone.Overrides.Concat(options.Select(option => KeyValuePair.Create(option.Option, option.Value)))
                .GroupBy(option => option.Key).ToDictionary(option => option.Key, option => option.Last().Value),
        };
        var state = await StateOverAsync(dataFolder);
        var app = ApiServer.Build(settings, state, routes);
        return new BareServer(folder, dataFolder, state, app,
            await ApiServer.StartAsync(app, settings, TestContext.Current.CancellationToken));
    }

    public HttpClient Client(string? subject = null, params string[] scopes) =>
        ClientWith(subject is null ? null : ServerFixture.Token(subject, scopes));

    public HttpClient ClientWith(string? token)
    {
        var client = new HttpClient { BaseAddress = Address };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        await state.DisposeAsync();
        folder?.Dispose();
    }
}
