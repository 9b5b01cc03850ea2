using System.Text.Json;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.Endpoints;

/// <summary>The OpenAPI document says what the routes take and give.</summary>
public sealed class OpenApiTests : IAsyncLifetime
{
    private BareServer server = null!;
    private HttpClient client = null!;
    private JsonElement document;

    public async ValueTask InitializeAsync()
    {
        server = await BareServer.StartAsync();
        client = server.Client("root", "admin");
        document = (await client.CallAsync("GET", "/openapi/v1.json")).Body;
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public void EveryOperation_HasANameASummaryAndAReply()
    {
        Assert.All(Operations(), each =>
        {
            Assert.True(each.Operation.TryGetProperty("operationId", out _), each.Name);
            Assert.True(each.Operation.TryGetProperty("summary", out _), each.Name);
            var good = each.Operation.GetProperty("responses").EnumerateObject().Where(response => response.Name[0] == '2').ToArray();
            Assert.NotEmpty(good);
            Assert.All(good,
                response => Assert.True(response.Name == "204" || response.Value.TryGetProperty("content", out _),
                $"{each.Name} {response.Name}"));
        });
        Assert.True(Operations().Count() > 20);
    }

    // Where a route refuses a field that does not exist it names those that do; these and the document's must be the same.
    [Theory]
    [InlineData("put", "/items/{id}", "/items/x", """{"_":1}""", "")]
    [InlineData("patch", "/users/{id}", "/users/known", """{"_":1}""", "")]
    [InlineData("put", "/users/{id}", "/users/x", """{"_":1}""", "")]
    [InlineData("post", "/users/merge", "/users/merge", """{"_":1}""", "")]
    [InlineData("put", "/rules/{id}", "/rules/x", """{"_":1}""", "")]
    [InlineData("post", "/rules:preview", "/rules:preview", """{"_":1}""", "")]
    [InlineData("post", "/recommend", "/recommend", """{"user_id":"u","_":1}""", "")]
    [InlineData("post", "/events", "/events", """{"_":1}""", "")]
    public async Task Body_OfTheDocument_HasTheFieldsThatTheRouteReads(string method, string path, string address, string body,
        string pointer)
    {
        await client.CallAsync("PUT", "/users/known", "{}");
        var schema = document.GetProperty("paths").GetProperty(path).GetProperty(method).GetProperty("requestBody").GetProperty("content")
            .GetProperty("application/json").GetProperty("schema");

        var refused = await client.CallAsync(method.ToUpperInvariant(), address, body);

        var known = refused.Body.GetProperty("errors").GetProperty(pointer)[0].GetString()!.Split("known are ")[1].Split(", ");
        Assert.Equal(known.Order(StringComparer.Ordinal), Properties(schema).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Events_OfTheDocument_HaveTheFieldsThatTheRouteReads()
    {
        var body = document.GetProperty("paths").GetProperty("/events").GetProperty("post").GetProperty("requestBody")
            .GetProperty("content").GetProperty("application/json").GetProperty("schema");

        var refused = await client.CallAsync("POST", "/events", """{"events":[{"user_id":"u","item_id":"i","type":"click","_":1}]}""");

        var known = refused.Body.GetProperty("events")[0].GetProperty("detail").GetString()!.Split("known are ")[1].Split(", ");
        Assert.Equal(known.Order(StringComparer.Ordinal),
            Properties(Resolve(body).GetProperty("properties").GetProperty("events").GetProperty("items")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Parameters_OfTheDocument_AreThoseOfTheRoutes()
    {
        string[] Names(string method, string path) =>
            [.. document.GetProperty("paths").GetProperty(path).GetProperty(method).GetProperty("parameters").EnumerateArray()
            .Where(parameter => parameter.GetProperty("in").GetString() == "query")
                .Select(parameter => parameter.GetProperty("name").GetString()!)];

        Assert.Equal(
            ["user_id", "anonymous_id", "session_id", "num_items", "device", "location", "include", "model_version", "min_position"],
            Names("get", "/recommend"));
        Assert.Equal(["num_items", "min_position"], Names("get", "/items/{id}/similar"));
        Assert.Equal(["cursor", "limit"], Names("get", "/items"));
        Assert.Equal(["validate_only"], Names("put", "/items/{id}"));
        Assert.Equal(["validate_only"], Names("post", "/bulk/events"));
    }

    private JsonElement Resolve(JsonElement schema) => schema.TryGetProperty("$ref", out var reference)
        ? document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1])
        : schema;

    private IEnumerable<string> Properties(JsonElement schema) =>
        Resolve(schema).GetProperty("properties").EnumerateObject().Select(property => property.Name);

    private IEnumerable<(string Name, JsonElement Operation)> Operations() => document.GetProperty("paths").EnumerateObject()
        .SelectMany(path => path.Value.EnumerateObject().Select(operation => ($"{operation.Name} {path.Name}", operation.Value)));
}
