using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Tests.EndToEnd;
using RecSys.Tests.Retrieval;

namespace RecSys.Tests.Hosting;

/// <summary>Who may do what: one row per route and method. A route without a row fails the test.</summary>
[Collection(TorchCollection.Name)]
public sealed class RouteAccessTests(ServerFixture server)
{
    private const int Ok = 200, Unauthorized = 401, Forbidden = 403;

    private static readonly Dictionary<string, Row> Rows = new()
    {
        ["GET /recommend"] = new("/recommend?user_id=alice", Owner: Ok, Other: Forbidden, Service: Ok, Admin: Ok, Anonymous: Unauthorized),
        ["GET /items/{id}/similar"] = new("/items/ITEM/similar", Owner: Ok, Other: Ok, Service: Ok, Admin: Ok, Anonymous: Unauthorized),
        ["GET /popular"] = new("/popular", Owner: Ok, Other: Ok, Service: Ok, Admin: Ok, Anonymous: Unauthorized),
        ["GET /livez"] = new("/livez", Owner: Ok, Other: Ok, Service: Ok, Admin: Ok, Anonymous: Ok),
        ["GET /readyz"] = new("/readyz", Owner: Ok, Other: Ok, Service: Ok, Admin: Ok, Anonymous: Ok),
        ["GET /openapi/{documentName}.json"] = new("/openapi/v1.json", Owner: Ok, Other: Ok, Service: Ok, Admin: Ok, Anonymous: Ok),
    };

    [Fact]
    public async Task EveryRoute_HasARow()
    {
        await server.StartAsync();

        var served = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().SelectMany(route =>
            (route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["*"]).Select(method => $"{method} /{route.RoutePattern.RawText!.TrimStart('/')}"));

        Assert.Equal(Rows.Keys.Order(StringComparer.Ordinal), served.Order(StringComparer.Ordinal));
    }

    public static TheoryData<string, string> Cells =>
        [.. Rows.Keys.SelectMany(route => ((string[])["owner", "other", "service", "admin", "anonymous", "no scope"]).Select(who => new TheoryDataRow<string, string>(route, who)))];

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Route_AskedBySomebody_AnswersAsTheTableSays(string route, string who)
    {
        var row = Rows[route];
        using var client = who switch
        {
            "owner" => await server.ClientAsync("alice", "recommend:read"),
            "other" => await server.ClientAsync("mallory", "recommend:read"),
            "service" => await server.ClientAsync("shop", "recommend:read", "service"),
            "admin" => await server.ClientAsync("root", "admin"),
            "no scope" => await server.ClientAsync("alice"),
            _ => await server.ClientAsync(null),
        };
        var expected = who switch
        {
            "owner" => row.Owner,
            "other" => row.Other,
            "service" => row.Service,
            "admin" => row.Admin,
            "no scope" => row.Anonymous == Ok ? Ok : Forbidden,
            _ => row.Anonymous,
        };
        using var request = new HttpRequestMessage(HttpMethod.Parse(route.Split(' ')[0]), row.Path.Replace("ITEM", server.World.Items[0].Id, StringComparison.Ordinal));
        request.Headers.Accept.ParseAdd("text/html");

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(expected, (int)response.StatusCode);
        if (response.StatusCode != HttpStatusCode.OK) Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("default-src 'none'; frame-ancestors 'none'", response.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("no-store, private", response.Headers.CacheControl!.ToString());
    }

    [Fact]
    public async Task UnknownPath_Anonymous_IsRefusedBeforeItIsLookedFor()
    {
        using var anonymous = await server.ClientAsync(null);
        using var known = await server.ClientAsync("alice", "recommend:read");

        using var refused = await anonymous.GetAsync("/nothing", TestContext.Current.CancellationToken);
        using var missing = await known.GetAsync("/nothing", TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.NotFound), (refused.StatusCode, missing.StatusCode));
        Assert.Equal("application/problem+json", missing.Content.Headers.ContentType?.MediaType);
    }

    private sealed record Row(string Path, int Owner, int Other, int Service, int Admin, int Anonymous);
}
