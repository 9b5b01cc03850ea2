using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;
using RecSys.Tests.EndToEnd;

namespace RecSys.Tests.Hosting.Limits;

public sealed class LimitRouteTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Client_OverItsBudget_Gets429AndOthersDoNot()
    {
        await using var server =
            await BareServer.StartAsync(options: [("Limits:Recommend:Burst", "3"), ("Limits:Recommend:PerSecond", "0.01")]);
        using var alice = server.Client("alice", "recommend:read");
        using var bob = server.Client("bob", "recommend:read");

        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.OK, await StatusAsync(alice, "/popular"));
        using var refused = await alice.GetAsync("/popular", Token);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 101);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(bob, "/popular"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(alice, "/livez"));
    }

    [Fact]
    public async Task Server_WithMoreThanItsQueueHolds_Refuses503AtOnceAndServesTheRest()
    {
        await using var held = await HeldServer.StartAsync();
        var two = held.Ask("first", 1).Concat(held.Ask("second", 1)).ToList();
        await held.InsideAsync(2);

        // Seventeen of twenty are answered while nobody is served: the two places and the three in the queue are taken.
        var many = Enumerable.Range(0, 20).SelectMany(i => held.Ask($"u{i}", 1)).ToList();
        var refused = await FirstAsync(many, 17);

        Assert.All(refused,
            response => Assert.Equal((HttpStatusCode.ServiceUnavailable, 1),
            (response.StatusCode, (int)response.Headers.RetryAfter!.Delta!.Value.TotalSeconds)));
        using var problem = JsonDocument.Parse(await refused[0].Content.ReadAsStringAsync(Token));
        Assert.Equal(503, problem.RootElement.GetProperty("status").GetInt32());
        using var other = held.Server.Client("alice", "recommend:read");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(other, "/popular"));
        held.Open();
        Assert.All(await Task.WhenAll([.. two, .. many]), response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
    }

    [Fact]
    public async Task Client_WithManyAtOnce_GetsItsShareAndOthersFindAPlace()
    {
        await using var held = await HeldServer.StartAsync();

        var heavy = held.Ask("heavy", 20).ToList();
        var refused = await FirstAsync(heavy, 17);
        var other = held.Ask("other", 1).Single();
        await held.InsideAsync(2);
        held.Open();

        Assert.All(refused, response => Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode));
        Assert.Equal(HttpStatusCode.OK, (await other).StatusCode);
        Assert.All(await Task.WhenAll(heavy), response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
    }

    [Theory]
    [InlineData("GET /nothing")]
    [InlineData("GET /popular")]
    [InlineData("POST /wait")]
    public async Task BodiesThatDoNotEnd_TakeNoPlace(string slow)
    {
        await using var server = await BareServer.StartAsync(
            routes => routes.MapPost("/wait", (HttpContext http) => "done").RequireAuthorization("recommend:read").AcceptsJson()
                .CountsAs(OperationClass.Recommend),
            ("Limits:Recommend:Concurrency", "2"), ("Limits:Recommend:Queue", "2"));
        using var other = server.Client("alice", "recommend:read");
        var sockets = new List<Socket>();
        try
        {
            for (var i = 0; i < 20; i++)
            {
                var socket = await RawHttp.ConnectAsync(server.Address);
                sockets.Add(socket);
                var token = ServerFixture.Token($"u{i}", "recommend:read");
                await socket.SendAsync(Encoding.ASCII.GetBytes($"{slow} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
                    + "Content-Type: application/json\r\nContent-Length: 60000\r\n\r\n{"), Token);
            }
            // Long enough for all of them to be looked at; a shorter wait could only hide a failure.
            await Task.Delay(200, Token);

            for (var i = 0; i < 5; i++) Assert.Equal(HttpStatusCode.OK, await StatusAsync(other, "/popular"));
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
        }
    }

    [Fact]
    public void ShareOf_OneClient_LeavesPlacesToOthers()
    {
        using var shedder = new LoadShedder(new LimitOptions());

        Assert.Equal(384, shedder.ShareOf(OperationClass.Events));
        Assert.Equal(48, shedder.ShareOf(OperationClass.Catalogue));
    }

    [Fact]
    public async Task Connection_ThatGoesOnAfterRefusals_IsClosed()
    {
        await using var server =
            await BareServer.StartAsync(options: [("Limits:Recommend:Burst", "1"), ("Limits:Recommend:PerSecond", "0.01")]);

        var answer =
            await RawHttp.ExchangeAsync(server.Address, string.Concat(Enumerable.Repeat("GET /popular HTTP/1.1\r\nHost: x\r\n\r\n", 200)));

        // One is let through to be told that it lacks a token, and so many are refused before the end.
        Assert.Equal(1 + RejectedConnection.MostInARow, answer.Split("HTTP/1.1 ").Length - 1);
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path, Token);
        return response.StatusCode;
    }

    private static async Task<List<HttpResponseMessage>> FirstAsync(List<Task<HttpResponseMessage>> waiting, int count)
    {
        var first = new List<HttpResponseMessage>();
        while (first.Count < count)
        {
            var done = await Task.WhenAny(waiting).WaitAsync(Token);
            waiting.Remove(done);
            first.Add(await done);
        }
        return first;
    }

    /// <summary>A server with two places and a queue of three, whose route waits until it is let go.</summary>
    private sealed class HeldServer : IAsyncDisposable
    {
        private readonly TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly SemaphoreSlim inside = new(0);
        private readonly List<HttpClient> clients = [];

        public BareServer Server { get; private set; } = null!;

        public static async Task<HeldServer> StartAsync()
        {
            var held = new HeldServer();
            held.Server = await BareServer.StartAsync(
                routes => routes.MapGet("/wait", async () =>
                {
                    held.inside.Release();
                    await held.gate.Task;
                    return "done";
                }).RequireAuthorization("recommend:read").CountsAs(OperationClass.Catalogue),
                ("Limits:Catalogue:Concurrency", "2"),
                ("Limits:Catalogue:Queue", "3"));
            return held;
        }

        public IEnumerable<Task<HttpResponseMessage>> Ask(string subject, int times)
        {
            var client = Server.Client(subject, "recommend:read");
            clients.Add(client);
            return [.. Enumerable.Range(0, times).Select(_ => client.GetAsync("/wait", Token))];
        }

        public async Task InsideAsync(int count)
        {
            for (var i = 0; i < count; i++) await inside.WaitAsync(Token);
        }

        public void Open() => gate.SetResult();

        public async ValueTask DisposeAsync()
        {
            gate.TrySetResult();
            foreach (var client in clients) client.Dispose();
            await Server.DisposeAsync();
            inside.Dispose();
        }
    }
}
