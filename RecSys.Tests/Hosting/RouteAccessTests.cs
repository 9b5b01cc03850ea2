using System.Net;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Tests.EndToEnd;

namespace RecSys.Tests.Hosting;

/// <summary>Who may do what: one row per route and method. A route without a row fails the test.</summary>
[Collection(ServedCollection.Name)]
public sealed class RouteAccessTests(ServerFixture server)
{
    private const int Ok = 200, Accepted = 202, NoContent = 204, BadRequest = 400, Unauthorized = 401, Forbidden = 403, NotFound = 404,
        Conflict = 409, Gone = 410, Unsupported = 415, NotImplemented = 501;

    private const string Item = """{"title":"A stool","category":"chairs"}""";
    private const string Event = """{"events":[{"user_id":"alice","item_id":"ITEM","type":"click"}]}""";

    private static readonly Dictionary<string, Row> Rows = new()
    {
        ["GET /recommend"] = new("/recommend?user_id=alice", Owner: Ok, Other: Forbidden, Service: Ok, Admin: Ok, Anonymous: Unauthorized),
        ["GET /recommend/{request_id}/next"] = new("/recommend/req_never/next", Owner: Gone, Other: Gone, Service: Gone, Admin: Gone,
            Anonymous: Unauthorized),
        ["POST /rank"] = new("/rank", Owner: Ok, Other: Forbidden, Service: Ok, Admin: Ok, Anonymous: Unauthorized,
            Body: """{"user_id":"alice","items":["ITEM"]}"""),
        ["GET /scenarios"] = OfService("/scenarios", Ok),
        ["GET /explain/{request_id}/{item_id}"] = OfAdmin("/explain/req_never/ITEM", NotFound),
        ["POST /recommend"] = new("/recommend", Owner: Ok, Other: Forbidden, Service: Ok, Admin: Ok, Anonymous: Unauthorized,
            Body: """{"user_id":"alice"}"""),
        ["POST /recommend/batch/"] = OfService("/recommend/batch", BadRequest, "{}"),
        ["GET /recommend/batch/"] = OfService("/recommend/batch", Ok),
        ["GET /recommend/batch/{id}"] = OfService("/recommend/batch/nothing", NotFound),
        ["DELETE /recommend/batch/{id}"] = OfService("/recommend/batch/nothing", NotFound),
        ["GET /recommend/batch/{id}/result"] = OfService("/recommend/batch/nothing/result", NotFound),
        ["GET /items/{id}/similar"] = new("/items/ITEM/similar", Owner: Ok, Other: Ok, Service: Ok, Admin: Ok, Anonymous: Unauthorized),
        ["GET /popular"] = new("/popular", Owner: Ok, Other: Ok, Service: Ok, Admin: Ok, Anonymous: Unauthorized),
        ["POST /events"] = new("/events?validate_only=true", Owner: Accepted, Other: Forbidden, Service: Accepted, Admin: Accepted,
            Anonymous: Unauthorized, Body: Event),
        ["GET /events/recent"] = OfAdmin("/events/recent", Ok),
        ["GET /events/dead-letters/"] = OfAdmin("/events/dead-letters", Ok),
        ["POST /events/dead-letters/{number:long}/replay"] = OfAdmin("/events/dead-letters/999999/replay", NotFound),
        ["DELETE /events/dead-letters/{number:long}"] = OfAdmin("/events/dead-letters/999999", NotFound),
        ["PUT /items/{id}"] = OfCatalogue("/items/ITEM?validate_only=true", Ok, Item),
        ["PATCH /items/{id}"] = OfCatalogue("/items/ITEM?validate_only=true", Ok, Item),
        ["GET /items/{id}"] = OfCatalogue("/items/ITEM", Ok),
        ["DELETE /items/{id}"] = OfCatalogue("/items/ITEM?validate_only=true", Ok),
        ["GET /items/"] = OfCatalogue("/items?limit=1", Ok),
        ["PUT /users/{id}"] = OfService("/users/alice?validate_only=true", Ok, "{}"),
        ["PATCH /users/{id}"] = OfService("/users/nobody?validate_only=true", NotFound, "{}"),
        ["GET /users/{id}"] = new("/users/alice", Owner: NotFound, Other: Forbidden, Service: NotFound, Admin: NotFound,
            Anonymous: Unauthorized, NoScope: NotFound),
        ["DELETE /users/{id}"] = new("/users/alice?validate_only=true", Owner: Ok, Other: Forbidden, Service: Ok, Admin: Ok,
            Anonymous: Unauthorized, NoScope: Ok),
        ["GET /users/"] = OfService("/users?limit=1", Ok),
        ["GET /users/{id}/export"] =
            new("/users/alice/export", Owner: Ok, Other: Forbidden, Service: Ok, Admin: Ok, Anonymous: Unauthorized, NoScope: Ok),
        ["POST /users/merge"] = OfService("/users/merge?validate_only=true", Ok, """{"from":"a","into":"b"}"""),
        ["GET /rules/"] = OfService("/rules", Ok),
        ["GET /rules/{id}"] = OfService("/rules/nothing", NotFound),
        ["PUT /rules/{id}"] = OfAdmin("/rules/one?validate_only=true", Ok) with { Body = """{"kind":"own_items"}""" },
        ["DELETE /rules/{id}"] = OfAdmin("/rules/nothing", NotFound),
        ["GET /rules/{id}/history"] = OfAdmin("/rules/nothing/history", NotFound),
        ["POST /rules:preview"] = OfAdmin("/rules:preview", Ok) with { Body = """{"lists":1}""" },
        ["GET /data/readiness"] = OfService("/data/readiness", Ok),
        // Who may not is refused before the content type is looked at, and so is who may.
        ["POST /bulk/items"] = OfCatalogue("/bulk/items?validate_only=true", Unsupported, "{}"),
        ["POST /bulk/users"] = OfService("/bulk/users?validate_only=true", Unsupported, "{}"),
        ["POST /bulk/events"] = OfService("/bulk/events?validate_only=true", Unsupported, "{}"),
        ["GET /bulk/jobs"] = OfBulk("/bulk/jobs", Ok),
        ["GET /bulk/jobs/{id}"] = OfBulk("/bulk/jobs/nothing", NotFound),
        ["DELETE /bulk/jobs/{id}"] = OfBulk("/bulk/jobs/nothing", NotFound),
        ["GET /bulk/jobs/{id}/rejects"] = OfBulk("/bulk/jobs/nothing/rejects", NotFound),
        // Of gorse's clients, who act for all users: the scope service, and what the call needs beside it.
        ["POST /api/gorse/api/feedback"] = OfService("/api/gorse/api/feedback", Ok, """[]"""),
        ["PUT /api/gorse/api/feedback"] = OfService("/api/gorse/api/feedback", Ok, """[]"""),
        ["GET /api/gorse/api/user/{user_id}/feedback"] = OfService("/api/gorse/api/user/nobody/feedback", Ok),
        ["GET /api/gorse/api/user/{user_id}/feedback/{type}"] = OfService("/api/gorse/api/user/nobody/feedback/like", Ok),
        ["POST /api/gorse/api/item"] = OfAdmin("/api/gorse/api/item", BadRequest) with { Body = """{}""" },
        ["POST /api/gorse/api/items"] = OfAdmin("/api/gorse/api/items", Ok) with { Body = """[]""" },
        ["PATCH /api/gorse/api/item/{item_id}"] = OfAdmin("/api/gorse/api/item/nothing", NotFound) with { Body = """{}""" },
        ["GET /api/gorse/api/item/{item_id}"] = OfAdmin("/api/gorse/api/item/nothing", NotFound),
        ["GET /api/gorse/api/items"] = OfAdmin("/api/gorse/api/items?n=1", Ok),
        ["DELETE /api/gorse/api/item/{item_id}"] = OfAdmin("/api/gorse/api/item/nothing", Ok),
        ["PUT /api/gorse/api/item/{item_id}/category/{category}"] = OfAdmin("/api/gorse/api/item/nothing/category/c", NotFound),
        ["DELETE /api/gorse/api/item/{item_id}/category/{category}"] = OfAdmin("/api/gorse/api/item/nothing/category/c", NotFound),
        ["POST /api/gorse/api/user"] = OfService("/api/gorse/api/user", BadRequest, """{}"""),
        ["POST /api/gorse/api/users"] = OfService("/api/gorse/api/users", Ok, """[]"""),
        ["PATCH /api/gorse/api/user/{user_id}"] = OfService("/api/gorse/api/user/nobody", NotFound, """{}"""),
        ["GET /api/gorse/api/user/{user_id}"] = OfService("/api/gorse/api/user/nobody", NotFound),
        ["GET /api/gorse/api/users"] = OfService("/api/gorse/api/users?n=1", Ok),
        ["DELETE /api/gorse/api/user/{user_id}"] = OfService("/api/gorse/api/user/erased-by-gorse", Ok),
        ["GET /api/gorse/api/recommend/{user_id}"] = OfService("/api/gorse/api/recommend/alice", Ok),
        ["GET /api/gorse/api/recommend/{user_id}/{category}"] = OfService("/api/gorse/api/recommend/alice/none", Ok),
        ["GET /api/gorse/api/popular"] = OfService("/api/gorse/api/popular", Ok),
        ["GET /api/gorse/api/popular/{category}"] = OfService("/api/gorse/api/popular/none", Ok),
        ["GET /api/gorse/api/latest"] = OfService("/api/gorse/api/latest", Ok),
        ["GET /api/gorse/api/latest/{category}"] = OfService("/api/gorse/api/latest/none", Ok),
        ["GET /api/gorse/api/item/{item_id}/neighbors"] = OfService("/api/gorse/api/item/ITEM/neighbors", Ok),
        ["GET /api/gorse/api/item/{item_id}/neighbors/{category}"] = OfService("/api/gorse/api/item/ITEM/neighbors/none", Ok),
        ["POST /api/gorse/api/session/recommend"] = OfService("/api/gorse/api/session/recommend", Ok, """[]"""),
        ["POST /api/gorse/api/session/recommend/{category}"] = OfService("/api/gorse/api/session/recommend/none", Ok, """[]"""),
        ["GET /api/gorse/api/user/{user_id}/neighbors"] = OfService("/api/gorse/api/user/alice/neighbors", NotImplemented),
        ["GET /api/gorse/api/feedback"] = OfService("/api/gorse/api/feedback", NotImplemented),
        ["GET /api/gorse/api/feedback/{type}"] = OfService("/api/gorse/api/feedback/like", NotImplemented),
        ["GET /api/gorse/api/feedback/{user_id}/{item_id}"] = OfService("/api/gorse/api/feedback/alice/i", NotImplemented),
        ["GET /api/gorse/api/feedback/{type}/{user_id}/{item_id}"] = OfService("/api/gorse/api/feedback/like/alice/i", NotImplemented),
        ["GET /api/gorse/api/item/{item_id}/feedback"] = OfService("/api/gorse/api/item/i/feedback", NotImplemented),
        ["GET /api/gorse/api/item/{item_id}/feedback/{type}"] = OfService("/api/gorse/api/item/i/feedback/like", NotImplemented),
        ["DELETE /api/gorse/api/feedback/{user_id}/{item_id}"] = OfService("/api/gorse/api/feedback/alice/i", NotImplemented),
        ["DELETE /api/gorse/api/feedback/{type}/{user_id}/{item_id}"] = OfService("/api/gorse/api/feedback/like/alice/i", NotImplemented),
        ["GET /api/gorse/api/measurements/{name}"] = OfService("/api/gorse/api/measurements/x", NotImplemented),
        ["GET /models/"] = OfAdmin("/models", Ok),
        ["GET /models/{version}"] = OfAdmin("/models/v1.0.0", Ok),
        ["POST /models/{version}:promote"] = OfAdmin("/models/v9.0.0:promote", NotFound),
        ["POST /models/{version}:rollback"] = OfAdmin("/models/v9.0.0:rollback", Conflict),
        ["POST /models/{version}:quarantine"] =
            OfAdmin("/models/v9.0.0:quarantine", NotFound) with { Body = """{"reason":"a test"}""" },
        ["GET /monitoring/latency"] = OfAdmin("/monitoring/latency?window=1h", Ok),
        ["GET /monitoring/latency/series"] = OfAdmin("/monitoring/latency/series?window=5m", Ok),
        ["GET /"] = Page("/"),
        ["GET /dashboard/{**file}"] = Page("/dashboard/app.js"),
        ["GET /dashboard/session/"] = Anybody("/dashboard/session"),
        ["HEAD /"] = Page("/"),
        ["HEAD /dashboard/{**file}"] = Page("/dashboard/app.js"),
        ["HEAD /dashboard/session/"] = Anybody("/dashboard/session"),
        ["POST /dashboard/session/"] = OfAdmin("/dashboard/session", Ok),
        ["DELETE /dashboard/session/"] = OfAdmin("/dashboard/session", NoContent),
        ["POST /dashboard/session/code"] = new("/dashboard/session/code", Owner: Unauthorized, Other: Unauthorized, Service: Unauthorized,
            Admin: Unauthorized, Anonymous: Unauthorized, Body: """{"code":"wrong"}""", Catalogue: Unauthorized, NoScope: Unauthorized),
        ["GET /dashboard/stream"] = OfAdmin("/dashboard/stream?topics=none", BadRequest),
        ["GET /dashboard/nights/"] = OfAdmin("/dashboard/nights", Ok),
        ["GET /dashboard/nights/{day}/report"] = OfAdmin("/dashboard/nights/2026-01-31/report", NotFound),
        ["GET /dashboard/settings"] = OfAdmin("/dashboard/settings", Ok),
        ["GET /dashboard/search/items"] = OfAdmin("/dashboard/search/items?q=a", Ok),
        ["GET /dashboard/search/users"] = OfAdmin("/dashboard/search/users?q=a", Ok),
        ["GET /dashboard/users/{id}/history"] = OfAdmin("/dashboard/users/alice/history", Ok),
        ["GET /monitoring/health"] = OfAdmin("/monitoring/health", Ok),
        ["GET /monitoring/alerts"] = OfAdmin("/monitoring/alerts", Ok),
        ["POST /monitoring/alerts/silences"] = OfAdmin("/monitoring/alerts/silences", Ok) with
        {
            Body = """{"rule":"night_failed","minutes":1,"reason":"a test"}""",
        },
        ["DELETE /monitoring/alerts/silences/{id}"] = OfAdmin("/monitoring/alerts/silences/nothing", NotFound),
        ["GET /monitoring/autoscaling"] = OfAdmin("/monitoring/autoscaling", Ok),
        ["GET /monitoring/business"] = OfAdmin("/monitoring/business?hours=48", Ok),
        ["GET /monitoring/drift"] = OfAdmin("/monitoring/drift?window=1h", Ok),
        ["GET /livez"] = Anybody("/livez"),
        ["GET /readyz"] = Anybody("/readyz"),
        ["GET /openapi/v1.json"] = Anybody("/openapi/v1.json"),
        ["GET /sdk/recsys.js"] = Snippet,
        ["HEAD /sdk/recsys.js"] = Snippet,
        ["POST /tokens"] = OfService("/tokens", Ok, """{"user_id":"alice"}"""),
        ["HEAD /livez"] = Anybody("/livez"),
        ["HEAD /readyz"] = Anybody("/readyz"),
        ["HEAD /openapi/v1.json"] = Anybody("/openapi/v1.json"),
    };

