using System.Globalization;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Core.Events;
using RecSys.Core.Monitoring.Business;
using RecSys.Core.Monitoring.Drift;
using RecSys.Core.Storage;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.EndToEnd;

/// <summary>What lists bring and how far they drift, told by the real server over HTTP.</summary>
[Collection(ServedCollection.Name)]
public sealed class FiguresTests(ServerFixture server) : IAsyncLifetime
{
    private HttpClient client = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        client = await server.ClientAsync("figures", "recommend:read", "events:write", "service", "admin");

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Business_ListsWithEvents_AreWhatTheStoresHold()
    {
        // Figures keep what the stores forget when somebody is erased, so what comes from here on is compared.
        await StoredAsync((await RecommendAsync(server.World.Users[0].Id, 10)).GetProperty("request_id").GetString()!);
        var (storedBefore, toldBefore) = (await TruthAsync(), Told(await CountedAsync()));
        var random = new Random(5);
        var lists = new List<(string User, JsonElement List)>();
        foreach (var user in server.World.Users.Take(40)) lists.Add((user.Id, await RecommendAsync(user.Id, 10)));
        await StoredAsync(lists[^1].List.GetProperty("request_id").GetString()!);
        var position = 0L;
        foreach (var (user, list) in lists)
        {
            var request = list.GetProperty("request_id").GetString();
            var items = list.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("item_id").GetString()!).ToArray();
            var events = new List<object>();
            // Every third app reports impressions.
            if (random.Next(3) == 0)
            {
                events.AddRange(items.Take(6).Select(item =>
                    new { user_id = user, item_id = item, type = "impression", request_id = request }));
            }
            events.Add(new { user_id = user, item_id = items[random.Next(items.Length)], type = "click", request_id = request });
            if (random.Next(2) == 0)
            {
                events.Add(new
                {
                    user_id = user, item_id = items[0], type = "purchase", request_id = request, amount = random.Next(1, 50),
                    currency = "EUR", revenue_source = "purchase",
                });
            }
            events.Add(new { user_id = user, item_id = items[0], type = "click", request_id = "req_of_somebody_else" });
            var posted = await client.CallAsync("POST", "/events", JsonSerializer.Serialize(new { events }));
            Assert.Equal(events.Count, posted.Number("accepted"));
            position = posted.Number("position");
        }

        // What is counted is what is stored and folded: all of it is by now, however long that took, and one look counts it.
        Assert.True(await server.Services.GetRequiredService<EventTail>().WaitAsync(position, TimeSpan.FromDays(1), Ct));
        var told = await CountedAsync();
        var truth = await TruthAsync() - storedBefore;
        var total = Told(told);

