using System.Net;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Core.Domain;
using RecSys.Core.Storage;
using RecSys.Tests.Hosting;
using static RecSys.Tests.BulkJobs.BulkCalls;

namespace RecSys.Tests.BulkJobs;

/// <summary>Bulk jobs over HTTP, into a real store.</summary>
public sealed class BulkRouteTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Items_GoodAndBadRows_AreStoredCountedAndRejectedByLine()
    {
        await using var server = await BareServer.StartAsync();
        using var client = server.Client("editor", "catalog:write");
        await client.CallAsync("PUT", "/items/known", """{"title":"k","category":"c"}""");
        await client.CallAsync("PUT", "/items/changed", """{"title":"old","category":"c"}""");

        var job = await RunAsync(client, "items", string.Join('\n',
            """{"id":"a","title":"A","category":"c"}""",
            "",
            """{"id":"known","title":"k","category":"c"}""",
            """{"id":"changed","title":"new","category":"c"}""" + "\r",
            """{"id":"b","title":5}""",
            "{nonsense",
            """{"title":"no id","category":"c"}""",
            "{\"id\":\"long\",\"title\":\"" + new string('x', 70_000) + "\",\"category\":\"c\"}",
            """{"id":"twice","title":"1","category":"c"}""",
            """{"id":"twice","title":"2","category":"c"}"""));

        Assert.Equal(("done", 9L, 2L, 2L, 1L, 4L),
            (job.String("state"), job.Number("rows"), job.Number("added"), job.Number("changed"), job.Number("unchanged"),
            job.Number("rejected")));
        Assert.Equal(job.Number("bytes_total"), job.Number("bytes_read"));
        Assert.Equal(
            ["5 wrong_type /title", "6 not_json ", "7 missing /id", "8 too_long "],
            (await RejectsAsync(client, job))
                .Select(line => $"{line.GetProperty("line")} {line.GetProperty("code")} {line.GetProperty("pointer")}"));
        Assert.Equal("new", (await client.CallAsync("GET", "/items/changed")).String("title"));
        Assert.Equal("2", (await client.CallAsync("GET", "/items/twice")).String("title"));
        Assert.Empty(Directory.GetFiles(Path.Combine(server.DataFolder, "bulk"), "*.rows"));
    }

    [Fact]
    public async Task File_PostedAgain_ChangesNothing()
    {
        await using var server = await BareServer.StartAsync();
        using var client = server.Client("shop", "catalog:write", "service");
        var items = Rows(2500, n => $$"""{"id":"i{{n}}","title":"t","category":"c"}""");
        var users = Rows(1500, n => $$"""{"id":"u{{n}}","age":{{n % 90}}}""");
        // Without ids: the server makes the same ones for the same file.
        var events = Rows(2500, n => $$"""{"user_id":"u{{n % 50}}","item_id":"i{{n}}","type":"click"}""");

        foreach (var (kind, rows, count) in ((string, string, long)[])[("items", items, 2500), ("users", users, 1500),
            ("events", events, 2500)])
        {
            var first = await RunAsync(client, kind, rows);
            var second = await RunAsync(client, kind, rows);

            Assert.Equal(("done", count, 0L, 0L),
                (first.String("state"), first.Number("added"), first.Number("unchanged"), first.Number("rejected")));
            Assert.Equal(("done", 0L, count, 0L),
                (second.String("state"), second.Number("added"), second.Number("unchanged"), second.Number("rejected")));
        }
        var entries = await server.Services.GetRequiredService<IEventLog>().ReadAfterAsync(0, Token).ToListAsync(Token);
        Assert.Equal((2500, 1500, 2500),
            (entries.Count(e => e.Change is ItemPut), entries.Count(e => e.Change is UserPut),
            entries.Count(e => e.Change is EventChange)));
    }

    [Fact]
    public async Task Events_ThatTheLogRefuses_AreRejectsAndUnknownItemsWait()
    {
        await using var server = await BareServer.StartAsync();
        using var client = server.Client("root", "admin");
        await client.CallAsync("DELETE", "/users/gone");

        var job = await RunAsync(client, "events", string.Join('\n',
            """{"id":"1","user_id":"a","item_id":"unknown","type":"click"}""",
            """{"id":"2","user_id":"gone","item_id":"unknown","type":"click"}""",
            """{"id":"3","user_id":"a","item_id":"unknown","type":"click","time":"2020-01-01T00:00:00Z"}"""));

        Assert.Equal((1L, 1L, 2L), (job.Number("added"), job.Number("parked"), job.Number("rejected")));
        Assert.Equal(["2 erased /user_id", "3 too_old /time"],
            (await RejectsAsync(client, job))
            .Select(line => $"{line.GetProperty("line")} {line.GetProperty("code")} {line.GetProperty("pointer")}"));
    }

    [Fact]
    public async Task ValidateOnly_ReadsEveryRowAndStoresNothing()
    {
        await using var server = await BareServer.StartAsync();
        using var client = server.Client("editor", "catalog:write");

        var job = await RunAsync(client, "items?validate_only=true", """{"id":"a","title":"A","category":"c"}""" + "\n{}");

        Assert.Equal(("done", 2L, 0L, 1L), (job.String("state"), job.Number("rows"), job.Number("added"), job.Number("rejected")));
        Assert.Equal(HttpStatusCode.NotFound, (await client.CallAsync("GET", "/items/a")).Status);
    }

    [Fact]
    public async Task Cancel_RunningAndWaiting_KeepsWhatIsStoredAndEndsTheWaitingOneAtOnce()
    {
        await using var server = await BareServer.StartAsync(null, ("Bulk:ChunkRows", "10"));
        using var client = server.Client("editor", "catalog:write");
        var rows = Rows(20_000, n => $$"""{"id":"i{{n}}","title":"t","category":"c"}""");

        var running = await client.CallAsync("POST", "/bulk/items", rows, Lines);
        var waiting = await client.CallAsync("POST", "/bulk/items", rows, Lines);
        await Calls.EventuallyAsync(() => client.CallAsync("GET", $"/bulk/jobs/{running.String("id")}"), job => job.Number("added") > 0);
        var second = await client.CallAsync("DELETE", $"/bulk/jobs/{waiting.String("id")}");
        var first = await client.CallAsync("DELETE", $"/bulk/jobs/{running.String("id")}");

        Assert.Equal((HttpStatusCode.Accepted, "cancelled"), (second.Status, second.String("state")));
        Assert.Equal(HttpStatusCode.Accepted, first.Status);
        var ended = await EndAsync(client, running);
        Assert.Equal("cancelled", ended.String("state"));
        Assert.InRange(ended.Number("added"), 10, 19_990);
        var entries = await server.Services.GetRequiredService<IEventLog>().ReadAfterAsync(0, Token).ToListAsync(Token);
        // The policy in force stands there, too.
        Assert.Equal(ended.Number("added"), entries.Count(entry => entry.Change is ItemPut));
        Assert.Equal(HttpStatusCode.Conflict, (await client.CallAsync("DELETE", $"/bulk/jobs/{running.String("id")}")).Status);
        // The file goes once the end of the job is on disk, which is told before.
        await Calls.EventuallyAsync(
            () => Task.FromResult(Directory.GetFiles(Path.Combine(server.DataFolder, "bulk"), "*.rows")), files => files.Length == 0);
    }

    [Fact]
    public async Task Jobs_MoreThanAreKept_AreForgottenWithTheirFiles()
    {
        await using var server = await BareServer.StartAsync(null, ("Bulk:KeptJobs", "2"));
        using var client = server.Client("editor", "catalog:write");
        var ids = new List<string?>();
        for (var n = 0; n < 4; n++) ids.Add((await RunAsync(client, "items", "{}")).String("id"));

        var jobs = (await client.CallAsync("GET", "/bulk/jobs")).Body.GetProperty("jobs").EnumerateArray()
            .Select(job => job.GetProperty("id").GetString());

        Assert.Equal([ids[3], ids[2]], jobs);
        Assert.Equal(HttpStatusCode.NotFound, (await client.CallAsync("GET", $"/bulk/jobs/{ids[0]}")).Status);
        await Calls.EventuallyAsync(() => Task.FromResult(Directory.GetFiles(Path.Combine(server.DataFolder, "bulk")).Length),
            files => files == 4);
    }

    [Fact]
    public async Task Rejects_MoreThanAreKept_AreCountedAll()
    {
        await using var server = await BareServer.StartAsync(null, ("Bulk:MaxRejects", "3"));
        using var client = server.Client("editor", "catalog:write");

        var job = await RunAsync(client, "items", Rows(10, _ => "{}"));

        Assert.Equal(10, job.Number("rejected"));
        Assert.Equal(3, (await RejectsAsync(client, job)).Count);
    }

    [Fact]
    public async Task Queue_Full_Is429WithRetryAfter()
    {
        await using var server = await BareServer.StartAsync(null, ("Bulk:MaxWaiting", "1"), ("Bulk:ChunkRows", "10"));
        using var client = server.Client("editor", "catalog:write");
        var rows = Rows(20_000, n => $$"""{"id":"i{{n}}","title":"t","category":"c"}""");
        var running = await client.CallAsync("POST", "/bulk/items", rows, Lines);
        await Calls.EventuallyAsync(() => client.CallAsync("GET", $"/bulk/jobs/{running.String("id")}"),
            job => job.String("state") != "queued");

        var waiting = await client.CallAsync("POST", "/bulk/items", rows, Lines);
        var refused = await client.CallAsync("POST", "/bulk/items", "{}", Lines);

        Assert.Equal(HttpStatusCode.Accepted, waiting.Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.NotNull(refused.RetryAfter);
        await client.CallAsync("DELETE", $"/bulk/jobs/{running.String("id")}");
        await client.CallAsync("DELETE", $"/bulk/jobs/{waiting.String("id")}");
    }

    [Fact]
    public async Task Cancel_WaitingJobs_TheNextInTurnRuns()
    {
        await using var server = await BareServer.StartAsync(null, ("Bulk:MaxWaiting", "3"), ("Bulk:ChunkRows", "10"));
        using var client = server.Client("editor", "catalog:write");
        var running = await client.CallAsync("POST", "/bulk/items", Rows(20_000, n => $$"""{"id":"i{{n}}","title":"t","category":"c"}"""),
            Lines);
        await Calls.EventuallyAsync(() => client.CallAsync("GET", $"/bulk/jobs/{running.String("id")}"),
            job => job.String("state") == "running");
        for (var n = 0; n < 10; n++)
        {
            var waiting = await client.CallAsync("POST", "/bulk/items", "{}", Lines);
            Assert.Equal(HttpStatusCode.Accepted, waiting.Status);
            Assert.Equal("cancelled", (await client.CallAsync("DELETE", $"/bulk/jobs/{waiting.String("id")}")).String("state"));
        }
        var first = await client.CallAsync("POST", "/bulk/items", """{"id":"first","title":"1","category":"c"}""", Lines);
        var second = await client.CallAsync("POST", "/bulk/items", """{"id":"first","title":"2","category":"c"}""", Lines);

        await client.CallAsync("DELETE", $"/bulk/jobs/{running.String("id")}");

        Assert.Equal(("done", "done"),
            ((await EndAsync(client, first)).String("state"), (await EndAsync(client, second)).String("state")));
        Assert.Equal("2", (await client.CallAsync("GET", "/items/first")).String("title"));
    }

    [Theory]
    [InlineData("Bulk:MaxFileBytes", "1024", HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("Bulk:MinFreeBytes", "4398046511104", HttpStatusCode.ServiceUnavailable)]
    public async Task File_ThatFindsNoRoom_IsRefusedAndLeavesNothing(string option, string value, HttpStatusCode expected)
    {
        await using var server = await BareServer.StartAsync(null, (option, value));
        using var client = server.Client("editor", "catalog:write");

        var whole = await client.CallAsync("POST", "/bulk/items", new string(' ', 5000), Lines);
        using var chunked = new HttpRequestMessage(HttpMethod.Post,
            "/bulk/items") { Content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes(new string(' ', 5000)))) };
        chunked.Headers.TransferEncodingChunked = true;
        chunked.Content.Headers.TryAddWithoutValidation("Content-Type", Lines);
        using var streamed = await client.SendAsync(chunked, Token);

        Assert.Equal((expected, expected), (whole.Status, streamed.StatusCode));
        var folder = Path.Combine(server.DataFolder, "bulk");
        if (Directory.Exists(folder)) Assert.Empty(Directory.GetFiles(folder));
        Assert.Equal(0, (await client.CallAsync("GET", "/bulk/jobs")).Body.GetProperty("jobs").GetArrayLength());
        // With room on the disk, an empty file is refused for being empty.
        if (option == "Bulk:MaxFileBytes")
            Assert.Equal(HttpStatusCode.BadRequest, (await client.CallAsync("POST", "/bulk/items", "", Lines)).Status);
    }

    [Fact]
    public async Task Store_HeldByAnotherProcess_IsWaitedFor()
    {
        await using var server = await BareServer.StartAsync();
        using var client = server.Client("editor", "catalog:write");
        Reply posted;
        await using (var other = new SqliteConnection($"Data Source={Path.Combine(server.DataFolder, "recsys.db")};Pooling=false"))
        {
            await other.OpenAsync(Token);
            await using var begin = other.CreateCommand();
            begin.CommandText = "BEGIN IMMEDIATE";
            await begin.ExecuteNonQueryAsync(Token);
            posted = await client.CallAsync("POST", "/bulk/items", """{"id":"a","title":"A","category":"c"}""", Lines);
            await Calls.EventuallyAsync(() => client.CallAsync("GET", $"/bulk/jobs/{posted.String("id")}"),
                job => job.String("state") == "running");
        }

        var job = await EndAsync(client, posted);

        Assert.Equal(("done", 1L), (job.String("state"), job.Number("added")));
    }

    [Fact]
    public async Task Jobs_OfAnotherKind_AreNobodysBusiness()
    {
        await using var server = await BareServer.StartAsync();
        using var editor = server.Client("editor", "catalog:write");
        using var shop = server.Client("shop", "service");
        var items = await RunAsync(editor, "items", "{}");
        var users = await RunAsync(shop, "users", """{"id":"u"}""");

        Assert.Equal(HttpStatusCode.NotFound, (await shop.CallAsync("GET", $"/bulk/jobs/{items.String("id")}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await editor.CallAsync("GET", $"/bulk/jobs/{users.String("id")}/rejects")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await editor.CallAsync("POST", "/bulk/users", "{}", Lines)).Status);
        Assert.Equal([items.String("id")],
            (await editor.CallAsync("GET", "/bulk/jobs")).Body.GetProperty("jobs").EnumerateArray()
            .Select(job => job.GetProperty("id").GetString()));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await editor.CallAsync("POST", "/bulk/items", "{}")).Status);
    }
}