    [Fact]
    public async Task EveryRoute_HasARow()
    {
        await server.StartAsync();

        var served = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().SelectMany(route =>
            (route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["*"])
                .Select(method => $"{method} /{route.RoutePattern.RawText!.TrimStart('/')}"));

        Assert.Equal(Rows.Keys.Order(StringComparer.Ordinal), served.Order(StringComparer.Ordinal));
    }

    // Load balancers and those who watch a site ask with HEAD.
    [Fact]
    public void WhatAnybodyMayGet_AnswersHeadToo() =>
        Assert.Equal(
            Rows.Where(row => row.Key.StartsWith("GET ", StringComparison.Ordinal) && row.Value.Anonymous == Ok).Select(row => row.Key[4..])
                .Order(StringComparer.Ordinal),
            Rows.Keys.Where(route => route.StartsWith("HEAD ", StringComparison.Ordinal)).Select(route => route[5..])
                .Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    [InlineData("/")]
    [InlineData("/dashboard/app.js")]
    [InlineData("/dashboard/nothing.js")]
    public async Task Head_OfWhatAnybodyMayGet_SaysWhatGetSaysWithoutABody(string path)
    {
        using var anonymous = await server.ClientAsync(null);

        using var get = await anonymous.GetAsync(path, TestContext.Current.CancellationToken);
        using var asked = new HttpRequestMessage(HttpMethod.Head, path);
        using var head = await anonymous.SendAsync(asked, TestContext.Current.CancellationToken);

        Assert.Equal(get.StatusCode, head.StatusCode);
        Assert.Equal(get.Headers.ETag, head.Headers.ETag);
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.NotEmpty(await get.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    public static TheoryData<string, string> Cells =>
        [.. Rows.Keys.SelectMany(route => ((string[])["owner", "other", "catalogue", "service", "admin", "anonymous", "no scope"])
            .Select(who => new TheoryDataRow<string, string>(route, who)))];

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Route_AskedBySomebody_AnswersAsTheTableSays(string route, string who)
    {
        var row = Rows[route];
        using var client = who switch
        {
            "owner" => await server.ClientAsync("alice", "recommend:read", "events:write"),
            "other" => await server.ClientAsync("mallory", "recommend:read", "events:write"),
            "catalogue" => await server.ClientAsync("editor", "catalog:write"),
            "service" => await server.ClientAsync("shop", "recommend:read", "events:write", "service"),
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
            "catalogue" => row.Catalogue ?? (row.Anonymous == Ok ? Ok : Forbidden),
            "no scope" => row.NoScope ?? (row.Anonymous == Ok ? Ok : Forbidden),
            _ => row.Anonymous,
        };
        using var request = new HttpRequestMessage(HttpMethod.Parse(route.Split(' ')[0]),
            row.Path.Replace("ITEM", server.World.Items[0].Id, StringComparison.Ordinal));
        request.Headers.Accept.ParseAdd("text/html");
        if (row.Body is { } body)
            request.Content = new StringContent(body.Replace("ITEM", server.World.Items[0].Id, StringComparison.Ordinal), Encoding.UTF8,
                "application/json");

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(expected, (int)response.StatusCode);
        if ((int)response.StatusCode >= 400) Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        if (row.IsPage) Assert.StartsWith("default-src 'none'; script-src 'self'; ", policy, StringComparison.Ordinal);
        else Assert.Equal("default-src 'none'; frame-ancestors 'none'", policy);
        Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal(row.Cache ?? (row.IsPage ? "no-cache" : "no-store, private"), response.Headers.CacheControl!.ToString());
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

    [Theory]
    [InlineData("/events/recent", "scope admin is needed")]
    [InlineData("/recommend?user_id=bob", "scope recommend:read is needed")]
    [InlineData("/users/bob/export", "A token of this user")]
    public async Task Refusal_WithoutTheRight_SaysWhichTokenIsNeeded(string path, string needed)
    {
        using var anonymous = await server.ClientAsync(null);
        using var alice = await server.ClientAsync("alice", "recommend:read");

        var unknown = await anonymous.CallAsync("GET", path);
        var refused = await alice.CallAsync("GET", path);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden), (unknown.Status, refused.Status));
        Assert.Contains("Authorization: Bearer", unknown.String("detail"), StringComparison.Ordinal);
        Assert.Contains(needed, refused.String("detail"), StringComparison.Ordinal);
    }

    private static Row Snippet => Anybody("/sdk/recsys.js") with { Cache = "public, max-age=3600" };

    private static Row Page(string path) => Anybody(path) with { IsPage = true };

    private static Row Anybody(string path) => new(path, Owner: Ok, Other: Ok, Service: Ok, Admin: Ok, Anonymous: Ok);

    private static Row OfAdmin(string path, int allowed) => new(path, Forbidden, Forbidden, Forbidden, allowed, Unauthorized);

    private static Row OfService(string path, int allowed, string? body = null) =>
        new(path, Forbidden, Forbidden, allowed, allowed, Unauthorized, body);

    private static Row OfCatalogue(string path, int allowed, string? body = null) =>
        new(path, Forbidden, Forbidden, Forbidden, allowed, Unauthorized, body, Catalogue: allowed);

    private static Row OfBulk(string path, int allowed) =>
        new(path, Forbidden, Forbidden, allowed, allowed, Unauthorized, Catalogue: allowed);

    private sealed record Row(
        string Path, int Owner, int Other, int Service, int Admin, int Anonymous, string? Body = null, int? Catalogue = null,
        int? NoScope = null, bool IsPage = false, string? Cache = null);
}
