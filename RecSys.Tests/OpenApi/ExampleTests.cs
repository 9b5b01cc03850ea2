using System.Text.Json.Nodes;
using RecSys.Api.OpenApi;
using RecSys.Tests.EndToEnd;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.OpenApi;

/// <summary>
/// The examples of the OpenAPI document are calls of <c>docs/api.md</c> and what a server answered to them. They are written anew by
/// running this class with <c>RECSYS_RENEW=1</c> in its environment.
/// </summary>
[Collection(ServedCollection.Name)]
public sealed class ExampleTests(ServerFixture server, ApiRig rig) : IAsyncLifetime
{
    private const string File = "RecSys.Api/OpenApi/examples.json";
    private const string Renew =
        $"Renew {File}: RECSYS_RENEW=1 RecSys.Tests -class '*ExampleTests', then build and renew docs/openapi.json.";

    public async ValueTask InitializeAsync()
    {
        await rig.StartAsync(server);
        if (Environment.GetEnvironmentVariable("RECSYS_RENEW") == "1")
            await System.IO.File.WriteAllTextAsync(Repository.File(File), Examples.Of(rig.Document, rig.Calls));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void EveryOperation_HasTheExampleThatThePageGives()
    {
        var (kept, given) = (Kept(), JsonNode.Parse(Examples.Of(rig.Document, rig.Calls))!.AsObject());

        Assert.True(rig.Document.Operations.Select(each => each.Id).Order(StringComparer.Ordinal)
            .SequenceEqual(kept.Select(each => each.Key).Order(StringComparer.Ordinal)), Renew);
        Assert.All(given, example => Assert.True(
            JsonNode.DeepEquals(example.Value!["request"], kept[example.Key]!["request"])
                && example.Value["status"]!.GetValue<int>() == kept[example.Key]!["status"]!.GetValue<int>(),
            $"{example.Key} is another call by now. {Renew}"));
    }

    [Fact]
    public void EveryExample_IsOfItsSchema()
    {
        var faults = new List<string>();
        foreach (var operation in rig.Document.Operations)
        {
            var example = OperationExample.Of(Kept()[operation.Id]!);
            foreach (var parameter in operation.Parameters)
            {
                var name = parameter["name"]!.GetValue<string>();
                if (example.Parameters?[name] is { } value) Compare(name, parameter["schema"]!, value);
            }
            if (example.Request is { } request) Compare("request", operation.Request!.Value.Value!["schema"]!, request);
            if (example.Reply is { } reply)
            {
                var type = example.Status < 400 ? "application/json" : "application/problem+json";
                Compare("reply", operation.Reply(example.Status, type)!["schema"]!, reply);
            }

            void Compare(string what, JsonNode schema, JsonNode value) =>
                faults.AddRange(rig.Document.Faults(schema, value).Select(fault => $"{operation.Id} {what}: {fault}"));
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void Document_HasTheExamples()
    {
        var requests = rig.Document.Operations.Where(each => Kept()[each.Id]!["request"] is not null).ToList();

        Assert.All(requests, each => Assert.True(
            JsonNode.DeepEquals(Kept()[each.Id]!["request"], each.Request!.Value.Value!["example"]), $"{each.Id}: {Renew}"));
        Assert.True(requests.Count > 15);
        Assert.True(
            rig.Document.Operations.Count(each => each.Json.ToJsonString().Contains("\"example\":", StringComparison.Ordinal)) > 40);
    }

    private static JsonObject Kept() => JsonNode.Parse(System.IO.File.ReadAllText(Repository.File(File)))!.AsObject();
}
