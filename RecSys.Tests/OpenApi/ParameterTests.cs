using System.Net;
using System.Text.Json.Nodes;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.OpenApi;

/// <summary>What the document says that a parameter may be, the server takes; what it says it may not be, the server refuses.</summary>
public sealed class ParameterTests
{
    [Fact]
    public async Task Query_WithinAndBeyondWhatTheDocumentSays_IsTakenAndRefused()
    {
        await using var server = await BareServer.StartAsync(null, ("Limits:Admin:ServiceBurst", "10000"),
            ("Limits:Admin:ServicePerSecond", "10000"));
        using var client = server.Client("root", "admin");
        var document = new ApiDocument(
            JsonNode.Parse(await client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken))!);
        var (faults, tried) = (new List<string>(), 0);

        foreach (var operation in document.Operations)
        {
            foreach (var parameter in operation.Parameters.Where(each => each["in"]!.GetValue<string>() == "query"))
            {
                var name = parameter["name"]!.GetValue<string>();
                foreach (var (value, isFine) in Values(parameter["schema"]!))
                {
                    tried++;
                    var path = operation.Path.Replace("{id}", "x", StringComparison.Ordinal)
                        .Replace("{request_id}", "x", StringComparison.Ordinal).Replace("{number}", "1", StringComparison.Ordinal);
                    var body = operation.Request is null ? null : "{}";
                    var reply = await client.CallAsync(operation.Method, $"{path}?{name}={Uri.EscapeDataString(value)}", body,
                        operation.Request?.Key ?? "application/json");
                    var refuses = reply.Status == HttpStatusCode.BadRequest && reply.Body.TryGetProperty("errors", out var errors)
                        && errors.TryGetProperty(name, out var error)
                        // Nothing about the value itself.
                        && !error[0].GetString()!.Contains("is for include=trace alone", StringComparison.Ordinal)
                        && !error[0].GetString()!.Contains("does not have", StringComparison.Ordinal);
                    if (refuses == isFine) faults.Add($"{operation.Id} {name}={value}: {(int)reply.Status} {reply.Text}");
                }
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(tried > 100);
    }

    // Generated clients may write what is left out as null, as the document says that they may.
    [Theory]
    [InlineData("POST", "/events", "EventRequest", """{"user_id":"u","item_id":"i","type":"view"}""")]
    [InlineData("POST", "/recommend", "RecommendRequest", """{"user_id":"u"}""")]
    [InlineData("PUT", "/items/x", "ItemRequest", "{}")]
    [InlineData("PUT", "/users/x", "UserRequest", "{}")]
    [InlineData("POST", "/tokens", "UserTokenRequest", """{"user_id":"u"}""")]
    public async Task Body_WithNullInEveryOtherField_IsTaken(string method, string path, string schema, string given)
    {
        await using var server = await BareServer.StartAsync();
        using var client = server.Client("root", "admin");
        var document = JsonNode.Parse(await client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken))!;
        var body = JsonNode.Parse(given)!.AsObject();
        foreach (var (name, _) in document["components"]!["schemas"]![schema]!["properties"]!.AsObject()) body.TryAdd(name, null);
        var sent = path == "/events" ? new JsonObject { ["events"] = new JsonArray(body) } : body;

        var reply = await client.CallAsync(method, path, sent.ToJsonString());

        // Without a model there is no list; what was sent was taken all the same.
        Assert.True((int)reply.Status is 200 or 201 or 202 || (path == "/recommend" && reply.Status == HttpStatusCode.InternalServerError),
            reply.Text);
    }

    private static List<(string Value, bool IsFine)> Values(JsonNode schema)
    {
        long? Bound(string name) => schema[name] is { } value ? long.Parse(value.ToJsonString().Trim('"'), null) : null;
        if (schema["type"]!.GetValue<string>() == "boolean") return [("true", true), ("false", true), ("yes", false)];
        if (schema["enum"] is JsonArray words)
            return [.. words.Select(word => (word!.GetValue<string>(), true)), ("nonsense", false)];
        if (schema["type"]!.GetValue<string>() == "integer")
        {
            var values = new List<(string, bool)> { ("1.5", false), ("ten", false) };
            if (Bound("minimum") is { } low) values.AddRange([($"{low}", true), ($"{low - 1}", false)]);
            if (Bound("maximum") is { } high) values.AddRange([($"{high}", true), ($"{high + 1}", false)]);
            return values;
        }
        if (Bound("maxLength") is { } most)
            return [(new string('x', (int)most), true), (new string('x', (int)most + 1), false), ("", false)];
        return schema["pattern"] is not null ? [("+", false)] : [];
    }
}
