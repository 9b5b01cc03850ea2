using System.Net;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Api.Hosting.Requests;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.Endpoints;

/// <summary>
/// Bad input for every route that the server has, made from what the routes say of themselves: a route that comes is tested without a row
/// of its own.
/// </summary>
public sealed class BadInputTests : IAsyncLifetime
{
    private static readonly byte[][] BadBodies =
    [
        [], "null"u8.ToArray(), "[]"u8.ToArray(), "true"u8.ToArray(), "1"u8.ToArray(), "\"x\""u8.ToArray(), "{"u8.ToArray(),
            "{}x"u8.ToArray(), "{\"a\":1,}"u8.ToArray(), "/* */{}"u8.ToArray(),
        "{\"a\":1,\"a\":1}"u8.ToArray(), "{\"a\":NaN}"u8.ToArray(), "{\"a\":Infinity}"u8.ToArray(), "{\"a\":1e309}"u8.ToArray(),
        "{\"a\":01}"u8.ToArray(), "{\"\\ud800\":1}"u8.ToArray(),
        "{\"a\":\"\\ud800\"}"u8.ToArray(), [0xEF, 0xBB, 0xBF, (byte)'{', (byte)'}'], Encoding.Unicode.GetBytes("{}"),
        [(byte)'{', (byte)'"', 0xC3, 0x28, (byte)'"', (byte)':', (byte)'1', (byte)'}'],
        Encoding.UTF8.GetBytes(new string('[', 65) + new string(']', 65)),
        Encoding.UTF8.GetBytes("{\"a\":" + new string('[', 64) + new string(']', 64) + "}"), "{\"no_such_field\":1}"u8.ToArray(),
    ];

