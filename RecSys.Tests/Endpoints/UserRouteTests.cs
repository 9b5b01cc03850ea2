using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Api.Endpoints;
using RecSys.Api.Hosting.Audit;
using RecSys.Core.Events;
using RecSys.Core.Storage;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.Endpoints;

/// <summary>Users over HTTP: profiles, merge, export, erase.</summary>
public sealed class UserRouteTests : IAsyncLifetime
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
        foreach (var item in (string[])["lamp", "chair"])
            await client.CallAsync("PUT", $"/items/{item}", """{"title":"A thing","category":"things"}""");
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        admin.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Profile_PutPatchedAndRead_IsWhatWasSent()
    {
        using var ada = server.Client("ada");
        var put = await client.CallAsync("PUT", "/users/ada", """{"gender":"f","age":36,"location":"London","created_at":"2026-01-01T00:00:00Z","attributes":{"job":"maths","kids":3,"vip":true}}""");
        var same = await client.CallAsync("PUT", "/users/ada", """{"gender":"f","age":36,"location":"London","created_at":"2026-01-01T00:00:00Z","attributes":{"job":"maths","kids":3,"vip":true}}""");
        var patch = await client.CallAsync("PATCH", "/users/ada", """{"age":null,"attributes":{"kids":null,"job":"engines"}}""");
        var got = await ada.CallAsync("GET", "/users/ada");

        Assert.Equal((HttpStatusCode.Created, "created"), (put.Status, put.String("status")));
        Assert.Equal(("unchanged", put.Number("position")), (same.String("status"), same.Number("position")));
        Assert.Equal("replaced", patch.String("status"));
        Assert.Equal(("f", JsonValueKind.Null, "London"),
            (got.String("gender"), got.Body.GetProperty("age").ValueKind, got.String("location")));
        Assert.Equal("""{"job":"engines","vip":"true"}""", got.Body.GetProperty("attributes").GetRawText());
        Assert.Equal(HttpStatusCode.NotFound, (await client.CallAsync("PATCH", "/users/unknown", "{}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await client.CallAsync("GET", "/users/unknown")).Status);
        Assert.Equal("engines", server.Services.GetRequiredService<LiveState>().Copy("ada").Profile!.Attributes["job"]);
    }

    [Theory]
    [InlineData("""{"age":201}""", "/age")]
    [InlineData("""{"age":1.5}""", "/age")]
    [InlineData("""{"gender":1}""", "/gender")]
    [InlineData("""{"created_at":"yesterday"}""", "/created_at")]
    [InlineData("""{"created_at":"0001-01-01T00:00:00Z"}""", "/created_at")]
    [InlineData("""{"attributes":{"a":[]}}""", "/attributes/a")]
    [InlineData("""{"nick":"x"}""", "")]
    [InlineData("""{"id":"eve"}""", "/id")]
    public async Task Put_FaultyField_Is400ThatPointsAtIt(string body, string pointer)
    {
        var reply = await client.CallAsync("PUT", "/users/ada", body);

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal([pointer], reply.Faults);
    }

    [Fact]
    public async Task List_InPages_GivesEveryUserOnce()
    {
        for (var n = 0; n < 5; n++) await client.CallAsync("PUT", $"/users/u{n}", "{}");

        var first = await client.CallAsync("GET", "/users?limit=3");
        var second = await client.CallAsync("GET", $"/users?limit=3&cursor={first.String("next_cursor")}");

        Assert.Equal(
            Enumerable.Range(0, 5).Select(n => $"u{n}"),
            first.Body.GetProperty("users").EnumerateArray().Concat(second.Body.GetProperty("users").EnumerateArray())
                .Select(user => user.GetProperty("id").GetString()));
        Assert.Null(second.String("next_cursor"));
    }

    [Fact]
    public async Task ValidateOnly_OnEveryWrite_StoresNothing()
    {
        Assert.Equal("valid", (await client.CallAsync("PUT", "/users/ada?validate_only=true", "{}")).String("status"));
        Assert.Equal(HttpStatusCode.NotFound, (await client.CallAsync("GET", "/users/ada")).Status);
        await client.CallAsync("PUT", "/users/ada", "{}");
        Assert.Equal("valid", (await client.CallAsync("PATCH", "/users/ada?validate_only=true", """{"age":5}""")).String("status"));
        Assert.Equal("valid", (await client.CallAsync("DELETE", "/users/ada?validate_only=true")).String("status"));
        Assert.Equal("valid",
            (await client.CallAsync("POST", "/users/merge?validate_only=true", """{"from":"x","into":"ada"}""")).String("status"));
        Assert.Equal(JsonValueKind.Null, (await client.CallAsync("GET", "/users/ada")).Body.GetProperty("age").ValueKind);
    }

    [Fact]
    public async Task Merge_Visitor_MovesHistorySeenAndState()
    {
        await PostAsync("""{"id":"1","anonymous_id":"visitor","item_id":"lamp","type":"purchase"}""");
        await PostAsync("""{"id":"2","user_id":"ada","item_id":"chair","type":"like"}""");

        var merged = await client.CallAsync("POST", "/users/merge", """{"from":"visitor","into":"ada"}""");
        var again = await client.CallAsync("POST", "/users/merge", """{"from":"visitor","into":"ada"}""");
        await PostAsync("""{"id":"3","anonymous_id":"visitor","item_id":"chair","type":"hide"}""");

        Assert.Equal(("merged", "unchanged"), (merged.String("status"), again.String("status")));
        var live = server.Services.GetRequiredService<LiveState>();
        var (ada, visitor) = (live.Copy("ada"), live.Copy("visitor"));
        Assert.True(live.Catalog.TryGetNumber("lamp", out var lamp) & live.Catalog.TryGetNumber("chair", out var chair));
        Assert.NotNull(ada.Seen.Find(lamp).ConsumedMs);
        Assert.True(ada.Seen.Find(chair).Rejected);
        Assert.Equal(2, ada.State.RecentItems.Length);
        Assert.Equal(ada.Seen.Count, visitor.Seen.Count);
        var export = await ExportAsync("ada");
        Assert.Equal(["1", "2", "3"],
            export.Where(line => line.GetProperty("kind").GetString() == "event").Select(line => line.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task Put_MergedVisitor_IsTheProfileOfWhomItBecame()
    {
        await client.CallAsync("PUT", "/users/visitor", """{"age":20}""");
        await client.CallAsync("PUT", "/users/ada", """{"age":36,"location":"SF"}""");
        await client.CallAsync("POST", "/users/merge", """{"from":"visitor","into":"ada"}""");

        Assert.Equal("replaced", (await client.CallAsync("PATCH", "/users/visitor", """{"age":37}""")).String("status"));

        var stored = (await client.CallAsync("GET", "/users/ada")).Body;
        Assert.Equal((37, "SF"), (stored.GetProperty("age").GetInt32(), stored.GetProperty("location").GetString()));
        Assert.Equal("ada", (await client.CallAsync("GET", "/users/visitor")).String("id"));
        var live = server.Services.GetRequiredService<LiveState>().Copy("visitor").Profile!;
        Assert.Equal(("ada", 37, "SF"), (live.Id, live.Age, live.Location));
        // Who holds the visitor's token is not shown the user's profile.
        using var visitor = server.Client("visitor");
        Assert.Equal(403, (int)(await visitor.CallAsync("GET", "/users/visitor")).Status);
    }

    [Theory]
    [InlineData("""{"from":"ada"}""", 400)]
    [InlineData("""{"from":"ada","into":"ada"}""", 400)]
    [InlineData("""{"from":"ada","into":1}""", 400)]
    [InlineData("""{"from":"nobody","into":"ada"}""", 404)]
    [InlineData("""{"from":"gone","into":"ada"}""", 409)]
    [InlineData("""{"from":"ada","into":"gone"}""", 409)]
    public async Task Merge_ThatCannotBe_IsRefused(string body, int expected)
    {
        await PostAsync("""{"user_id":"ada","item_id":"chair","type":"like"}""");
        await admin.CallAsync("DELETE", "/users/gone");

        Assert.Equal(expected, (int)(await client.CallAsync("POST", "/users/merge", body)).Status);
    }

    [Fact]
    public async Task Export_User_GivesAllThatIsStored()
    {
        using var ada = server.Client("ada");
        await client.CallAsync("PUT", "/users/ada", """{"age":36}""");
        await PostAsync("""{"id":"1","user_id":"ada","item_id":"lamp","type":"purchase","amount":5,"currency":"EUR","session_id":"s"}""",
            """{"id":"2","user_id":"ada","item_id":"unknown","type":"view"}""");
        await PostAsync("""{"id":"9","user_id":"mallory","item_id":"lamp","type":"purchase"}""");

        var reply = await ada.CallAsync("GET", "/users/ada/export");
        var lines = await ExportAsync("ada");

        Assert.Equal("application/jsonl", reply.ContentType);
        Assert.Equal(["profile", "event", "parked_event"],
            lines.Select(line => line.GetProperty("kind").GetString()).Where(kind => kind != "state"));
        Assert.Equal(36, lines[0].GetProperty("profile").GetProperty("age").GetInt32());
        Assert.Equal(("1", "EUR", "s", "2"),
            (lines[1].GetProperty("id").GetString(), lines[1].GetProperty("currency").GetString(),
            lines[1].GetProperty("session_id").GetString(), lines[2].GetProperty("id").GetString()));
        Assert.DoesNotContain("mallory", reply.Text, StringComparison.Ordinal);
        Assert.Empty(await ExportAsync("nobody"));
    }

    [Fact]
    public async Task Export_AsManyAsMayBeAtATime_OneMoreIsToldToComeAgain()
    {
        await client.CallAsync("PUT", "/users/ada", """{"age":36}""");
        var turns = server.Services.GetRequiredService<ExportTurns>();
        for (var i = 0; i < ExportTurns.Most; i++) Assert.True(turns.TryTake());

        var refused = await admin.CallAsync("GET", "/users/ada/export");
        turns.GiveBack();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(5)), (refused.Status, refused.RetryAfter));
        // Each gives its turn back.
        for (var i = 0; i < 3; i++) Assert.NotEmpty(await ExportAsync("ada"));
    }

    [Fact]
    public async Task Erase_User_IsGoneEverywhereAndStaysGone()
    {
        const string secret = "ada-the-secret-user";
        using var self = server.Client(secret, "events:write");
        await client.CallAsync("PUT", $"/users/{secret}", """{"age":36}""");
        await PostAsync($$"""{"id":"1","anonymous_id":"her-visit","item_id":"lamp","type":"purchase","session_id":"s"}""");
        await PostAsync($$"""{"id":"2","user_id":"{{secret}}","item_id":"chair","type":"like"}""",
            $$"""{"id":"3","user_id":"{{secret}}","item_id":"unknown","type":"view"}""");
        await client.CallAsync("POST", "/users/merge", $$"""{"from":"her-visit","into":"{{secret}}"}""");
        await admin.CallAsync("PATCH", $"/users/{secret}", """{"age":37}""");

        var erased = await self.CallAsync("DELETE", $"/users/{secret}");
        var again = await self.CallAsync("DELETE", $"/users/{secret}");

        Assert.Equal((HttpStatusCode.OK, "erased"), (erased.Status, erased.String("status")));
        Assert.Equal((HttpStatusCode.OK, "erased"), (again.Status, again.String("status")));
        Assert.Equal(HttpStatusCode.NotFound, (await client.CallAsync("GET", $"/users/{secret}")).Status);
        Assert.Equal("erasure", Assert.Single(await ExportAsync(secret)).GetProperty("kind").GetString());
        await server.Services.GetRequiredService<IDatabase>().FinishErasuresAsync(Token);
        var live = server.Services.GetRequiredService<LiveState>();
        foreach (var id in (string[])[secret, "her-visit"]) Assert.False(live.TryCopy(id, new UserCopy()));
        var recent = await admin.CallAsync("GET", "/events/recent");
        Assert.DoesNotContain(secret, recent.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("her-visit", recent.Text, StringComparison.Ordinal);

        // Late events, profiles and merges do not bring it back.
        foreach (var id in (string[])[secret, "her-visit"])
        {
            var late = await PostAsync($$"""{"id":"late-{{id}}","user_id":"{{id}}","item_id":"lamp","type":"click"}""");
            Assert.Equal("erased", late.Body.GetProperty("events")[0].GetProperty("code").GetString());
        }
        Assert.Equal(HttpStatusCode.Conflict, (await client.CallAsync("PUT", $"/users/{secret}", "{}")).Status);
        Assert.Equal(HttpStatusCode.Conflict,
            (await client.CallAsync("POST", "/users/merge", $$"""{"from":"{{secret}}","into":"bob"}""")).Status);

        // What it contributed to others stays, and nothing of the log names it but the tombstones.
        Assert.True(live.Catalog.TryGetNumber("lamp", out var lamp));
        Assert.True(live.Features.ItemStates.PositivesOf(lamp) > 0);
        await using var connection =
            new SqliteConnection($"Data Source={Path.Combine(server.DataFolder, "recsys.db")};Pooling=false;Mode=ReadOnly");
        await connection.OpenAsync(Token);
        foreach (var (table, column) in ((string, string)[])[("users", "id"), ("parked", "user_id"), ("user_states", "user_id"),
            ("dead_letters", "user_id"), ("merges", "from_id")])
        {
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Names of this file.
            command.CommandText = $"SELECT count(*) FROM {table} WHERE {column} IN ('{secret}', 'her-visit')";
#pragma warning restore CA2100
            Assert.Equal((table, 0L), (table, (long)(await command.ExecuteScalarAsync(Token))!));
        }
        await using var left = connection.CreateCommand();
        left.CommandText = $"SELECT count(*) FROM log WHERE kind <> 5 AND (user_id IN ('{secret}', 'her-visit') OR session_id = 's' OR instr(payload, CAST('{secret}' AS BLOB)) > 0)";
        Assert.Equal(0L, (long)(await left.ExecuteScalarAsync(Token))!);
    }

    [Fact]
    public async Task Erase_User_TakesItsPseudonymOutOfTheAudit()
    {
        var names = new Pseudonyms(server.DataFolder);
        await admin.CallAsync("PUT", "/users/ada", "{}");
        await client.CallAsync("PUT", "/users/ada", """{"age":5}""");
        await client.CallAsync("PUT", "/users/bob", "{}");
        Assert.Contains(names.Of("ada"), await AuditAsync(AuditLog.FileName), StringComparison.Ordinal);
        Assert.Contains(names.Of("ada"), await AuditAsync(AuditLog.CatalogueFileName), StringComparison.Ordinal);

        await admin.CallAsync("DELETE", "/users/ada");

        foreach (var file in (string[])[AuditLog.FileName, AuditLog.CatalogueFileName])
            Assert.DoesNotContain(names.Of("ada"), await AuditAsync(file), StringComparison.Ordinal);
        var last = JsonDocument.Parse((await AuditAsync(AuditLog.FileName)).TrimEnd().Split('\n')[^1]).RootElement;
        Assert.Equal(("DELETE", "u-erased", names.Of("root")),
            (last.GetProperty("method").GetString(), last.GetProperty("target").GetProperty("id").GetString(),
            last.GetProperty("actor").GetString()));
        Assert.Contains(names.Of("bob"), await AuditAsync(AuditLog.CatalogueFileName), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_OfWrites_NamesNobodyAndLeavesReadsOut()
    {
        await client.CallAsync("PUT", "/users/ada", "{}");
        await client.CallAsync("GET", "/users/ada");
        await client.CallAsync("PUT", "/items/lamp", """{"title":5}""");

        var entries = (await AuditAsync(AuditLog.CatalogueFileName)).TrimEnd().Split('\n')
            .Select(line => JsonDocument.Parse(line).RootElement).ToList();

        Assert.Equal(
            ["PUT /items/{id} 201", "PUT /items/{id} 201", "PUT /users/{id} 201", "PUT /items/{id} 400"],
            entries.Select(entry => $"{entry.GetProperty("method")} {entry.GetProperty("route")} {entry.GetProperty("status")}"));
        Assert.Equal("lamp", entries[3].GetProperty("target").GetProperty("id").GetString());
        Assert.All(entries, entry => Assert.DoesNotContain("shop", entry.GetRawText(), StringComparison.Ordinal));
        Assert.DoesNotContain("\"ada\"", await AuditAsync(AuditLog.CatalogueFileName), StringComparison.Ordinal);
    }

    private Task<string> AuditAsync(string file) => File.ReadAllTextAsync(Path.Combine(server.DataFolder, file), Encoding.UTF8, Token);

    private async Task<IReadOnlyList<JsonElement>> ExportAsync(string user)
    {
        var reply = await admin.CallAsync("GET", $"/users/{user}/export");
        Assert.Equal(HttpStatusCode.OK, reply.Status);
        return [.. reply.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private Task<Reply> PostAsync(params string[] events) =>
        client.CallAsync("POST", "/events", $$"""{"events":[{{string.Join(',', events)}}]}""");
}
