using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Storage;
using RecSys.Tests.EndToEnd;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.Endpoints.Gorse;

/// <summary>What gorse's clients store: items, users and feedback, into a real log.</summary>
[Collection(ServedCollection.Name)]
public sealed class GorseStoreTests : IAsyncLifetime
{
    private BareServer server = null!;
    private GorseClient gorse = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static string[] AllScopes => ["service", "events:write", "catalog:write", "recommend:read"];

    public async ValueTask InitializeAsync()
    {
        server = await BareServer.StartAsync(null, ("Gorse:Enabled", "true"), ("Gorse:FeedbackTypes:share", "like"),
            ("Gorse:FeedbackTypes:unstar", "like:undo"));
        gorse = new GorseClient(server.Address, ServerFixture.Token("shop", AllScopes));
    }

    public async ValueTask DisposeAsync()
    {
        gorse.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Item_ThatIsInserted_IsStoredAndComesBackAsItWas()
    {
        const string Sent = """
            {"ItemId":"a/b","IsHidden":true,
             "Labels":{"genre":["comedy","sci-fi"],"studio":{"name":"Ghibli"},"stars":4.5,"embedding":[0.1,0.2]},
             "Categories":["film","classic"],"Timestamp":"2022-02-24T10:00:00Z","Comment":"A title","Unknown":1}
            """;

        Assert.Equal(1, await gorse.WriteAsync("POST", "/api/item", Sent));
        var back = await gorse.AskAsync("GET", "/api/item/a%2Fb");

        Assert.Equal(("a/b", true, "A title"), (back.GetProperty("ItemId").GetString(), back.GetProperty("IsHidden").GetBoolean(),
            back.GetProperty("Comment").GetString()));
        Assert.Equal("""["film","classic"]""", back.GetProperty("Categories").GetRawText());
        Assert.Equal(new DateTimeOffset(2022, 2, 24, 10, 0, 0, TimeSpan.Zero), back.GetProperty("Timestamp").GetDateTimeOffset());
        Assert.True(JsonElement.DeepEquals(
            JsonDocument.Parse("""{"genre":["comedy","sci-fi"],"studio.name":"Ghibli","stars":4.5}""").RootElement,
            back.GetProperty("Labels")));
        using var editor = server.Client("editor", "catalog:write");
        var stored = await editor.CallAsync("GET", "/items/a%2Fb");
        Assert.Equal(("film", false, "A title"), (stored.String("category"), stored.Body.GetProperty("available").GetBoolean(),
            stored.String("title")));
        Assert.Equal("""["classic","comedy","sci-fi","Ghibli"]""", stored.Body.GetProperty("tags").GetRawText());
    }

    [Fact]
    public async Task Item_ThatIsPatched_KeepsWhatIsNullOrLeftOut()
    {
        await gorse.WriteAsync("POST", "/api/items",
            """[{"ItemId":"i","Categories":["x","y"],"Labels":["p"],"Timestamp":"2022-02-24","Comment":"old"},{"ItemId":"j"}]""");

        // As the Python client does: everything that it was not told is null.
        await gorse.WriteAsync("PATCH", "/api/item/i",
            """{"Categories":null,"Comment":"new","IsHidden":true,"Labels":null,"Timestamp":null}""");
        await gorse.WriteAsync("PUT", "/api/item/i/category/z");
        await gorse.WriteAsync("DELETE", "/api/item/i/category/x");
        var item = await gorse.AskAsync("GET", "/api/item/i");
        var bare = await gorse.AskAsync("GET", "/api/item/j");

        Assert.Equal(("""["y","z"]""", """["p"]""", "new", true, 2022), (item.GetProperty("Categories").GetRawText(),
            item.GetProperty("Labels").GetRawText(), item.GetProperty("Comment").GetString(), item.GetProperty("IsHidden").GetBoolean(),
            item.GetProperty("Timestamp").GetDateTimeOffset().Year));
        Assert.Equal("""{"ItemId":"j","IsHidden":false,"Categories":[],"Timestamp":"0001-01-01T00:00:00+00:00","Labels":[],"Comment":""}""",
            bare.GetRawText());
        Assert.Equal(HttpStatusCode.NotFound, (await gorse.CallAsync("PATCH", "/api/item/nothing", "{}")).Status);
    }

    [Fact]
    public async Task Items_ReadByTheCursor_AreAllThereOnce()
    {
        var rows = Enumerable.Range(0, 25).Select(n => $$"""{"ItemId":"i{{n}}"}""");
        await gorse.WriteAsync("POST", "/api/items", $"[{string.Join(',', rows)}]");
        await gorse.WriteAsync("DELETE", "/api/item/i3");

        var (ids, cursor, pages) = (new List<string>(), "", 0);
        do
        {
            var page = await gorse.AskAsync("GET", $"/api/items?n=10&cursor={cursor}");
            ids.AddRange(page.GetProperty("Items").EnumerateArray().Select(item => item.GetProperty("ItemId").GetString()!));
            cursor = page.GetProperty("Cursor").GetString()!;
            pages++;
        }
        while (cursor.Length > 0);

        Assert.Equal(3, pages);
        Assert.Equal(Enumerable.Range(0, 25).Where(n => n != 3).Select(n => $"i{n}"), ids);
        Assert.Equal(0, await gorse.WriteAsync("DELETE", "/api/item/i3"));
        Assert.Equal(HttpStatusCode.NotFound, (await gorse.CallAsync("GET", "/api/item/i3")).Status);
    }

    [Fact]
    public async Task User_IsStoredChangedListedAndErased()
    {
        await gorse.WriteAsync("POST", "/api/user", """{"UserId":"u","Labels":["29","male"],"Subscribe":["x"],"Comment":"c"}""");
        await gorse.WriteAsync("POST", "/api/users", """[{"UserId":"v","Labels":{"city":"Rome","age":29}},{"UserId":"w"}]""");
        var words = await gorse.AskAsync("GET", "/api/user/u");
        await gorse.WriteAsync("PATCH", "/api/user/u", """{"Labels":["female"],"Comment":null}""");

        Assert.Equal("""{"UserId":"u","Labels":["29","male"],"Subscribe":[],"Comment":""}""", words.GetRawText());
        Assert.Equal("""["female"]""", (await gorse.AskAsync("GET", "/api/user/u")).GetProperty("Labels").GetRawText());
        Assert.Equal("""{"age":"29","city":"Rome"}""", (await gorse.AskAsync("GET", "/api/user/v")).GetProperty("Labels").GetRawText());
        var page = await gorse.AskAsync("GET", "/api/users?n=2&cursor=");
        var rest = await gorse.AskAsync("GET", $"/api/users?n=2&cursor={page.GetProperty("Cursor").GetString()}");
        Assert.Equal(["u", "v", "w"], page.GetProperty("Users").EnumerateArray().Concat(rest.GetProperty("Users").EnumerateArray())
            .Select(user => user.GetProperty("UserId").GetString()));
        Assert.Equal("", rest.GetProperty("Cursor").GetString());

        Assert.Equal(1, await gorse.WriteAsync("DELETE", "/api/user/u"));
        Assert.Equal(HttpStatusCode.NotFound, (await gorse.CallAsync("GET", "/api/user/u")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await gorse.CallAsync("POST", "/api/user", """{"UserId":"u"}""")).Status);
    }

    [Fact]
    public async Task Feedback_OfManyTypes_IsEventsOfTheirTypes()
    {
        await gorse.WriteAsync("POST", "/api/items", """[{"ItemId":"i"}]""");
        var types = new (string Word, EventType Type, EventMeaning? Meaning)[]
        {
            ("click", EventType.Click, null), ("read", EventType.Impression, null), ("star", EventType.Like, null),
            ("like", EventType.Like, null), ("buy", EventType.Purchase, null), ("share", EventType.Like, null),
            ("unstar", EventType.Like, EventMeaning.Undo), ("watch", EventType.View, null),
        };
        var at = TimeProvider.System.GetUtcNow().AddHours(-1);
        var rows = types.Select((each, n) => Row(each.Word, "u", "i", at.AddMinutes(n)));

        Assert.Equal(types.Length, await gorse.WriteAsync("POST", "/api/feedback", $"[{string.Join(',', rows)}]"));

        var events = await EventsAsync();
        Assert.Equal(types.Select(each => (each.Type, each.Meaning)), events.Select(e => (e.Type, e.Meaning)));
        Assert.All(events, e => Assert.Equal(("u", "i"), (e.UserId, e.ItemId)));
        var liked = await gorse.AskAsync("GET", "/api/user/u/feedback/star");
        Assert.Equal(3, liked.GetArrayLength());
        Assert.All(liked.EnumerateArray(), row => Assert.Equal(("star", "u", "i"), (row.GetProperty("FeedbackType").GetString(),
            row.GetProperty("UserId").GetString(), row.GetProperty("ItemId").GetString())));
        Assert.Equal(types.Length - 1, (await gorse.AskAsync("GET", "/api/user/u/feedback")).GetArrayLength());
    }

    [Fact]
    public async Task Feedback_SentAgain_CountsOnce()
    {
        await gorse.WriteAsync("POST", "/api/items", """[{"ItemId":"i"}]""");
        var timed = Row("star", "u", "i", TimeProvider.System.GetUtcNow().AddHours(-1));
        const string Untimed = """{"FeedbackType":"click","UserId":"u","ItemId":"i"}""";
        // As the Go client sends a time that was never set.
        const string Zero = """{"FeedbackType":"click","UserId":"u","ItemId":"i","Timestamp":"0001-01-01T00:00:00Z"}""";

        foreach (var row in (string[])[timed, timed, Untimed, Untimed, Zero]) await gorse.WriteAsync("POST", "/api/feedback", $"[{row}]");
        Assert.Equal(2, (await EventsAsync()).Count);

        await gorse.WriteAsync("PUT", "/api/feedback", $"[{Untimed}]");
        await gorse.WriteAsync("PUT", "/api/feedback", $"[{timed}]");
        Assert.Equal(3, (await EventsAsync()).Count);
    }

    [Fact]
    public async Task Feedback_OnAnUnknownItem_CountsOnceTheItemComes()
    {
        Assert.Equal(1, await gorse.WriteAsync("POST", "/api/feedback", $"[{Row("star", "u", "late", TimeProvider.System.GetUtcNow())}]"));
        Assert.Empty(await EventsAsync());

        await gorse.WriteAsync("POST", "/api/item", """{"ItemId":"late"}""");

        Assert.Single(await EventsAsync());
        var recent = server.Services.GetRequiredService<RecentEvents>().Latest();
        Assert.Equal(("accepted", "parked"), (recent[0].Status, recent[0].Code));
    }

    [Theory]
    [InlineData("""[{"FeedbackType":"wave","UserId":"u","ItemId":"i"}]""", "/0", "FeedbackType is none of")]
    [InlineData("""[{"FeedbackType":"star","UserId":"u","ItemId":"i"},{"FeedbackType":"star","ItemId":"i"}]""", "/1", "UserId is missing")]
    [InlineData("""[{"FeedbackType":"star","UserId":"u","ItemId":"i","Timestamp":"soon"}]""", "/0", "Timestamp is neither")]
    [InlineData("""[{"FeedbackType":"star","UserId":"u","ItemId":"i","Timestamp":"2199-01-01"}]""", "/0", "10 minutes")]
    [InlineData("""[{"FeedbackType":"star","UserId":"u","ItemId":"i","Timestamp":"2001-01-01"}]""", "/0", "older than event ids")]
    [InlineData("""["star"]""", "/0", "must be an object")]
    [InlineData("""{"FeedbackType":"star","UserId":"u","ItemId":"i"}""", "", "must be an array")]
    public async Task Feedback_ThatIsMalformed_Is400WithItsPlaceAndNothingOfItIsStored(string body, string pointer, string reason)
    {
        await gorse.WriteAsync("POST", "/api/items", """[{"ItemId":"i"}]""");

        var (status, problem) = await gorse.CallAsync("POST", "/api/feedback", body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(reason, problem.GetProperty("errors").GetProperty(pointer)[0].GetString(), StringComparison.Ordinal);
        Assert.Empty(await EventsAsync());
    }

    [Fact]
    public async Task Feedback_OfAnErasedUser_IsRefusedAndTheRestIsStored()
    {
        await gorse.WriteAsync("POST", "/api/items", """[{"ItemId":"i"}]""");
        await gorse.WriteAsync("DELETE", "/api/user/gone");
        var now = TimeProvider.System.GetUtcNow();

        var (status, problem) = await gorse.CallAsync("POST", "/api/feedback",
            $"[{Row("star", "gone", "i", now)},{Row("star", "here", "i", now)}]");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("was erased", problem.GetProperty("errors").GetProperty("/0")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal("here", Assert.Single(await EventsAsync()).UserId);
    }

    [Theory]
    [InlineData("GET", "/api/user/u/neighbors?n=3&offset=0")]
    [InlineData("GET", "/api/feedback?n=3&cursor=")]
    [InlineData("GET", "/api/feedback/star")]
    [InlineData("GET", "/api/feedback/star/u/i")]
    [InlineData("GET", "/api/item/i/feedback/star")]
    [InlineData("DELETE", "/api/feedback/star/u/i")]
    [InlineData("DELETE", "/api/feedback/u/i")]
    [InlineData("GET", "/api/measurements/x?n=1")]
    public async Task Call_ThatHasNothingBehindIt_Is501AndSaysWhatToUse(string method, string path)
    {
        var (status, problem) = await gorse.CallAsync(method, path);

        Assert.Equal(HttpStatusCode.NotImplemented, status);
        Assert.True(problem.GetProperty("detail").GetString()!.Length > 40);
    }

    [Fact]
    public async Task Key_MustBeATokenWithTheScopesOfTheCall()
    {
        (string, string, string)[] calls =
        [
            ("POST", "/api/item", """{"ItemId":"i"}"""), ("POST", "/api/user", """{"UserId":"u"}"""), ("POST", "/api/feedback", "[]"),
            ("GET", "/api/popular", "null"),
        ];
        foreach (var (key, expected) in ((string, HttpStatusCode[])[])
        [
            ("nonsense", [.. Enumerable.Repeat(HttpStatusCode.Unauthorized, 4)]),
            // Everything but acting for all users.
            (ServerFixture.Token("app", "events:write", "catalog:write", "recommend:read"),
                [HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden]),
            (ServerFixture.Token("shop", "service"),
                [HttpStatusCode.Forbidden, HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden]),
            (ServerFixture.Token("shop", AllScopes), [HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK]),
        ])
        {
            using var client = new GorseClient(server.Address, key);
            var answers = new List<HttpStatusCode>();
            foreach (var (method, path, body) in calls) answers.Add((await client.CallAsync(method, path, body)).Status);
            Assert.Equal(expected, answers);
        }
        // The key counts here alone.
        using var elsewhere = new HttpClient { BaseAddress = server.Address };
        elsewhere.DefaultRequestHeaders.Add("X-API-Key", ServerFixture.Token("shop", AllScopes));
        Assert.Equal(HttpStatusCode.Unauthorized, (await elsewhere.CallAsync("GET", "/users")).Status);
    }

    [Fact]
    public async Task Audit_OfAUser_NamesNobody()
    {
        await gorse.WriteAsync("POST", "/api/user", """{"UserId":"somebody-known"}""");
        await gorse.WriteAsync("PATCH", "/api/user/somebody-known", """{"Labels":["x"]}""");

        var files = Directory.GetFiles(server.DataFolder, "*", SearchOption.AllDirectories)
            .Where(file => file.Contains("audit", StringComparison.Ordinal)).ToList();
        var text = await Calls.EventuallyAsync(
            async () => string.Concat(await Task.WhenAll(files.Select(async file =>
            {
                await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                using var reader = new StreamReader(stream);
                return await reader.ReadToEndAsync(Ct);
            }))),
            read => read.Contains("/api/gorse/api/user/{user_id}", StringComparison.Ordinal));

        Assert.DoesNotContain("somebody-known", text, StringComparison.Ordinal);
    }

    private static string Row(string type, string user, string item, DateTimeOffset time) =>
        JsonSerializer.Serialize(new { FeedbackType = type, UserId = user, ItemId = item, Timestamp = time.ToString("O") });

    private ValueTask<List<Event>> EventsAsync() => server.Services.GetRequiredService<IEventLog>().ReadAfterAsync(0, Ct)
        .Select(entry => (entry.Change as EventChange)?.Event).OfType<Event>().ToListAsync(Ct);
}
