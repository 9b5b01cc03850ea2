using System.Text.Json.Nodes;
using RecSys.Api.OpenApi;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.OpenApi;

/// <summary>The document of the server is the one of the repository; who changed it learns whether that breaks callers.</summary>
public sealed class SnapshotTests
{
    private const string Page = "docs/openapi.json";
    private const string Renew = $"recsys openapi > {Page}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Document_IsTheOneOfTheRepository()
    {
        await using var server = await BareServer.StartAsync();
        using var client = server.Client();
        var served = DocumentText.Of(await client.GetStringAsync(DocumentSetup.Path, Token));
        var kept = await File.ReadAllTextAsync(Repository.File(Page), Token);

        var changes = DocumentComparison.Between(JsonNode.Parse(kept)!, JsonNode.Parse(served)!);

        var breaking = changes.Where(change => change.Breaks).ToList();
        Assert.True(breaking.Count == 0,
            $"Callers of {Page} would break:\n{string.Join('\n', breaking)}\nLet the old form stand beside the new one. If it has to go, "
                + $"say so in CHANGELOG.md and renew the document: {Renew}");
        Assert.True(kept == served,
            $"{Page} is not up to date, and nothing breaks; renew it: {Renew}\n{string.Join('\n', changes)}");
    }

    [Theory]
    [InlineData("a route", "is gone")]
    [InlineData("a method", "is gone")]
    [InlineData("the name", "operationId is no longer")]
    [InlineData("a parameter", "parameter num_items (query): is gone")]
    [InlineData("parameter required", "is required now")]
    [InlineData("parameter new and required", "is new and required")]
    [InlineData("parameter type", "type was integer and is string")]
    [InlineData("parameter bound", "maximum is lower")]
    [InlineData("parameter word", "is no longer among the words")]
    [InlineData("field sent", "field seed_items: is gone")]
    [InlineData("field sent required", "field filter: is required now")]
    [InlineData("field answered", "field request_id: is gone")]
    [InlineData("field answered left out", "field request_id: may be left out now")]
    [InlineData("field answered null", "type was string and is null or string")]
    [InlineData("reply", "reply 200 is gone")]
    [InlineData("scope", "asks for service")]
    public void Change_ThatBreaksCallers_IsToldAsSuch(string what, string told)
    {
        var changes = Changed(what);

        Assert.Contains(changes, change => change.Breaks && change.What.Contains(told, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("new route")]
    [InlineData("new parameter")]
    [InlineData("new field sent")]
    [InlineData("new field answered")]
    [InlineData("new word")]
    [InlineData("new refusal")]
    [InlineData("wider bound")]
    public void Change_ThatAdds_BreaksNothing(string what) => Assert.DoesNotContain(Changed(what), change => change.Breaks);

    [Fact]
    public void Texts_Changed_AreNoChange()
    {
        var changes = Changed("texts");

        Assert.Empty(changes);
    }

    private static IReadOnlyList<DocumentChange> Changed(string what)
    {
        var old = JsonNode.Parse(File.ReadAllText(Repository.File(Page)))!;
        var now = old.DeepClone();
        Change(now, what);
        Assert.False(JsonNode.DeepEquals(old, now));
        return DocumentComparison.Between(old, now);
    }

    private static void Change(JsonNode document, string what)
    {
        var paths = document["paths"]!.AsObject();
        var get = paths["/recommend"]!["get"]!;
        var post = paths["/recommend"]!["post"]!;
        JsonNode Parameter(string name) => get["parameters"]!.AsArray().Single(each => each!["name"]!.GetValue<string>() == name)!;
        JsonNode Schema(string name) => document["components"]!["schemas"]![name]!;
        switch (what)
        {
            case "a route": paths.Remove("/popular"); break;
            case "a method": paths["/recommend"]!.AsObject().Remove("post"); break;
            case "the name": get["operationId"] = "Suggest"; break;
            case "a parameter": get["parameters"]!.AsArray().Remove(Parameter("num_items")); break;
            case "parameter required": Parameter("num_items")["required"] = true; break;
            case "parameter new and required":
                get["parameters"]!.AsArray().Add(
                    JsonNode.Parse("""{"name":"x","in":"query","required":true,"schema":{"type":"string"}}"""));
                break;
            case "parameter type": Parameter("num_items")["schema"]!["type"] = "string"; break;
            case "parameter bound": Parameter("num_items")["schema"]!["maximum"] = 50; break;
            case "parameter word": Parameter("device")["schema"]!["enum"]!.AsArray().RemoveAt(0); break;
            case "field sent": Schema("RecommendRequest")["properties"]!.AsObject().Remove("seed_items"); break;
            case "field sent required": Schema("RecommendRequest")["required"] = new JsonArray("filter"); break;
            case "field answered": Schema("RecommendResponse")["properties"]!.AsObject().Remove("request_id"); break;
            case "field answered left out":
                var required = Schema("RecommendResponse")["required"]!.AsArray();
                required.Remove(required.Single(name => name!.GetValue<string>() == "request_id"));
                break;
            case "field answered null":
                Schema("RecommendResponse")["properties"]!["request_id"]!["type"] = new JsonArray("null", "string");
                break;
            case "reply": get["responses"]!.AsObject().Remove("200"); break;
            case "scope": get["security"]![0]!["bearer"]!.AsArray().Add("service"); break;
            case "new route": paths["/other"] = paths["/popular"]!.DeepClone(); break;
            case "new parameter":
                get["parameters"]!.AsArray().Add(JsonNode.Parse("""{"name":"x","in":"query","schema":{"type":"string"}}"""));
                break;
            case "new field sent": Schema("RecommendRequest")["properties"]!["x"] = JsonNode.Parse("""{"type":"string"}"""); break;
            case "new field answered": Schema("RecommendResponse")["properties"]!["x"] = JsonNode.Parse("""{"type":"string"}"""); break;
            case "new word": Parameter("device")["schema"]!["enum"]!.AsArray().Add("watch"); break;
            case "new refusal": post["responses"]!["418"] = JsonNode.Parse("""{"description":"no"}"""); break;
            case "wider bound": Parameter("num_items")["schema"]!["maximum"] = 200; break;
            case "texts":
                get["summary"] = "Another text";
                Parameter("num_items")["description"] = "Another text";
                break;
            default: throw new ArgumentOutOfRangeException(nameof(what));
        }
    }
}
