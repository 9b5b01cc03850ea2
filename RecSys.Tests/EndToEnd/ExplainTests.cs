using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Core.Events;
using RecSys.Core.Storage;

namespace RecSys.Tests.EndToEnd;

[Collection(ServedCollection.Name)]
public sealed class ExplainTests(ServerFixture server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Explain_ServedItem_TellsTheRecordAndWhatTheScoreIsMadeOf()
    {
        var user = await UserAsync(11);
        using var client = await server.ClientAsync("operator", "admin", "service", "recommend:read");
        using var list = await ServedAsync(client, user);
        var (id, first) = (list.RootElement.GetProperty("request_id").GetString()!, list.RootElement.GetProperty("items")[0]);

        using var reply = await GetAsync(client, $"/explain/{id}/{first.GetProperty("item_id").GetString()}");

        var root = reply.RootElement;
        Assert.Equal(
            ("served", id, user), (Text(root, "outcome"), Text(root, "request_id"), Text(root, "user_id")));
        Assert.Equal(JsonValueKind.Null, root.GetProperty("reason").ValueKind);
        Assert.Equal(1, root.GetProperty("served").GetProperty("rank").GetInt32());
        Assert.Equal(first.GetProperty("score").GetDouble(), root.GetProperty("served").GetProperty("score").GetDouble(), 1e-6);
        Assert.NotEmpty(root.GetProperty("sources").EnumerateArray());
        var score = root.GetProperty("score");
        var contributions = score.GetProperty("contributions").EnumerateArray()
            .Select(each => each.GetProperty("contribution").GetDouble()).ToArray();
        Assert.Equal(score.GetProperty("raw").GetDouble(), score.GetProperty("base").GetDouble() + contributions.Sum(), 1e-9);
        Assert.Equal(contributions.OrderByDescending(Math.Abs), contributions);
        var steps = root.GetProperty("steps").EnumerateArray().ToArray();
        Assert.Contains(steps, step => Text(step, "stage") == "diversity");
        Assert.Equal(("select", 1), (Text(steps[^1], "stage"), steps[^1].GetProperty("rank").GetInt32()));
        Assert.True(root.GetProperty("explained_at").GetInt64() >= root.GetProperty("position").GetInt64());
    }

    [Fact]
    public async Task Explain_EveryItemOfTheCatalogue_HasAnOutcome()
    {
        var user = await UserAsync(12);
        using var client = await server.ClientAsync("operator", "admin", "service", "recommend:read");
        using var list = await ServedAsync(client, user);
        var id = list.RootElement.GetProperty("request_id").GetString()!;
        var served = list.RootElement.GetProperty("items").EnumerateArray().Select(item => Text(item, "item_id")).ToHashSet();

        foreach (var item in server.World.Items.Where((item, at) => at % 7 == 0 || served.Contains(item.Id)))
        {
            using var reply = await GetAsync(client, $"/explain/{id}/{item.Id}");
            var outcome = Text(reply.RootElement, "outcome");
            Assert.Equal(served.Contains(item.Id), outcome == "served");
            if (outcome == "served") continue;
            Assert.False(string.IsNullOrEmpty(Text(reply.RootElement, "stage")));
            Assert.False(string.IsNullOrEmpty(Text(reply.RootElement, "reason")));
            Assert.Contains(
                reply.RootElement.GetProperty("proposals").EnumerateArray(), proposal => Text(proposal, "source") == "two_tower");
        }
    }

    [Fact]
    public async Task Explain_UnknownOrNotAllowed_SaysWhatToDo()
    {
        var user = await UserAsync(13);
        using var client = await server.ClientAsync("operator", "admin", "service", "recommend:read");
        using var mere = await server.ClientAsync(user, "recommend:read");
        using var list = await ServedAsync(client, user);
        var id = list.RootElement.GetProperty("request_id").GetString()!;

        await RefusedAsync(client, $"/explain/req_00000000000000000000/{server.World.Items[0].Id}", HttpStatusCode.NotFound, "request_id");
        await RefusedAsync(client, $"/explain/{id}/no-such-item", HttpStatusCode.NotFound, "GET /items");
        await RefusedAsync(client, $"/explain/{id}/{server.World.Items[0].Id}?features=3", HttpStatusCode.BadRequest, "errors");
        await RefusedAsync(mere, $"/explain/{id}/{server.World.Items[0].Id}", HttpStatusCode.Forbidden, "admin");
    }

    [Fact]
    public async Task Explain_RecordBeyondItsTime_IsGone()
    {
        using var client = await server.ClientAsync("operator", "admin", "service", "recommend:read");
        using var list = await ServedAsync(client, await UserAsync(14));
        var store = server.Services.GetRequiredService<IServedRecordStore>();
        var record = (await store.GetAsync(list.RootElement.GetProperty("request_id").GetString()!, Token))!;
        await store.AppendAsync([record with { RequestId = "req_long_ago", Time = record.Time.AddDays(-31) }], Token);

        await RefusedAsync(client, $"/explain/req_long_ago/{server.World.Items[0].Id}", HttpStatusCode.Gone, "ServedRecords:Days");
    }

    [Fact]
    public async Task Explain_RuleThatIsGone_IsStillTheReason()
    {
        using var client = await server.ClientAsync("operator", "admin", "service", "recommend:read");
        var user = await UserAsync(15);
        using var before = await ServedAsync(client, user);
        var item = Text(before.RootElement.GetProperty("items")[0], "item_id")!;
        var category = server.World.Items.Single(each => each.Id == item).Category;
        JsonDocument during;
        try
        {
            await PutRuleAsync(client, "t-gone", $$"""{"kind":"exclude","filter":"category = '{{category}}'"}""");
            during = await ServedAsync(client, user);
        }
        finally
        {
            using var deleted = await client.DeleteAsync("/rules/t-gone", Token);
        }
        using (during)
        {
            var (first, second) = (Id(before), Id(during));

            using var served = await GetAsync(client, $"/explain/{first}/{item}");
            using var lost = await GetAsync(client, $"/explain/{second}/{item}");

            Assert.Equal("served", Text(served.RootElement, "outcome"));
            Assert.Equal("rule:t-gone", Text(lost.RootElement, "reason"));
            Assert.Equal("filter_rules", Text(lost.RootElement, "stage"));
            Assert.DoesNotContain(
                "rules", lost.RootElement.GetProperty("from_present").EnumerateArray().Select(each => each.GetString()));
        }
    }

    [Fact]
    public async Task Explain_FilterOfTheRequest_IsTheReason()
    {
        using var client = await server.ClientAsync("operator", "admin", "service", "recommend:read");
        var user = await UserAsync(16);
        using var before = await ServedAsync(client, user);
        var item = Text(before.RootElement.GetProperty("items")[0], "item_id")!;
        var category = server.World.Items.Single(each => each.Id == item).Category;
        using var reply = await client.PostAsJsonAsync(
            "/recommend", new { user_id = user, num_items = 10, filter = $"category != '{category}'" }, Token);
        using var filtered = JsonDocument.Parse(await reply.Content.ReadAsStringAsync(Token));
        await RecordedAsync(Id(filtered));

        using var lost = await GetAsync(client, $"/explain/{Id(filtered)}/{item}");
        using var kept = await GetAsync(
            client, $"/explain/{Id(filtered)}/{Text(filtered.RootElement.GetProperty("items")[0], "item_id")}");

        Assert.Equal("filter", Text(lost.RootElement, "reason"));
        Assert.Equal("filter_request", Text(lost.RootElement, "stage"));
        Assert.Equal("served", Text(kept.RootElement, "outcome"));
        Assert.DoesNotContain("filter", lost.RootElement.GetProperty("from_present").EnumerateArray().Select(each => each.GetString()));
    }

    private static string Id(JsonDocument list) => Text(list.RootElement, "request_id")!;

    private static async Task PutRuleAsync(HttpClient client, string id, string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var put = await client.PutAsync($"/rules/{id}", content, Token);
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync(Token));
    }

    private static async Task RefusedAsync(HttpClient client, string path, HttpStatusCode status, string says)
    {
        using var response = await client.GetAsync(path, Token);
        Assert.Equal(status, response.StatusCode);
        Assert.Contains(says, await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    private async Task<JsonDocument> ServedAsync(HttpClient client, string user)
    {
        var list = await GetAsync(client, $"/recommend?user_id={user}&num_items=10");
        await RecordedAsync(Id(list));
        return list;
    }

    private async Task RecordedAsync(string id)
    {
        var store = server.Services.GetRequiredService<IServedRecordStore>();
        for (var attempt = 0; attempt < 1200 && await store.GetAsync(id, Token) is null; attempt++) await Task.Delay(25, Token);
    }

    private async Task<string> UserAsync(int skip)
    {
        await server.StartAsync();
        var live = server.Services.GetRequiredService<LiveState>();
        var copy = new UserCopy();
        return server.World.Users.Select(user => user.Id).Where(id => live.TryCopy(id, copy) && copy.State.RecentItems.Length >= 3)
            .Skip(skip).First();
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static async Task<JsonDocument> GetAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path, Token);
        Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync(Token));
        return (await response.Content.ReadFromJsonAsync<JsonDocument>(Token))!;
    }
}
