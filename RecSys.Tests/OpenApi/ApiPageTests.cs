using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Tests.EndToEnd;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.OpenApi;

/// <summary>The calls of <c>docs/api.md</c> are made, and answered as the page and the OpenAPI document say.</summary>
[Collection(ServedCollection.Name)]
public sealed class ApiPageTests(ServerFixture server, ApiRig rig) : IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await rig.StartAsync(server);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task EveryRoute_HasAHeading()
    {
        await using var bare = await BareServer.StartAsync();
        var served = bare.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().SelectMany(route =>
            route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Where(method => method != "HEAD")
                .Select(method => $"{method} /{route.RoutePattern.RawText!.TrimStart('/')}"));

        Assert.Equal(served.Order(StringComparer.Ordinal), ApiPage.Routes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void EveryHeading_HasACallOfItsRoute()
    {
        var without = ApiPage.Routes.Where(route => !rig.Calls.Any(call => call.Block.Route == route
            && call.Method == route.Split(' ')[0] && Regex.IsMatch(call.Path.TrimEnd('/'), ApiOperation.Pattern(route.Split(' ')[1]))));

        Assert.Equal([], without);
    }

    [Fact]
    public void EveryCall_IsAnsweredAsThePageSays()
    {
        var differences = new List<string>();
        foreach (var block in ApiPage.Blocks)
        {
            var calls = rig.Calls.Where(call => ReferenceEquals(call.Block, block)).ToList();
            if (calls.Count != block.Replies.Count)
                differences.Add($"{block.Route}: {calls.Count} calls were made and {block.Replies.Count} replies are described");
            differences.AddRange(calls.Zip(block.Replies).SelectMany(pair => pair.First.Differences(pair.Second)));
        }

        Assert.True(differences.Count == 0, string.Join('\n', differences));
        Assert.True(rig.Calls.Count > 60);
    }

    [Fact]
    public void EveryReply_IsOfTheDocument()
    {
        var (faults, compared) = (new List<string>(), 0);
        foreach (var call in rig.Calls)
        {
            // Pages, the snippet's neighbours and the document itself are not in it.
            if (rig.Document.Find(call.Method, call.Path) is not { } operation) continue;
            if (!operation.Has(call.Status)) faults.Add($"{call}\n  has a status that the document does not name");
            else if (call.Json is { } json)
            {
                compared++;
                if (operation.Reply(call.Status, call.ContentType)?["schema"] is not { } schema)
                    faults.Add($"{call}\n  is {call.ContentType}, which the document does not name");
                else
                    faults.AddRange(rig.Document.Faults(schema, json).Select(fault => $"{call.Method} {call.Path} {call.Status}: {fault}"));
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(compared > 50);
    }

    [Fact]
    public void EveryBody_IsOfTheDocument()
    {
        var (faults, compared) = (new List<string>(), 0);
        foreach (var call in rig.Calls.Where(call => call is { RequestBody: not null, Status: < 300, ContentType: not null }))
        {
            var (type, media) = rig.Document.Find(call.Method, call.Path)!.Request!.Value;
            foreach (var body in type == "application/json" ? [call.RequestBody!] : call.RequestBody!.Split('\n'))
            {
                compared++;
                faults.AddRange(rig.Document.Faults(media!["schema"]!, JsonNode.Parse(body))
                    .Select(fault => $"{call.Method} {call.Path}: {fault}"));
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(compared > 15);
    }
}
