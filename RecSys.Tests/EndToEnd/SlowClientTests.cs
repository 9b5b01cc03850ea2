using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using RecSys.Api.Commands.Bench;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.EndToEnd;

/// <summary>Clients that cost more than they should: they do not read what they asked for, or never finish asking.</summary>
[Collection(ServedCollection.Name)]
public sealed class SlowClientTests(ServerFixture server)
{
    private const int Readers = 200;
    private const int Slow = 1000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadersThatNeverRead_CostBoundedMemoryAndOthersAreServed()
    {
        // The collector has no more room than this, so that what grows is what is held and not what it has put off.
        await using var running = await StartAsync(("DOTNET_GCHeapHardLimit", "0x10000000"));
        using var client = Client(running, "other");
        await AskAsync(client, 50);
        var before = running.ResidentBytes;

        var request = $"GET /recommend?user_id={server.World.Users[0].Id}&num_items=100 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {ServerFixture.Token("greedy", "recommend:read", "service")}\r\n\r\n";
        var ahead = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(request, 200)));
        var sockets = new List<Socket>();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        try
        {
            for (var i = 0; i < Readers; i++) sockets.Add(await RawHttp.ConnectAsync(running.Address));
            var sending = sockets.Select(socket => PourAsync(socket, ahead, end.Token)).ToList();

            await AskAsync(client, 300);

            Assert.True(running.ResidentBytes - before < 300L << 20, $"{(running.ResidentBytes - before) >> 20} MB more");
            await end.CancelAsync();
            await Task.WhenAll(sending);
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
        }
        await AskAsync(client, 50);
    }

    [Fact]
    public async Task RequestsThatNeverEnd_TakeNothingFromOthers()
    {
        await using var running = await StartAsync();
        using var client = Client(running, "other");
        var sockets = new List<Socket>();
        try
        {
            for (var i = 0; i < Slow; i++)
            {
                var socket = await RawHttp.ConnectAsync(running.Address);
                sockets.Add(socket);
                await socket.SendAsync(Encoding.ASCII.GetBytes("GET /recommend HTTP/1.1\r\nHost: x\r\nX-Slow: "), Token);
            }

            await AskAsync(client, 200);

            // And they do not stay: the server has given up on each, and says so.
            foreach (var socket in sockets) Assert.StartsWith("HTTP/1.1 408 ", await RawHttp.ReadAsync(socket), StringComparison.Ordinal);
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
        }
    }

    private async Task<ServerProcess> StartAsync(params (string Name, string Value)[] environment)
    {
        await server.StartAsync();
        return await ServerProcess.StartAsync(server.DataFolder, environment.ToDictionary(each => each.Name, each => each.Value), Token);
    }

    private static HttpClient Client(ServerProcess running, string subject)
    {
        var client = new HttpClient { BaseAddress = running.Address };
        client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", ServerFixture.Token(subject, "recommend:read", "service"));
        return client;
    }

    private async Task AskAsync(HttpClient client, int times)
    {
        for (var i = 0; i < times; i++)
        {
            using var response = await client.GetAsync($"/recommend?user_id={server.World.Users[1 + (i % 100)].Id}&num_items=5", Token);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    private static async Task PourAsync(Socket socket, byte[] ahead, CancellationToken end)
    {
        try
        {
            while (!end.IsCancellationRequested) await socket.SendAsync(ahead, end);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            // The server closed the connection, or the test is over.
        }
    }
}
