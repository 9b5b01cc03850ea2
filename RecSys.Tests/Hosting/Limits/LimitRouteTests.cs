using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using RecSys.Api.Hosting.Limits;

namespace RecSys.Tests.Hosting.Limits;

public sealed class LimitRouteTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Client_OverItsBudget_Gets429AndOthersDoNot()
    {
        await using var server = await BareServer.StartAsync(options: [("Limits:Recommend:Burst", "3"), ("Limits:Recommend:PerSecond", "0.01")]);
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
        var gate = new TaskCompletionSource();
        var inside = new SemaphoreSlim(0);
        await using var server = await BareServer.StartAsync(
            routes => routes.MapGet("/wait", async () =>
            {
                inside.Release();
                await gate.Task;
                return "done";
            }).RequireAuthorization("recommend:read").CountsAs(OperationClass.Catalogue),
            ("Limits:Catalogue:Concurrency", "2"),
            ("Limits:Catalogue:Queue", "3"));
        using var client = server.Client("alice", "recommend:read");

        var two = Enumerable.Range(0, 2).Select(_ => StatusAsync(client, "/wait")).ToList();
        for (var i = 0; i < 2; i++) await inside.WaitAsync(Token);
        var many = Enumerable.Range(0, 20).Select(_ => client.GetAsync("/wait", Token)).ToList();
        // Seventeen are answered while nobody is served: the two places and the three in the queue are taken.
        var refused = new List<HttpResponseMessage>();
        while (refused.Count < 17)
        {
            var done = await Task.WhenAny(many).WaitAsync(Token);
            many.Remove(done);
            refused.Add(await done);
        }

        Assert.All(refused, response => Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), (response.StatusCode, (int)response.Headers.RetryAfter!.Delta!.Value.TotalSeconds)));
        using var problem = JsonDocument.Parse(await refused[0].Content.ReadAsStringAsync(Token));
        Assert.Equal(503, problem.RootElement.GetProperty("status").GetInt32());
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "/popular"));
        gate.SetResult();
        Assert.All(await Task.WhenAll(two), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.All(await Task.WhenAll(many), response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
    }

    [Fact]
    public async Task Connection_ThatGoesOnAfterRefusals_IsClosed()
    {
        await using var server = await BareServer.StartAsync(options: [("Limits:Recommend:Burst", "1"), ("Limits:Recommend:PerSecond", "0.01")]);

        var answer = await RawHttp.ExchangeAsync(server.Address, string.Concat(Enumerable.Repeat("GET /popular HTTP/1.1\r\nHost: x\r\n\r\n", 200)));

        // One is let through to be told that it lacks a token, and so many are refused before the end.
        Assert.Equal(1 + RejectedConnection.MostInARow, answer.Split("HTTP/1.1 ").Length - 1);
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path, Token);
        return response.StatusCode;
    }
}
