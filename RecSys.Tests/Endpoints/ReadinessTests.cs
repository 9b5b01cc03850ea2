using System.Globalization;
using System.Text.Json;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.Endpoints;

/// <summary>
/// <c>GET /data/readiness</c> from an empty store to a sound one: each remark's advice, followed over HTTP, makes the remark go away.
/// </summary>
public sealed class ReadinessTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private BareServer server = null!;
    private HttpClient client = null!;
    private int made;

    public async ValueTask InitializeAsync()
    {
        server = await BareServer.StartAsync();
        client = server.Client("root", "admin");
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Remarks_WhoseAdviceIsFollowed_GoAwayOneByOne()
    {
        await AssertRemarksAsync(ready: false, "no_items", "no_positive_events");
        await PutAsync("lamp");
        await AssertRemarksAsync(ready: false, "no_positive_events");
        await PostAsync("ada", "lamp", "click", days: 1);
        await AssertRemarksAsync(ready: true, "few_days", "no_impressions");
        await PostAsync("ada", "lamp", "impression", days: 2);
        await AssertRemarksAsync(ready: true, "few_days", "impressions_without_position");
        await PostAsync("ada", "lamp", "impression", days: 3, ""","position":0""");
        await AssertRemarksAsync(ready: true);

        await PostAsync("ada", "chair", "click", days: 1);
        await AssertRemarksAsync(ready: true, "events_on_unknown_items");
        await PutAsync("chair");
        await AssertRemarksAsync(ready: true);

        await client.CallAsync("PUT", "/users/bob", "{}");
        await AssertRemarksAsync(ready: true, "events_of_unknown_users", "users_without_events");
        await client.CallAsync("PUT", "/users/ada", "{}");
        await AssertRemarksAsync(ready: true, "users_without_events");
        await PostAsync("bob", "chair", "view", days: 1);
        await AssertRemarksAsync(ready: true);

        await PostAsync("ada", "lamp", "click", days: -1.0 / 1440 * 5);
        await AssertRemarksAsync(ready: true, "clock_ahead");
    }

    [Fact]
    public async Task Remarks_DatesOnly_AreSeenUntilMostEventsHaveTimes()
    {
        await PutAsync("lamp");
        for (var day = 1; day <= 4; day++)
            await SendAsync($$"""{"id":"m{{day}}","user_id":"ada","item_id":"lamp","type":"impression","position":1,"time":"{{Now.AddDays(-day).ToString("yyyy-MM-dd'T00:00:00Z'", CultureInfo.InvariantCulture)}}"}""");
        await PostAsync("ada", "lamp", "click", days: 1);
        await AssertRemarksAsync(ready: true, "only_dates");

        for (var n = 0; n < 4; n++) await PostAsync("ada", "lamp", "impression", days: 2 + 0.01 * n, ""","position":2""");
        await AssertRemarksAsync(ready: true);
    }

    [Fact]
    public async Task Counts_AreThoseOfWhatWasSent()
    {
        await PutAsync("lamp");
        await PutAsync("chair");
        await client.CallAsync("DELETE", "/items/chair");
        await PostAsync("ada", "lamp", "click", days: 1);
        await PostAsync("ada", "lamp", "click", days: 2);
        await PostAsync("eve", "lamp", "impression", days: 2, ""","position":2""");

        var reply = (await client.CallAsync("GET", "/data/readiness")).Body;

        Assert.Equal((1, 0, 3, 2),
            (reply.GetProperty("items").GetInt32(), reply.GetProperty("users").GetInt32(), reply.GetProperty("events").GetInt32(),
            reply.GetProperty("users_without_profile").GetInt32()));
        Assert.Equal("""{"click":2,"impression":1}""",
            JsonSerializer.Serialize(reply.GetProperty("events_by_type").EnumerateObject()
            .OrderBy(entry => entry.Name, StringComparer.Ordinal).ToDictionary(entry => entry.Name, entry => entry.Value.GetInt32())));
        Assert.Equal((1, 1, 2),
            (reply.GetProperty("impressions").GetInt32(), reply.GetProperty("impressions_with_position").GetInt32(),
            reply.GetProperty("days_covered").GetInt32()));
        Assert.NotEqual(0, reply.GetProperty("remarks").GetArrayLength());
        Assert.All(reply.GetProperty("remarks").EnumerateArray(),
            remark => Assert.True(remark.GetProperty("found").GetString()!.Length > 10
            && remark.GetProperty("advice").GetString()!.Length > 10));
    }

    private async Task AssertRemarksAsync(bool ready, params string[] codes)
    {
        var reply = (await client.CallAsync("GET", "/data/readiness")).Body;
        Assert.Equal(codes, reply.GetProperty("remarks").EnumerateArray().Select(remark => remark.GetProperty("code").GetString()));
        Assert.Equal(ready, reply.GetProperty("ready").GetBoolean());
    }

    private Task<Reply> PutAsync(string item) => client.CallAsync("PUT", $"/items/{item}", """{"title":"t","category":"c"}""");

    // A second past the minute: no full day by chance.
    private Task<Reply> PostAsync(string user, string item, string type, double days, string more = "") => SendAsync(
        $$"""{"id":"e{{made++}}","user_id":"{{user}}","item_id":"{{item}}","type":"{{type}}","time":"{{Now.AddDays(-days).ToString("yyyy-MM-dd'T'HH:mm:'07Z'", CultureInfo.InvariantCulture)}}"{{more}}}""");

    private async Task<Reply> SendAsync(string e)
    {
        var reply = await client.CallAsync("POST", "/events", $$"""{"events":[{{e}}]}""");
        Assert.True(reply.Number("accepted") == 1, reply.Text);
        return reply;
    }
}
