using RecSys.Core.Domain;
using RecSys.Core.Recommendations;
using RecSys.Core.Recommendations.Scenarios;
using RecSys.Core.Storage.Sqlite;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Recommendations;

public sealed class PolicyKeepingTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task KeepAsync_EveryPolicy_IsInTheLogOnceHoweverOftenAServerStarts()
    {
        using var folder = new TemporaryFolder();
        await using var database = await SqliteDatabase.OpenAsync(folder.Path, Ct);
        var cart = Policy.Default with { Name = "cart", Sources = PolicySources.CoVisitation };
        var changed = cart with { Candidates = 60 };

        await KeepAsync(cart);
        await KeepAsync(cart);
        Assert.Equal(2, (await database.EventLog.ReadHeadAsync(Ct)).Position);
        await KeepAsync(changed);

        Assert.Equal(3, (await database.EventLog.ReadHeadAsync(Ct)).Position);
        foreach (var policy in (Policy[])[Policy.Default, cart, changed])
        {
            var kept = await database.Contents.FindPolicyAsync(policy.Hash, Ct);
            Assert.Equal(policy, Policy.Parse(System.Text.Encoding.UTF8.GetBytes(kept!.Json)));
        }

        Task KeepAsync(Policy scenario) => new PolicyKeeping(
            new PolicyBook(Policy.Default, new Dictionary<string, Policy> { ["cart"] = scenario }), database,
            new ListLogger<PolicyKeeping>()).KeepAsync(Ct);
    }
}
