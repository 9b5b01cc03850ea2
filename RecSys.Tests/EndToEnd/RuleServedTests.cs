using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Storage;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.EndToEnd;

/// <summary>Rules that are put over HTTP are followed by the next request, and said of its list.</summary>
[Collection(ServedCollection.Name)]
public sealed class RuleServedTests(ServerFixture server) : IAsyncLifetime
{
    private const string User = "somebody-with-rules";

    private HttpClient root = null!;

    public async ValueTask InitializeAsync() => root = await server.ClientAsync("root", "admin", "recommend:read");

    public async ValueTask DisposeAsync()
    {
        foreach (var rule in (string[])["t-pin", "t-out", "t-in"]) await root.CallAsync("DELETE", $"/rules/{rule}");
        root.Dispose();
    }

    [Fact]
    public async Task Rules_PinAndExclude_AreFollowedAtOnceAndSaidOfTheList()
    {
        var live = server.Services.GetRequiredService<LiveState>();
        var plain = await ListAsync();
        var (worst, category) = (Pinnable(live.Catalog, plain), live.Catalog[Number(plain[0])].Category);
        await PutAsync("t-pin", $$"""{"kind":"pin","item":"{{worst}}","position":3}""");
        await PutAsync("t-out", $$"""{"kind":"exclude","filter":"category = '{{category}}'"}""");

        var reply = await root.CallAsync("GET", $"/recommend?user_id={User}&num_items=10&include=reasons,propensity");
        var trace = await root.CallAsync("GET", $"/recommend?user_id={User}&num_items=10&include=trace");

        var items = reply.Body.GetProperty("items");
        Assert.Equal(worst, items[2].GetProperty("item_id").GetString());
        Assert.Contains("pinned", items[2].GetProperty("sources").EnumerateArray().Select(source => source.GetString()));
        Assert.Equal("featured", items[2].GetProperty("reasons")[0].GetProperty("code").GetString());
        Assert.Equal(1, items[2].GetProperty("propensity").GetDouble());
        Assert.Equal(10, items.GetArrayLength());
        Assert.DoesNotContain(items.EnumerateArray(),
            item => live.Catalog[Number(item.GetProperty("item_id").GetString()!)].Category == category);
        Assert.Contains("rule:t-out", trace.Text, StringComparison.Ordinal);
        Assert.Equal("pinned", trace.Body.GetProperty("trace").GetProperty("items")[2].GetProperty("slot").GetString());
        var record = await Calls.EventuallyAsync(
            () => server.Services.GetRequiredService<IServedRecordStore>().GetAsync(
                reply.String("request_id")!, TestContext.Current.CancellationToken),
            record => record is not null);
        Assert.Equal(live.Rules.Hash, record!.RulesHash);
        Assert.Equal((SlotKind.Pinned, SlotKind.Ranked), (record.Items[2].Slot, record.Items[0].Slot));
    }

    [Fact]
    public async Task Rules_IncludeThatFewPass_NamesItselfInTheShortfall()
    {
        var live = server.Services.GetRequiredService<LiveState>();
        var few = Enumerable.Range(0, live.Catalog.Count).Where(live.Catalog.IsServable).Select(number => live.Catalog[number].Price)
            .OfType<double>().Order().Take(4).ToArray();
        var limit = JsonSerializer.Serialize(few[3]);
        await PutAsync("t-in", $$"""{"kind":"include","filter":"price < {{limit}}"}""");

        var reply = await root.CallAsync("GET", $"/recommend?user_id={User}&num_items=10");

        Assert.Equal(few.Count(price => price < few[3]), reply.Body.GetProperty("items").GetArrayLength());
        Assert.Equal("rule:t-in", reply.Body.GetProperty("shortfall").GetProperty("because").GetString());
    }

    [Fact]
    public async Task Preview_OfAPin_SaysThatItComesIn()
    {
        var plain = await ListAsync();
        var item = Pinnable(server.Services.GetRequiredService<LiveState>().Catalog, plain);
        var body = $$"""{"rules":[{"id":"t-pin","kind":"pin","item":"{{item}}","position":1}],"lists":1000}""";

        var preview = await Calls.EventuallyAsync(
            () => root.CallAsync("POST", "/rules:preview", body), reply => reply.Status == HttpStatusCode.OK && reply.Number("lists") > 0);

        Assert.True(preview.Number("changed") > 0);
        Assert.Equal(item, preview.Body.GetProperty("come_in")[0].GetProperty("item_id").GetString());
        Assert.Equal(item, preview.Body.GetProperty("examples")[0].GetProperty("after")[0].GetString());
        // Nothing of it stays.
        Assert.Equal(plain, await ListAsync());
    }

    private async Task<string[]> ListAsync() => [.. (await root.CallAsync("GET", $"/recommend?user_id={User}&num_items=10")).Body
        .GetProperty("items").EnumerateArray().Select(item => item.GetProperty("item_id").GetString()!)];

    private async Task PutAsync(string id, string body)
    {
        var put = await root.CallAsync("PUT", $"/rules/{id}", body);
        Assert.Equal(HttpStatusCode.Created, put.Status);
        Assert.True(put.Body.GetProperty("folded").GetBoolean());
    }

    // Servable, not in the list, and of another category than its first.
    private string Pinnable(ItemCatalog catalog, string[] plain) => Enumerable.Range(0, catalog.Count).Where(catalog.IsServable)
        .Select(number => catalog[number])
        .First(item => !plain.Contains(item.Id) && item.Category != catalog[Number(plain[0])].Category).Id;

    private int Number(string id) => server.Services.GetRequiredService<LiveState>().Catalog.TryGetNumber(id, out var number)
        ? number : throw new InvalidOperationException(id);
}