        Assert.Equal(truth, total - toldBefore);
        Assert.Equal((40, 40), (truth.Requests, truth.Clicks));
        Assert.True(truth.Revenue > 0 && truth.Impressions is > 240 and < 400);
        var purchases = told.GetProperty("revenue_by_source").EnumerateArray()
            .Single(row => row.GetProperty("source").ValueEquals("purchase"));
        Assert.Equal(total.Revenue, purchases.GetProperty("revenue").GetDouble(), 1e-6);
        var by = told.GetProperty("by");
        foreach (var dimension in (string[])["variant", "scenario"])
            Assert.Equal(total.Requests, by.GetProperty(dimension).EnumerateArray().Sum(row => row.GetProperty("requests").GetInt64()));
        var segments = by.GetProperty("segment").EnumerateArray().ToList();
        foreach (var kind in (string[])["device:", "user:", "age:", "gender:"])
        {
            Assert.Equal(total.Clicks, segments
                .Where(row => row.GetProperty("name").GetString()!.StartsWith(kind, StringComparison.Ordinal))
                .Sum(row => row.GetProperty("clicks").GetInt64()));
        }
        Assert.Contains("two_tower", by.GetProperty("source").EnumerateArray().Select(row => row.GetProperty("name").GetString()));
        Assert.Equal(840, told.GetProperty("hours").GetArrayLength());
        Assert.Contains("EUR is the first currency that an event named.", told.GetProperty("currency_note").GetString(),
            StringComparison.Ordinal);
        Assert.Contains("Monitoring:Currency", told.GetProperty("currency_note").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drift_UsersOfOneTaste_NamesTheCategoryMix()
    {
        var job = server.Services.GetRequiredService<DriftJob>();
        var top = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        for (var round = 0; round < 3; round++)
        {
            foreach (var user in server.World.Users)
            {
                var list = await RecommendAsync(user.Id, 20);
                job.Count();
                if (round > 0) continue;
                var most = list.GetProperty("items").EnumerateArray()
                    .Select(item => server.World.Items.Single(known => known.Id == item.GetProperty("item_id").GetString()).Category)
                    .CountBy(category => category).MaxBy(category => category.Value);
                if (most.Value >= 10) (top.TryGetValue(most.Key, out var fans) ? fans : top[most.Key] = []).Add(user.Id);
            }
        }
        var before = (await client.CallAsync("GET", "/monitoring/drift?window=24h")).Body;
        Assert.Equal(server.Manifest.Version, before.GetProperty("reference").GetString());

        // Only those who like one thing come any more.
        var (category, onlyThese) = top.MaxBy(entry => entry.Value.Count);
        for (var i = 0; i < 1200; i++)
        {
            await RecommendAsync(onlyThese[i % onlyThese.Count], 20);
            job.Count();
        }

        var after = (await client.CallAsync("GET", "/monitoring/drift?window=1h")).Body;
        Assert.True(Psi(after) > Psi(before) + 0.1, $"{Psi(before)} before, {Psi(after)} after");
        Assert.Contains("category_mix", after.GetProperty("responsible").EnumerateArray().Select(name => name.GetString()));
        var share = after.GetProperty("categories").GetProperty("shares").EnumerateArray()
            .Single(row => row.GetProperty("category").GetString() == category);
        Assert.True(share.GetProperty("current").GetDouble() > share.GetProperty("reference").GetDouble());
        Assert.Contains("item_category", after.GetProperty("features").EnumerateArray()
            .Where(feature => feature.GetProperty("status").GetString() is "watch" or "drift")
            .Select(feature => feature.GetProperty("name").GetString()));
        // A feature is told with as many shares as bins.
        var feature = after.GetProperty("features")[0];
        Assert.Equal(feature.GetProperty("edges").GetArrayLength() + 1, feature.GetProperty("current").GetArrayLength());
        Assert.Equal(1, feature.GetProperty("current").EnumerateArray().Sum(bin => bin.GetDouble())
            + feature.GetProperty("current_missing").GetDouble(), 1e-4);
    }

    [Fact]
    public async Task Drift_PostedEvents_AreToldByWhatBecameOfThem()
    {
        var before = await QualityAsync();
        var item = server.World.Items[0].Id;

        await client.CallAsync("POST", "/events", $$"""
            {"events":[{"id":"quality-1","user_id":"q","item_id":"{{item}}","type":"click"},
                       {"id":"quality-1","user_id":"q","item_id":"{{item}}","type":"click"},
                       {"user_id":"q","item_id":"nobody-knows","type":"click"},
                       {"user_id":"q","item_id":"{{item}}","type":"stare"}]}
            """);

        var after = await QualityAsync();
        Assert.Equal([1, 1, 1, 1], after.Zip(before, (a, b) => a - b));
    }

    [Theory]
    [InlineData("business?hours=0", "hours")]
    [InlineData("business?hours=841", "hours")]
    [InlineData("drift?window=5m", "window")]
    [InlineData("drift?hours=1", "query")]
    public async Task Figures_ParameterThatIsNone_Is400ThatNamesIt(string path, string name) =>
        Assert.Equal([name], (await client.CallAsync("GET", $"/monitoring/{path}")).Faults);

    private async Task<long[]> QualityAsync()
    {
        var quality = (await client.CallAsync("GET", "/monitoring/drift?window=1h")).Body.GetProperty("quality");
        return [.. ((string[])["accepted", "parked", "duplicates", "refused"]).Select(name => quality.GetProperty(name).GetInt64())];
    }

    private static double Psi(JsonElement drift) => drift.GetProperty("categories").GetProperty("psi").GetDouble();

    private async Task<JsonElement> RecommendAsync(string user, int items) => (await client.CallAsync(
        "GET", $"/recommend?user_id={user}&num_items={items.ToString(CultureInfo.InvariantCulture)}")).Body;

    private static Figures Told(JsonElement body)
    {
        var total = body.GetProperty("total");
        return new Figures(total.GetProperty("requests").GetInt64(), total.GetProperty("impressions").GetInt64(),
            total.GetProperty("clicks").GetInt64(), Math.Round(total.GetProperty("revenue").GetDouble(), 4));
    }

    // Records are stored in the order in which lists were answered, so with the last one all are.
    private async Task StoredAsync(string request)
    {
        var records = server.Services.GetRequiredService<IServedRecordStore>();
        while (await records.FindAsync(request, Ct) is null) await Task.Delay(20, Ct);
    }

    private async Task<JsonElement> CountedAsync()
    {
        await server.Services.GetRequiredService<BusinessJob>().CountAsync(Ct);
        return (await client.CallAsync("GET", "/monitoring/business?hours=840")).Body;
    }

    // Plain SQL over the log, joined with the records as they are stored.
    private async Task<Figures> TruthAsync()
    {
        var records = server.Services.GetRequiredService<IServedRecordStore>();
        await using var log = new SqliteConnection("Data Source=:memory:");
        await log.OpenAsync(Ct);
        await log.ExecuteAsync("ATTACH DATABASE @path AS data; CREATE TEMP TABLE places (request TEXT, item INTEGER)",
            new { path = Path.Combine(server.DataFolder, "recsys.db") });
        await foreach (var record in records.ReadAsync(null, Ct))
        {
            await log.ExecuteAsync("INSERT INTO places VALUES (@request, @item)",
                record.Items.Select(item => new { request = record.RequestId, item = item.Item }));
        }
        return await log.QuerySingleAsync<Figures>("""
            WITH told AS (SELECT l.* FROM data.log l JOIN places p ON p.request = l.request_id AND p.item = l.item WHERE l.kind = 0),
            reported AS (SELECT request_id AS request, count(*) AS shown FROM told WHERE type = 0 GROUP BY 1),
            lists AS (SELECT request, count(*) AS places FROM places GROUP BY 1)
            SELECT (SELECT count(*) FROM lists) AS Requests,
                (SELECT sum(coalesce(shown, places)) FROM lists LEFT JOIN reported USING (request)) AS Impressions,
                (SELECT count(*) FROM told WHERE type = 1) AS Clicks,
                (SELECT round(coalesce(sum(amount), 0), 4) FROM told) AS Revenue
            """);
    }

    private sealed record Figures(long Requests, long Impressions, long Clicks, double Revenue)
    {
        public static Figures operator -(Figures a, Figures b) => new(
            a.Requests - b.Requests, a.Impressions - b.Impressions, a.Clicks - b.Clicks, Math.Round(a.Revenue - b.Revenue, 4));
    }
}