    private BareServer server = null!;
    private HttpClient admin = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await BareServer.StartAsync(null, [.. ((string[])["Recommend", "Events", "Catalogue", "Admin", "SignIn"]).SelectMany(
            operation => (string[])["PerSecond", "Burst", "ServicePerSecond", "ServiceBurst"],
            (operation, limit) => ($"Limits:{operation}:{limit}", (string?)"100000"))]);
        admin = server.Client("root", "admin");
    }

    public async ValueTask DisposeAsync()
    {
        admin.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Bodies_ThatAreNoJsonOfTheRoute_Are400WithAPlace()
    {
        var tested = 0;
        foreach (var (method, route, body) in Routes().Where(each => each.Body is { ContentType: "application/json" }))
        {
            await admin.CallAsync("PUT", Path(route), """{"title":"t","category":"c"}""");
            await admin.CallAsync("PUT", Path(route), "{}");
            foreach (var bytes in BadBodies.Where(bytes => bytes.Length > 0 || !body!.IsOptional))
            {
                using var response = await SendAsync(method, Path(route), bytes, "application/json");
                await AssertProblemAsync(response, HttpStatusCode.BadRequest,
                    $"{method} {route.RoutePattern.RawText} {Encoding.Latin1.GetString(bytes.AsSpan(0, Math.Min(40, bytes.Length)))}");
                tested++;
            }
            using var large =
                await SendAsync(method, Path(route), Encoding.UTF8.GetBytes(new string(' ', (int)body!.MaxBytes + 1)), "application/json");
            await AssertProblemAsync(large, HttpStatusCode.RequestEntityTooLarge, $"{method} {route.RoutePattern.RawText} large");
            foreach (var type in (string?[])["text/plain", "application/json; charset=utf-16", "multipart/form-data; boundary=x", null])
            {
                using var response = await SendAsync(method, Path(route), "{}"u8.ToArray(), type);
                await AssertProblemAsync(response, HttpStatusCode.UnsupportedMediaType, $"{method} {route.RoutePattern.RawText} {type}");
            }
        }
        Assert.True(tested >= 6 * BadBodies.Length);
    }

    [Theory]
    [InlineData("a%00b")]
    [InlineData("a%0D%0Ab")]
    [InlineData("a%0Ab")]
    [InlineData("..%2F..%2Fetc")]
    [InlineData("%ED%A0%80")]
    [InlineData("%zz")]
    [InlineData("%")]
    public async Task Ids_InAddresses_ThatAreNone_Are400(string id)
    {
        var tested = 0;
        foreach (var (method, route, body) in Routes()
            .Where(each => each.Route.RoutePattern.GetParameter("id") is not null
            && !each.Route.RoutePattern.RawText!.Contains("bulk", StringComparison.Ordinal)))
        {
            var path = route.RoutePattern.RawText!.Replace("{id}", id, StringComparison.Ordinal);
            var text = body is null ? "" : "Content-Type: application/json\r\nContent-Length: 2\r\n";
            var reply = await RawHttp.ExchangeAsync(server.Address, $"{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {admin.DefaultRequestHeaders.Authorization}\r\nConnection: close\r\n{text}\r\n{(body is null ? "" : "{}")}");
            Assert.True(reply.StartsWith("HTTP/1.1 400", StringComparison.Ordinal), $"{method} {path}\n{reply}");
            tested++;
        }
        Assert.True(tested >= 10);
        foreach (var (method, route, body) in Routes()
            .Where(each => each.Route.RoutePattern.GetParameter("id") is not null
            && !each.Route.RoutePattern.RawText!.Contains("bulk", StringComparison.Ordinal)))
        {
            using var response = await SendAsync(method,
                route.RoutePattern.RawText!.Replace("{id}", new string('x', 257), StringComparison.Ordinal), body is null
                ? null : "{}"u8.ToArray(), "application/json");
            await AssertProblemAsync(response, HttpStatusCode.BadRequest, $"{method} {route.RoutePattern.RawText} long");
        }
    }

    [Fact]
    public async Task Queries_ThatTheRouteDoesNotKnow_Are400()
    {
        var tested = 0;
        foreach (var (method, route, body) in Routes())
        {
            var known = route.Metadata.GetMetadata<AcceptedQuery>()?.Names ?? [];
            var queries = new List<string> { "colour=red", "%zz=1", "validate_onl=true" };
            foreach (var name in known) queries.AddRange([$"{name}=1&{name}=1", $"{name}=%ED%A0%80", $"{name}=a%00b", $"{name}="]);
            if (known.Contains("validate_only")) queries.AddRange(["validate_only=yes", "validate_only=1", "validate_only=True"]);
            if (known.Contains("limit"))
                queries.AddRange(
                    ["limit=0", "limit=-1", "limit=1001", "limit=ten", "limit=2147483648", "limit=1.5", "cursor=x", "cursor=cg",
                    "cursor=c-1"]);
            if (known.Contains("num_items"))
                queries.AddRange(
                    ["num_items=0", "num_items=-1", "num_items=101", "num_items=2147483648", "num_items=10.5", "num_items=ten"]);
            foreach (var query in queries)
            {
                using var response =
                    await SendAsync(method, $"{Path(route)}?{query}", body is null ? null : "{}"u8.ToArray(), body?.ContentType);
                await AssertProblemAsync(response, HttpStatusCode.BadRequest, $"{method} {route.RoutePattern.RawText}?{query}");
                tested++;
            }
        }
        Assert.True(tested > 100);
    }

    [Fact]
    public async Task Methods_ThatARouteHasNot_Are405WithAllow()
    {
        foreach (var group in Routes().GroupBy(each => Path(each.Route)))
        {
            var has = group.Select(each => each.Method).ToHashSet();
            foreach (var method in ((string[])["GET", "POST", "PUT", "PATCH", "DELETE"]).Except(has)
                .Where(method => !IsOfAnother(group.Key, method)))
            {
                using var response = await SendAsync(method, group.Key, null, null);
                await AssertProblemAsync(response, HttpStatusCode.MethodNotAllowed, $"{method} {group.Key}");
                Assert.Superset(has, response.Content.Headers.Allow.ToHashSet());
            }
        }
    }

    // /users/merge is /users/{id} for another method, what stands below /dashboard a file of it, and what stands before and behind the
    // colon of /models/{version}:promote a version.
    private static bool IsOfAnother(string path, string method) => path == "/users/merge" && method is not "POST"
        || path.StartsWith("/dashboard/", StringComparison.Ordinal) && method is "GET"
        || path.StartsWith("/models/x", StringComparison.Ordinal) && (method is "GET" or "POST");

    private static string Path(RouteEndpoint route) =>
        "/" + route.RoutePattern.RawText!.Trim('/').Replace("{id}", "x", StringComparison.Ordinal)
        .Replace("{version}", "x", StringComparison.Ordinal)
        .Replace("{number:long}", "1", StringComparison.Ordinal);

    private static async Task AssertProblemAsync(HttpResponseMessage response, HttpStatusCode expected, string what)
    {
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.StatusCode == expected, $"{what}: {(int)response.StatusCode} {text}");
        Assert.True(response.Content.Headers.ContentType?.MediaType == "application/problem+json", what);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
        Assert.DoesNotContain("colour", text, StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, byte[]? body, string? type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            if (type is not null) request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }
        // What is refused for its size is refused before it is sent.
        if (body is { Length: > 60_000 }) request.Headers.ExpectContinue = true;
        return await admin.SendAsync(request, Token);
    }

    // Health and the document take everything; their rows are among the tests of access, and so are those of HEAD, which is GET without a
    // body.
    private IEnumerable<(string Method, RouteEndpoint Route, AcceptedBody? Body)> Routes() =>
        server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(route => !route.RoutePattern.RawText!.Contains("openapi", StringComparison.Ordinal))
        .SelectMany(route =>
            route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Where(method => method != "HEAD").Select(method =>
            (method, route, route.Metadata.GetMetadata<AcceptedBody>())));
}
