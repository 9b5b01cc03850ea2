using System.Net.Http.Headers;
using RecSys.Tests.EndToEnd;

namespace RecSys.Tests.OpenApi;

/// <summary>A client that a tool makes of the document compiles, and every operation can be called with it.</summary>
[Collection(ServedCollection.Name)]
public sealed class GeneratedClientTests(ServerFixture server, ApiRig rig)
{
    // What a server says to a call that cannot be made a second time, because the first one did it.
    private static readonly int[] SecondTime = [401, 404, 409, 410, 422];

    [Fact]
    public async Task Client_OfTheDocument_CallsEveryOperation()
    {
        await rig.StartAsync(server);
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", ServerFixture.Token("root", "recommend:read", "events:write", "catalog:write", "service", "admin"));
        var client = await GeneratedClient.CreateAsync(rig.Document.Json.ToJsonString(), http, rig.Address);
        var (faults, done) = (new List<string>(), 0);

        foreach (var operation in rig.Document.Operations)
        {
            var like = Examples.Find(rig.Document, operation, rig.Calls);
            if (client.Find(operation.Id) is null) faults.Add($"{operation.Id} has no method");
            else if (like is null) faults.Add($"{operation.Id} has no call in {ApiPage.Path}");
            else
            {
                var (status, result) = await client.CallAsync(operation, like);
                if (status < 300) done++;
                else if (!SecondTime.Contains(status) || !operation.Has(status)) faults.Add($"{operation.Id}: {status} {result}");
                else if (result?.GetType().GetProperty("Trace_id")?.GetValue(result) is not string)
                    faults.Add($"{operation.Id}: {status} brings no problem: {result}");
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(done > 45, $"{done} operations were done");
    }
}
