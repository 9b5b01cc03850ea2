using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Core.Events;
using RecSys.Core.Storage;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.EndToEnd;

/// <summary>Reasons in the served world: each must hold by what the log says, not by what the reply says.</summary>
[Collection(ServedCollection.Name)]
public sealed class ReasonTests(ServerFixture server)
{
    [Fact]
    public async Task Reasons_OfListsAndFurtherPages_AllHold()
    {
        var codes = new HashSet<string>();
        await server.StartAsync();
        var pairs = await PairsAsync();
        foreach (var user in server.World.Users.Take(20).Select(user => user.Id).Append("nobody-to-give-reasons-to"))
        {
            using var client = await server.ClientAsync(user, "recommend:read");
            var first = await client.CallAsync("GET", $"/recommend?user_id={user}&num_items=20&include=reasons");
            var next = await client.CallAsync("GET", $"/recommend/{Id(first)}/next?num_items=50&include=reasons");
            foreach (var reply in (Reply[])[first, next])
            {
                foreach (var item in reply.Body.GetProperty("items").EnumerateArray())
                {
                    var reasons = item.GetProperty("reasons").EnumerateArray().ToArray();
                    Assert.NotEmpty(reasons);
                    var personal = reply.Body.GetProperty("personalised").GetBoolean();
                    Assert.All(reasons, reason => AssertHolds(reason, item, user, personal, pairs));
                    codes.UnionWith(reasons.Select(reason => reason.GetProperty("code").GetString()!));
                }
            }
        }

        Assert.Superset(new HashSet<string> { "because_you_chose", "popular", "picked_for_you" }, codes);
    }

    [Fact]
    public async Task Reasons_ItemsNearASeed_NameIt()
    {
        using var client = await server.ClientAsync("seeder", "recommend:read");
        var seed = server.World.Items.First(item => Live.Catalog.TryGetNumber(item.Id, out var n) && Live.Catalog.IsServable(n));

        var reply = await client.CallAsync("POST", "/recommend",
            $$"""{"user_id":"seeder","num_items":50,"seed_items":["{{seed.Id}}"],"include":["reasons"]}""");

        var near = reply.Body.GetProperty("items").EnumerateArray().Where(item => Sources(item).Contains("seed_items")).ToArray();
        Assert.NotEmpty(near);
        Assert.All(near, item => Assert.Equal(("similar_to", $"Similar to {seed.Title}", seed.Id), Texts(item.GetProperty("reasons")[0])));
    }

    private LiveState Live => server.Services.GetRequiredService<LiveState>();

    private void AssertHolds(JsonElement reason, JsonElement item, string user, bool personal, HashSet<(int, int)> pairs)
    {
        var (sources, (code, text, about)) = (Sources(item), Texts(reason));
        var number = Number(item.GetProperty("item_id").GetString()!);
        switch (code)
        {
            case "because_you_chose":
                var copy = new UserCopy();
                Assert.True(Live.TryCopy(user, copy));
                Assert.Contains(Number(about!), copy.State.RecentItems.ToArray());
                Assert.Equal($"Because you chose {Live.Catalog.TitleOf(Number(about!))}", text);
                if (!sources.Contains("neighbours")) Assert.Contains((Number(about!), number), pairs);
                break;
            case "picked_for_you":
                Assert.True(personal);
                break;
            case "recommended":
                Assert.False(personal);
                Assert.Contains("two_tower", sources);
                break;
            case "trending" or "new" or "popular":
                Assert.Contains(code, sources.Select(source => source == "static" ? "popular" : source));
                Assert.EndsWith($" in {Live.Catalog.CategoryNameOf(number)}", text, StringComparison.Ordinal);
                break;
            default:
                Assert.Contains(code, (string[])["more_to_discover", "seen_before", "featured"]);
                break;
        }
    }

    // By the log itself: positive events of one user within a day.
    private async Task<HashSet<(int, int)>> PairsAsync()
    {
        var log = await server.Services.GetRequiredService<IDatabase>().Log.ReadAsync(null, null, TestContext.Current.CancellationToken);
        var pairs = new HashSet<(int, int)>();
        foreach (var events in log.Events.ToArray().Where(e => e.IsPositive && e.Item >= 0).GroupBy(e => e.User))
        {
            var chosen = events.ToArray();
            foreach (var (one, other) in chosen.SelectMany(one => chosen.Select(other => (one, other))))
            {
                if (Math.Abs(one.TimeMs - other.TimeMs) <= 86_400_000) pairs.Add((one.Item, other.Item));
            }
        }
        return pairs;
    }

    private int Number(string id) => Live.Catalog.TryGetNumber(id, out var number) ? number : throw new InvalidOperationException(id);

    private static string Id(Reply reply) => reply.Body.GetProperty("request_id").GetString()!;

    private static string[] Sources(JsonElement item) =>
        [.. item.GetProperty("sources").EnumerateArray().Select(each => each.GetString()!)];

    private static (string Code, string Text, string? About) Texts(JsonElement reason) => (
        reason.GetProperty("code").GetString()!, reason.GetProperty("text").GetString()!,
        reason.TryGetProperty("item_id", out var about) ? about.GetString() : null);
}
