using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using RecSys.Api.Hosting;
using RecSys.Core.Domain;
using RecSys.Core.Models;
using RecSys.Tests.EndToEnd;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Hosting;

/// <summary>The real server without data and model, on a loopback port, with routes and settings of the test.</summary>
internal sealed class BareServer : IAsyncDisposable
{
    private readonly TemporaryFolder folder;
    private readonly WebApplication app;

    private BareServer(TemporaryFolder folder, WebApplication app, string address) => (this.folder, this.app, Address) = (folder, app, new Uri(address));

    public Uri Address { get; }

    public string DataFolder => folder.Path;

    public IServiceProvider Services => app.Services;

    public static async Task<BareServer> StartAsync(Action<IEndpointRouteBuilder>? routes = null, params (string Option, string? Value)[] options)
    {
        var folder = new TemporaryFolder();
        var settings = new ServerSettings(folder.Path, Port: 0, Environment: "Development") { Overrides = options.ToDictionary(option => option.Option, option => option.Value) };
        var app = Build(settings, routes);
        return new BareServer(folder, app, await ApiServer.StartAsync(app, settings, TestContext.Current.CancellationToken));
    }

    public static WebApplication Build(ServerSettings settings, Action<IEndpointRouteBuilder>? routes = null) => ApiServer.Build(
        settings, ServingState.Of(new InteractionLog(ItemCatalog.Create([]), new UserDirectory([]), []), new ModelPool<ServingModel>()), routes);

    public HttpClient Client(string? subject = null, params string[] scopes) => ClientWith(subject is null ? null : ServerFixture.Token(subject, scopes));

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
        folder.Dispose();
    }
}
