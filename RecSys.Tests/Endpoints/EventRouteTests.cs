using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Storage;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.Endpoints;

/// <summary><c>POST /events</c> into a real log, and what an administrator sees of it.</summary>
public sealed class EventRouteTests : IAsyncLifetime
{
    private BareServer server = null!;
    private HttpClient client = null!;
    private HttpClient admin = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await BareServer.StartAsync();
        client = server.Client("shop", "events:write", "catalog:write", "service");
        admin = server.Client("root", "admin");
        await client.CallAsync("PUT", "/items/lamp", """{"title":"A lamp","category":"light"}""");
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        admin.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Post_AllFields_StandInTheLogAsTheyWereSent()
    {
        var time = Now(-90);
        var reply = await PostAsync($$"""
            {"id":"e1","user_id":"ada","session_id":"s1","item_id":"lamp","type":"purchase","time":"{{time}}","value":2,"amount":-9.5,"currency":"EUR",
             "revenue_source":"affiliate","request_id":"req_1","position":3,"scenario":"home","device":"mobile","location":"SF","meaning":"neutral"}
            """);

        Assert.Equal((HttpStatusCode.Accepted, 1L, 0L, 0L),
            (reply.Status, reply.Number("accepted"), reply.Number("duplicate"), reply.Number("rejected")));
        var stored = Assert.IsType<EventChange>((await EntriesAsync())[^1].Change).Event;
        Assert.Equal(
            new Event
            {
                Id = "e1", UserId = "ada", SessionId = "s1", ItemId = "lamp", Type = EventType.Purchase,
                    Time = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture), Value = 2, Amount = -9.5,
                Currency = "EUR", RevenueSource = RevenueSource.Affiliate, RequestId = "req_1", Position = 3, Scenario = "home",
                Device = "mobile", Location = "SF", Meaning = EventMeaning.Neutral,
            },
            stored with { Id = "e1" });
        Assert.Equal((await EntriesAsync())[^1].Position, reply.Number("position"));
        Assert.True(reply.Body.GetProperty("folded").GetBoolean());
    }

    [Fact]
    public async Task Post_WithoutId_GetsOneThatIsItsIdFromThenOn()
    {
        var first = await PostAsync("""{"user_id":"ada","item_id":"lamp","type":"click"}""");
        var id = first.Body.GetProperty("events")[0].GetProperty("id").GetString()!;

        var second = await PostAsync($$"""{"id":"{{id}}","user_id":"ada","item_id":"lamp","type":"click"}""");

        Assert.StartsWith("evt_", id, StringComparison.Ordinal);
        Assert.Equal((1, first.Number("position")), ((int)second.Number("duplicate"), second.Number("position")));
        Assert.Single(await EventsAsync());
    }

    [Fact]
    public async Task Post_MixedBatch_Is207WithWhatBecameOfEach()
    {
        await admin.CallAsync("DELETE", "/users/gone");

        var reply = await PostAsync(
            """{"id":"a","user_id":"ada","item_id":"lamp","type":"click"}""",
            """{"id":"a","user_id":"ada","item_id":"lamp","type":"click"}""",
            """{"id":"p","user_id":"ada","item_id":"chair","type":"view"}""",
            $$"""{"id":"o","user_id":"ada","item_id":"lamp","type":"click","time":"{{Now(-31 * 86_400)}}"}""",
            $$"""{"id":"f","user_id":"ada","item_id":"lamp","type":"click","time":"{{Now(660)}}"}""",
            $$"""{"id":"n","user_id":"ada","item_id":"lamp","type":"click","time":"{{Now(540)}}"}""",
            """{"id":"g","user_id":"gone","item_id":"lamp","type":"click"}""",
            """{"id":"t","user_id":"ada","item_id":"lamp","type":"fly"}""",
            """{"id":"u","item_id":"lamp","type":"click"}""",
            """{"id":"z","user_id":"ada","item_id":"lamp","type":"click","colour":"crimson"}""",
            """{"id":"","user_id":"ada","item_id":"lamp","type":"click"}""",
            "5");

        Assert.Equal(HttpStatusCode.MultiStatus, reply.Status);
        Assert.Equal(
            [
                "a accepted", "a duplicate", "p accepted parked", "o rejected too_old /events/3/time", "f rejected future /events/4/time",
                    "n accepted", "g rejected erased /events/6/user_id",
                "t rejected invalid /events/7/type", "u rejected missing /events/8/user_id", "z rejected unknown_field /events/9",
                " rejected invalid /events/10/id", " rejected wrong_type /events/11",
            ],
            reply.Body.GetProperty("events").EnumerateArray().Select(Line));
        Assert.Equal((3L, 1L, 8L), (reply.Number("accepted"), reply.Number("duplicate"), reply.Number("rejected")));
        Assert.DoesNotContain("crimson", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_UnknownItem_IsParkedAndCountsOnceTheItemComes()
    {
        await PostAsync("""{"id":"p","user_id":"ada","item_id":"chair","type":"purchase"}""");
        var live = server.Services.GetRequiredService<LiveState>();
        Assert.False(live.TryCopy("ada", new UserCopy()));
        Assert.Equal(1, (await client.CallAsync("GET", "/data/readiness")).Number("parked_events"));

        var put = await client.CallAsync("PUT", "/items/chair", """{"title":"A chair","category":"seats"}""");
        await server.Services.GetRequiredService<EventTail>().WaitAsync(put.Number("position") + 1, TimeSpan.FromSeconds(30), Token);

        var copy = live.Copy("ada");
        Assert.True(live.Catalog.TryGetNumber("chair", out var number));
        Assert.NotNull(copy.Seen.Find(number).ConsumedMs);
        Assert.Equal(0, (await client.CallAsync("GET", "/data/readiness")).Number("parked_events"));
        Assert.Equal("duplicate",
            (await PostAsync("""{"id":"p","user_id":"ada","item_id":"chair","type":"purchase"}""")).Body.GetProperty("events")[0]
            .GetProperty("status").GetString());
    }

    [Theory]
    [InlineData(0, HttpStatusCode.BadRequest)]
    [InlineData(1000, HttpStatusCode.Accepted)]
    [InlineData(1001, HttpStatusCode.BadRequest)]
    public async Task Post_SomeNumberOfEvents_IsTakenUpToAThousand(int count, HttpStatusCode expected)
    {
        var reply = await PostAsync(
            [.. Enumerable.Range(0, count).Select(n => $$"""{"id":"e{{n}}","user_id":"u{{n % 7}}","item_id":"lamp","type":"click"}""")]);

        Assert.Equal(expected, reply.Status);
        Assert.Equal(expected == HttpStatusCode.Accepted ? count : 0, (await EventsAsync()).Count);
        if (expected == HttpStatusCode.BadRequest) Assert.Equal(["/events"], reply.Faults);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("null", "")]
    [InlineData("[]", "")]
    [InlineData("{}", "/events")]
    [InlineData("""{"events":null}""", "/events")]
    [InlineData("""{"events":{}}""", "/events")]
    [InlineData("""{"events":[{}],"more":1}""", "")]
    public async Task Post_BodyThatIsNoBatch_Is400(string body, string pointer)
    {
        var reply = await client.CallAsync("POST", "/events", body);

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal([pointer], reply.Faults);
    }

    [Fact]
    public async Task Post_MoreThanAMegabyte_Is413AndLessIsNot()
    {
        string Batch(int bytes) => $$"""{"events":[{"user_id":"u","item_id":"lamp","type":"click"}{{new string(' ', bytes)}}]}""";

        Assert.Equal(HttpStatusCode.Accepted, (await client.CallAsync("POST", "/events", Batch(1_000_000))).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await client.CallAsync("POST", "/events", Batch(1_048_576))).Status);
    }

    [Fact]
    public async Task Post_ValidateOnly_ChecksAndStoresNothing()
    {
        var before = (await EntriesAsync()).Count;

        var reply = await client.CallAsync("POST", "/events?validate_only=true",
            """{"events":[{"user_id":"u","item_id":"lamp","type":"click"},{"user_id":"u","item_id":"lamp"}]}""");

        Assert.Equal((HttpStatusCode.MultiStatus, 1L, 1L), (reply.Status, reply.Number("accepted"), reply.Number("rejected")));
        Assert.Equal(before, (await EntriesAsync()).Count);
        Assert.Equal(0, (await admin.CallAsync("GET", "/events/recent")).Body.GetProperty("events").GetArrayLength());
    }

    [Fact]
    public async Task Post_ForSomebodyElse_IsForbiddenAsAWhole()
    {
        using var ada = server.Client("ada", "events:write");

        var own = await ada.CallAsync("POST", "/events", """{"events":[{"anonymous_id":"ada","item_id":"lamp","type":"click"}]}""");
        var mixed = await ada.CallAsync("POST", "/events",
            """{"events":[{"user_id":"ada","item_id":"lamp","type":"click"},{"session_id":"s","item_id":"lamp","type":"click"}]}""");

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Forbidden), (own.Status, mixed.Status));
        Assert.Single(await EventsAsync());
    }

    [Fact]
    public async Task Recent_Admin_SeesWhatBecameOfEachNewestFirst()
    {
        await PostAsync("""{"id":"a","user_id":"ada","item_id":"lamp","type":"click"}""",
            """{"id":"b","user_id":"ada","item_id":"chair","type":"view"}""", """{"id":"c","user_id":"ada"}""");

        var events = (await admin.CallAsync("GET", "/events/recent")).Body.GetProperty("events").EnumerateArray().ToArray();

        Assert.Equal(["rejected missing", "accepted parked", "accepted "],
            events.Select(e => $"{e.GetProperty("status").GetString()} {e.GetProperty("code").GetString()}"));
        Assert.Equal(("a", "ada", "lamp", "click"),
            (events[2].GetProperty("id").GetString(), events[2].GetProperty("user_id").GetString(),
            events[2].GetProperty("item_id").GetString(), events[2].GetProperty("type").GetString()));
    }

    [Fact]
    public async Task Recent_MoreThanAThousand_AreTheLatestThousand()
    {
        await PostAsync([.. Enumerable.Range(0, 800).Select(n => $$"""{"id":"e{{n}}","user_id":"u","item_id":"lamp","type":"click"}""")]);
        await PostAsync([.. Enumerable.Range(800, 800).Select(n => $$"""{"id":"e{{n}}","user_id":"u","item_id":"lamp","type":"click"}""")]);

        var ids = (await admin.CallAsync("GET", "/events/recent")).Body.GetProperty("events").EnumerateArray()
            .Select(e => e.GetProperty("id").GetString());

        Assert.Equal(Enumerable.Range(0, 1000).Select(n => $"e{1599 - n}"), ids);
    }

    private static string Line(JsonElement e)
    {
        string? Text(string name) =>
            e.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        var rest = Text("code") is { } code ? $" {code} {Text("pointer")}" : "";
        return $"{Text("id")} {Text("status")}{(e.TryGetProperty("parked", out _) ? " parked" : "")}{rest}";
    }

    private static string Now(double seconds) =>
        TimeProvider.System.GetUtcNow().AddSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private Task<Reply> PostAsync(params string[] events) =>
        client.CallAsync("POST", "/events", $$"""{"events":[{{string.Join(',', events)}}]}""");

    private async Task<List<LogEntry>> EntriesAsync() =>
        await server.Services.GetRequiredService<IEventLog>().ReadAfterAsync(0, Token).ToListAsync(Token);

    private async Task<List<LogEntry>> EventsAsync() => [.. (await EntriesAsync()).Where(entry => entry.Change is EventChange)];
}
