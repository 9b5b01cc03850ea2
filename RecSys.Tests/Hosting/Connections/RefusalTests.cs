using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RecSys.Api.Hosting.Requests;
using RecSys.Tests.EndToEnd;

namespace RecSys.Tests.Hosting.Connections;

/// <summary>What the server refuses by itself has a body, too, and a client that closes its half gets its answer.</summary>
public sealed class RefusalTests : IAsyncLifetime
{
    private BareServer server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Bearer { get; } = $"Authorization: Bearer {ServerFixture.Token("alice", "recommend:read")}\r\n";

    public async ValueTask InitializeAsync() => server = await BareServer.StartAsync(routes =>
    {
        routes.MapPost("/echo", (Delegate)EchoAsync).RequireAuthorization("recommend:read").AcceptsJson(maxBytes: 1000);
        routes.MapGet("/fail", (HttpContext _) => throw new InvalidOperationException("secret")).RequireAuthorization("recommend:read");
        routes.MapGet("/late", async (HttpContext http) =>
        {
            await Task.Delay(300, http.RequestAborted);
            return "late";
        }).RequireAuthorization("recommend:read");
    });

    public static TheoryData<string, int> Requests => new()
    {
        { $"GET /popular?{new string('x', 9000)} HTTP/1.1\r\nHost: x\r\n\r\n", 414 },
        { $"GET /popular HTTP/1.1\r\nHost: x\r\nX: {new string('x', 40_000)}\r\n\r\n", 431 },
        { $"GET /popular HTTP/1.1\r\nHost: x\r\n{string.Concat(Enumerable.Range(0, 200).Select(i => $"X{i}: y\r\n"))}\r\n", 431 },
        { "GARBAGE\r\n\r\n", 400 },
        { "GET /popular HTTP/1.1\r\n\r\n", 400 },
        { "GET /popular HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400 },
        { "GET /pop\0ular HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET /popular HTTP/1.1\r\nHost: x\r\nBad Header: y\r\n\r\n", 400 },
        { "GET /items/%00/similar HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET /items/%zz/similar HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 400 },
        { "GET /items/%ED%A0%80/similar HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 400 },
        { "GET /popular HTTP/3.7\r\nHost: x\r\n\r\n", 505 },
        { "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n", 400 },
        { "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n", 401 },
        { "GET /popular HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 70000\r\n\r\n", 413 },
        { "DELETE /popular HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 70000\r\n\r\n", 413 },
        { "PUT /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 70000\r\n\r\n", 413 },
        { $"GET /popular HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n11171\r\n{new string('x', 0x11171)}\r\n0\r\n\r\n", 413 },
        { "GET /popular HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n", 400 },
        { $"DELETE /popular HTTP/1.1\r\nHost: x\r\n{Bearer}Connection: close\r\nContent-Length: 5\r\n\r\nhello", 405 },
        { $"GET /popular HTTP/1.1\r\nHost: x\r\n{Bearer}Connection: close\r\nContent-Length: 5\r\n\r\nhello", 200 },
        { $"GET /popular?x=1 HTTP/1.1\r\nHost: x\r\n{Bearer}Connection: close\r\n\r\n", 400 },
        { $"GET /popular?num_items=5%00 HTTP/1.1\r\nHost: x\r\n{Bearer}Connection: close\r\n\r\n", 400 },
        { "GET /livez?x=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 400 },
        { $"GET /fail HTTP/1.1\r\nHost: x\r\n{Bearer}Connection: close\r\nAccept: text/html\r\n\r\n", 500 },
        { Post("{"), 400 },
        { Post(""), 400 },
        { Post("""{"name":"a","count":1}"""), 200 },
        { Post("""{"name":"a","count":1}""", "text/plain"), 415 },
        { Post("""{"name":"a","count":1}""", "application/json; charset=utf-16"), 415 },
        { Post("""{"name":"a","count":1}""", "application/json\r\nContent-Encoding: gzip"), 415 },
        { Post(new string(' ', 1001)), 413 },
        { $"POST /echo HTTP/1.1\r\nHost: x\r\n{Bearer}Content-Type: application/json\r\nTransfer-Encoding: "
            + $"chunked\r\n\r\n3e9\r\n{new string(' ', 1001)}\r\n0\r\n\r\n", 413 },
    };

    [Theory]
    [MemberData(nameof(Requests), DisableDiscoveryEnumeration = true)]
    public async Task Request_Refused_HasAStatusAndAProblem(string request, int status)
    {
        var answer = await RawHttp.ExchangeAsync(server.Address, request);

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        if (status is 200 or 505) return;
        var (head, body) = (answer[..answer.IndexOf("\r\n\r\n", StringComparison.Ordinal)],
            answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
        Assert.Contains("application/problem+json", head, StringComparison.Ordinal);
        Assert.Contains("nosniff", head, StringComparison.Ordinal);
        var json = head.Contains("chunked", StringComparison.Ordinal)
            ? body[(body.IndexOf('\n', StringComparison.Ordinal) + 1)..body.LastIndexOf("\r\n0\r\n", StringComparison.Ordinal)] : body;
        using var problem = JsonDocument.Parse(json);
        Assert.Equal(status, problem.RootElement.GetProperty("status").GetInt32());
        Assert.DoesNotContain("secret", answer, StringComparison.Ordinal);
        if (status == 405) Assert.Contains("\r\nAllow: GET\r\n", head, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/popular", "\"items\"")]
    [InlineData("/late", "late")]
    public async Task Request_FollowedByTheEndOfInput_IsAnswered(string path, string expected)
    {
        var answer = await RawHttp.ExchangeAsync(server.Address, $"GET {path} HTTP/1.1\r\nHost: x\r\n{Bearer}\r\n", halfClose: true);

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.Contains(expected, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RequestWithBody_FollowedByTheEndOfInput_IsAnswered()
    {
        Assert.StartsWith("HTTP/1.1 200 ", await RawHttp.ExchangeAsync(server.Address, Post("""{"name":"a","count":1}"""), halfClose: true),
            StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 405 ",
            await RawHttp.ExchangeAsync(server.Address, Post("{}").Replace("/echo", "/popular", StringComparison.Ordinal), halfClose: true),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task RequestsInOnePiece_TheLastMalformed_AreAnsweredInOrder()
    {
        var good = $"GET /popular HTTP/1.1\r\nHost: x\r\n{Bearer}\r\n";

        var answer = await RawHttp.ExchangeAsync(server.Address, $"{good}{good}GARBAGE\r\n\r\n");

        Assert.Equal(["200", "200", "400"], answer.Split("HTTP/1.1 ").Skip(1).Select(part => part[..3]));
        Assert.EndsWith("}", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_ForSlowHeaders_Is408WithABody()
    {
        using var socket = await RawHttp.ConnectAsync(server.Address);
        await socket.SendAsync(Encoding.ASCII.GetBytes("GET /popular HTTP/1.1\r\nHost:"), Token);

        var answer = await RawHttp.ReadAsync(socket);

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync() => await server.DisposeAsync();

    private static async Task<IResult> EchoAsync(HttpContext http)
    {
        if (!(await JsonBody.ReadDocumentAsync(http)).Succeeded(out var body, out var problem)) return problem;
        using (body) return Results.Text(body.RootElement.GetProperty("name").GetString());
    }

    private static string Post(string body, string type = "application/json") =>
        $"POST /echo HTTP/1.1\r\nHost: x\r\n{Bearer}Connection: close\r\nContent-Type: {type}\r\nContent-Length: "
            + $"{body.Length}\r\n\r\n{body}";
}
