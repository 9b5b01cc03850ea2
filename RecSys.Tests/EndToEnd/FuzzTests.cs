using RecSys.Api.Commands.Bench;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.EndToEnd;

[Collection(ServedCollection.Name)]
public sealed class FuzzTests(ServerFixture server)
{
    /// <summary>Five seconds of what <c>bench fuzz</c> does for longer.</summary>
    [Fact]
    public async Task WrongRequests_OfEveryKind_AreRefusedWithAProblem()
    {
        await server.StartAsync();
        var user = server.World.Users[0].Id;
        var fuzzer = new RequestFuzzer(
            server.Address,
            [$"/recommend?user_id={user}&num_items=5&device=mobile&include=timing", "/popular?num_items=5",
                $"/items/{server.World.Items[0].Id}/similar?num_items=5", "/livez", "/readyz", "/openapi/v1.json"],
            [ServerFixture.Token("fuzz", "recommend:read", "service"), ServerFixture.Token(user, "recommend:read")],
            seed: 20);

        await fuzzer.RunAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);

        Assert.True(fuzzer.Findings.Count == 0, string.Join("\n\n", fuzzer.Findings));
        // A fuzzer that meets one refusal only would find nothing.
        Assert.Superset(new HashSet<int> { 200, 400, 401, 404, 405 }, fuzzer.Statuses.Keys.ToHashSet());
    }

    /// <summary>The same with every right, over the routes that write and a store that may be spoilt.</summary>
    [Fact]
    public async Task WrongWrites_OfEveryKind_AreRefusedWithAProblem()
    {
        await using var spoilt = await BareServer.StartAsync(null, [.. ((string[])["Recommend", "Events", "Catalogue", "Admin"]).SelectMany(
            operation => (string[])["PerSecond", "Burst", "ServicePerSecond", "ServiceBurst"],
            (operation, limit) => ($"Limits:{operation}:{limit}", (string?)"100000"))]);
        var fuzzer = new RequestFuzzer(
            spoilt.Address, RequestFuzzer.Writes,
            [ServerFixture.Token("fuzz", "admin"), ServerFixture.Token("u", "events:write", "catalog:write"),
                ServerFixture.Token("shop", "service")],
            seed: 21);

        await fuzzer.RunAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);

        Assert.True(fuzzer.Findings.Count == 0, string.Join("\n\n", fuzzer.Findings));
        Assert.Superset(new HashSet<int> { 200, 202, 400, 401, 403, 404, 405, 415 }, fuzzer.Statuses.Keys.ToHashSet());
    }
}
