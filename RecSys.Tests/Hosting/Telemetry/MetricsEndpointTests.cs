using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using RecSys.Api.Hosting;
using RecSys.Api.Hosting.Telemetry;
using RecSys.Core.Domain;
using RecSys.Tests.EndToEnd;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Hosting.Telemetry;

/// <summary>Real servers, in processes of their own where counts matter, asked for <c>/metrics</c>.</summary>
[Collection(ServedCollection.Name)]
public sealed class MetricsEndpointTests(ServerFixture server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scrape_AfterRequests_CountsEachAsOftenAsItWasMade()
    {
        var port = LoopbackPort.Free();
        await using var rig = await ProcessRig.CopyAsync(server);
        await rig.ServeAsync(null, "--set", $"Monitoring:MetricsPort={port}");
        var users = server.World.Users.Take(40).Select(user => user.Id).ToList();
        foreach (var user in users) await rig.RecommendAsync(user, count: 7);
        using var anonymous = new HttpClient { BaseAddress = rig.Server.Address };
        for (var i = 0; i < 3; i++) (await anonymous.GetAsync("/recommend?user_id=u", Token)).Dispose();
        anonymous.DefaultRequestHeaders.Authorization = new("Bearer", "no.such.token");
        for (var i = 0; i < 2; i++) (await anonymous.GetAsync("/recommend?user_id=u", Token)).Dispose();
        anonymous.DefaultRequestHeaders.Authorization = new("Bearer", ServerFixture.Token("alice", "recommend:read"));
        for (var i = 0; i < 4; i++) (await anonymous.GetAsync("/recommend?user_id=bob", Token)).Dispose();
        (await rig.PostAsync(Click(users[0]))).Dispose();

        var own = await ScrapeAsync($"http://127.0.0.1:{port}/metrics");
        var main = await ScrapeAsync(rig.At("/metrics").ToString());

        // Other tests add items to the folder that is copied.
        var stored = await CountItemsAsync(rig.Data);
        Assert.All((Exposition[])[own, main], metrics =>
        {
            Assert.Equal(40, metrics.Sum("recsys_recommendation_duration_seconds_count"));
            Assert.Equal(40, metrics.Sum("recsys_recommendations_total"));
            Assert.Equal(40, metrics.Sum("recsys_stage_duration_seconds_count", ("stage", "rank")));
            Assert.Equal(280, metrics.Sum("recsys_places_served_total", ("slot", "ranked")));
            Assert.Equal(40, metrics.Sum("http_server_request_duration_seconds_count",
                ("http_route", "/recommend"), ("http_response_status_code", "200")));
            Assert.Equal(5, metrics.Sum("http_server_request_duration_seconds_count",
                ("http_route", "/recommend"), ("http_response_status_code", "401")));
            Assert.Equal((3, 2, 4), (
                metrics.Sum("recsys_authentication_failures_total", ("reason", "no_token")),
                metrics.Sum("recsys_authentication_failures_total", ("reason", "bad_token")),
                metrics.Sum("recsys_authentication_failures_total", ("reason", "not_allowed"))));
            Assert.Equal(1, metrics.Sum("recsys_log_changes_total", ("outcome", "accepted")));
            Assert.Equal(1, metrics.Sum("recsys_model_champion", ("version", "v1.0.0")));
            Assert.Equal(stored, metrics.Sum("recsys_catalogue_items"));
        });
        // Conventions, and the bounds that objectives refer to.
        Assert.All(
            (string[])["http_server_request_duration_seconds", "kestrel_active_connections", "process_cpu_time_seconds_total",
                "dotnet_gc_pause_time_seconds_total", "recsys_data_folder_free_bytes"],
            name => Assert.Contains(own.Types.Keys, type => type == name));
        Assert.All((string[])["recsys_stage_duration_seconds", "recsys_recommendation_duration_seconds",
            "http_server_request_duration_seconds", "recsys_log_commit_duration_seconds"],
            name => Assert.Empty(((string[])["0.005", "0.01", "0.02", "0.04", "0.05", "0.08", "0.1", "0.15"])
                .Except(own.Of(name + "_bucket").Select(bucket => bucket.Labels["le"]))));
        // The page tells of all of them, with these tags.
        var pages = MetricsPage.Instruments().ToDictionary(MetricsPage.NameInPrometheus);
        Assert.Empty(own.Types.Keys.Where(name => name.StartsWith("recsys_", StringComparison.Ordinal)).Except(pages.Keys));
        Assert.Equal(HttpStatusCode.NotFound, await StatusOfAsync(port, "/"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusOfAsync(port, "/recommend?user_id=u"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusOfAsync(port, "/livez"));
    }

    [Fact]
    public async Task Scrape_AfterAThousandOddRequests_HasNoSeriesOfThem()
    {
        await using var rig = await ProcessRig.CopyAsync(server);
        await rig.ServeAsync(null, "--set", "Limits:Recommend:ServiceBurst=100000");
        await AttackAsync(rig, "first", 5);
        var before = await ScrapeAsync(rig.At("/metrics").ToString());

        await AttackAsync(rig, "odd", 1000);

        var after = await ScrapeAsync(rig.At("/metrics").ToString());
        var grown = after.Series.Except(before.Series).ToList();
        Assert.DoesNotContain(after.Series, series => series.Contains("odd", StringComparison.OrdinalIgnoreCase));
        // Stages that were late for the first time, and figures that the runtime had none of before.
        Assert.True(grown.Count < 200, string.Join('\n', grown));
        const string Requests = "http_server_request_duration_seconds_count";
        Assert.True(after.Sum(Requests) >= before.Sum(Requests) + 4000);
    }

    [Fact]
    public async Task Start_MetricsPortTaken_IsRefusedInProductionAndAWarningInDevelopment()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        using var folder = new TemporaryFolder();
        await using var state = await BareServer.StateOverAsync(folder.Path);
        ServerSettings In(string environment) => new(folder.Path, Port: 0, Environment: environment)
        {
            Overrides = new Dictionary<string, string?> { ["Monitoring:MetricsPort"] = port },
        };

        var refusal = Assert.Throws<RecSysException>(() => ApiServer.Build(In("Production"), state));
        await using var app = ApiServer.Build(In("Development"), state);
        var address = await ApiServer.StartAsync(app, In("Development"), Token);

        Assert.Contains("Monitoring:MetricsPort", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(port, refusal.Message, StringComparison.Ordinal);
        Assert.NotEmpty((await ScrapeAsync($"{address}/metrics")).Samples);
        Assert.Single(app.Urls);
        await app.StopAsync(Token);
    }

    [Fact]
    public async Task Start_MetricsPortIsTheServersOwn_IsRefused()
    {
        using var folder = new TemporaryFolder();
        await using var state = await BareServer.StateOverAsync(folder.Path);
        var settings = new ServerSettings(folder.Path, Port: 9464, Environment: "Development");

        var refusal = Assert.Throws<RecSysException>(() => ApiServer.Build(settings, state));
        Assert.Contains("own port", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Metrics_InProduction_AreOnTheirOwnPortOrNowhere(bool withPort)
    {
        var port = withPort ? LoopbackPort.Free() : 0;
        using var folder = new TemporaryFolder();
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        await File.WriteAllTextAsync(folder["issuer.pem"], key.ExportSubjectPublicKeyInfoPem(), Token);
        await using var state = await BareServer.StateOverAsync(folder.Path);
        var settings = new ServerSettings(folder.Path, Port: 0, Environment: "Production")
        {
            Overrides = new Dictionary<string, string?>
            {
                ["Monitoring:MetricsPort"] = port.ToString(System.Globalization.CultureInfo.InvariantCulture),
                ["Authentication:PublicKeyFiles:0"] = folder["issuer.pem"],
            },
        };
        await using var app = ApiServer.Build(settings, state);
        var address = await ApiServer.StartAsync(app, settings, Token);
        using var client = new HttpClient();

        using var main = await client.GetAsync($"{address}/metrics", Token);

        Assert.Equal(HttpStatusCode.Unauthorized, main.StatusCode);
        Assert.Equal(withPort ? 2 : 1, app.Urls.Count);
        if (withPort) Assert.NotEmpty((await ScrapeAsync($"http://127.0.0.1:{port}/metrics")).Of("recsys_data_folder_free_bytes"));
        else Assert.Null(app.Services.GetService(typeof(OpenTelemetry.Metrics.MeterProvider)));
        Assert.Null(app.Services.GetService(typeof(OpenTelemetry.Trace.TracerProvider)));
        await app.StopAsync(Token);
    }

    [Fact]
    public async Task Metrics_TwoServersInOneProcess_EachTellOfThemselves()
    {
        using var folder = new TemporaryFolder();
        await using var state = await BareServer.StateOverAsync(folder.Path);
        var ports = (LoopbackPort.Free(), LoopbackPort.Free());
        var (first, other) = (On(ports.Item1), On(ports.Item2));
        await using var one = ApiServer.Build(first, state);
        await using var two = ApiServer.Build(other, state);
        var address = await ApiServer.StartAsync(one, first, Token);
        await ApiServer.StartAsync(two, other, Token);
        using (var client = new HttpClient()) (await client.GetAsync($"{address}/recommend?user_id=u", Token)).Dispose();

        var asked = await ScrapeAsync($"http://127.0.0.1:{ports.Item1}/metrics");
        var idle = await ScrapeAsync($"http://127.0.0.1:{ports.Item2}/metrics");

        Assert.Equal(1, asked.Sum("recsys_authentication_failures_total"));
        Assert.Equal(0, idle.Sum("recsys_authentication_failures_total"));
        Assert.Single(asked.Of("recsys_data_folder_free_bytes"));
        Assert.Single(idle.Of("recsys_data_folder_free_bytes"));
        await one.StopAsync(Token);
        await two.StopAsync(Token);

        ServerSettings On(int port) => new(folder.Path, Port: 0, Environment: "Development")
        {
            Overrides = new Dictionary<string, string?>
            {
                ["Monitoring:MetricsPort"] = port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            },
        };
    }

    private static async Task<HttpStatusCode> StatusOfAsync(int port, string path)
    {
        using var client = new HttpClient();
        using var response = await client.GetAsync($"http://127.0.0.1:{port}{path}", Token);
        return response.StatusCode;
    }

    private Event Click(string user) => new()
    {
        Id = "e1", UserId = user, ItemId = server.World.Items[0].Id, Type = EventType.Click, Time = TimeProvider.System.GetUtcNow(),
    };

    private static async Task<Exposition> ScrapeAsync(string address)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Accept.ParseAdd("text/plain; version=0.0.4");
        using var response = await client.GetAsync(address, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
        return Exposition.Parse(await response.Content.ReadAsStringAsync(Token));
    }

    // Devices, users, paths, methods and ids that nobody has heard of.
    private static async Task AttackAsync(ProcessRig rig, string word, int times)
    {
        for (var i = 0; i < times; i++)
        {
            (await rig.Client.GetAsync(rig.At($"/recommend?user_id={word}-{i}&device={word}-{i}&location={word}-{i}"), Token)).Dispose();
            (await rig.Client.GetAsync(rig.At($"/{word}/{i}"), Token)).Dispose();
            (await rig.Client.GetAsync(rig.At($"/items/{word}-{i}/similar"), Token)).Dispose();
            using var odd = new HttpRequestMessage(new HttpMethod($"{word}{i}"), rig.At("/recommend"));
            (await rig.Client.SendAsync(odd, Token)).Dispose();
        }
    }

    private static async Task<long> CountItemsAsync(string dataFolder)
    {
        var file = Path.Combine(dataFolder, "recsys.db");
        await using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync(Token);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM items";
        return (long)(await command.ExecuteScalarAsync(Token))!;
    }
}
