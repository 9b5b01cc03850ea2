using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Storage;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.Endpoints;

/// <summary>Events that the store cannot take: a trigger in the real database refuses those of one user.</summary>
public sealed class DeadLetterRouteTests : IAsyncLifetime
{
    private BareServer server = null!;
    private HttpClient admin = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await BareServer.StartAsync();
        admin = server.Client("root", "admin");
        await admin.CallAsync("PUT", "/items/lamp", """{"title":"A lamp","category":"light"}""");
        await ExecuteAsync(
            "CREATE TRIGGER poison BEFORE INSERT ON log WHEN NEW.user_id = 'poison' BEGIN SELECT RAISE(ABORT, 'no such user here'); END");
    }

    public async ValueTask DisposeAsync()
    {
        admin.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Poison_Event_IsRejectedAloneKeptAndReplayedOnceTheStoreTakesIt()
    {
        var posted = await admin.CallAsync("POST", "/events", """
            {"events":[{"id":"a","user_id":"ada","item_id":"lamp","type":"click"},{"id":"x","user_id":"poison","item_id":"lamp","type":"purchase","amount":5,"currency":"EUR"},{"id":"b","user_id":"bob","item_id":"lamp","type":"click"}]}
            """);
        Assert.Equal((HttpStatusCode.MultiStatus, 2L, 1L), (posted.Status, posted.Number("accepted"), posted.Number("rejected")));
        Assert.Equal("not_storable", posted.Body.GetProperty("events")[1].GetProperty("code").GetString());

        var number = await SingleAsync();
        Assert.Equal("valid", (await admin.CallAsync("POST", $"/events/dead-letters/{number}/replay?validate_only=true")).String("status"));
        Assert.Equal(HttpStatusCode.Conflict, (await admin.CallAsync("POST", $"/events/dead-letters/{number}/replay")).Status);
        number = await SingleAsync();

        await ExecuteAsync("DROP TRIGGER poison");
        var replayed = await admin.CallAsync("POST", $"/events/dead-letters/{number}/replay");

        Assert.Equal((HttpStatusCode.OK, "created"), (replayed.Status, replayed.String("status")));
        Assert.Equal(0, await CountAsync());
        var entries = await server.Services.GetRequiredService<IEventLog>().ReadAfterAsync(0, Token).ToListAsync(Token);
        var stored =
            Assert.Single(entries.Select(entry => entry.Change).OfType<EventChange>(), change => change.Event.UserId == "poison").Event;
        Assert.Equal(("x", EventType.Purchase, 5.0, "EUR"), (stored.Id, stored.Type, stored.Amount, stored.Currency));
        Assert.Equal(HttpStatusCode.NotFound, (await admin.CallAsync("POST", $"/events/dead-letters/{number}/replay")).Status);
    }

    [Fact]
    public async Task Letter_Dropped_IsGone()
    {
        await admin.CallAsync("POST", "/events", """{"events":[{"id":"x","user_id":"poison","item_id":"lamp","type":"click"}]}""");
        var number = await SingleAsync();

        Assert.Equal(HttpStatusCode.NoContent,
            (await admin.CallAsync("DELETE", $"/events/dead-letters/{number}?validate_only=true")).Status);
        Assert.Equal(1, await CountAsync());
        Assert.Equal(HttpStatusCode.NoContent, (await admin.CallAsync("DELETE", $"/events/dead-letters/{number}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.CallAsync("DELETE", $"/events/dead-letters/{number}")).Status);
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task List_InPages_GivesEveryLetterOnceOldestFirst()
    {
        var letters = server.Services.GetRequiredService<IDeadLetters>();
        for (var n = 0; n < 5; n++)
            await letters.AddAsync(new DeadLetter(DateTimeOffset.UnixEpoch, null, null, $"reason {n}", "{}"), Token);

        var first = await admin.CallAsync("GET", "/events/dead-letters?limit=3");
        var second = await admin.CallAsync("GET", $"/events/dead-letters?limit=3&cursor={first.String("next_cursor")}");

        Assert.Equal(
            Enumerable.Range(0, 5).Select(n => $"reason {n}"),
            first.Body.GetProperty("letters").EnumerateArray().Concat(second.Body.GetProperty("letters").EnumerateArray())
                .Select(letter => letter.GetProperty("reason").GetString()));
        Assert.Null(second.String("next_cursor"));
        var number = first.Body.GetProperty("letters")[0].GetProperty("number").GetInt64();
        Assert.Equal(HttpStatusCode.Conflict, (await admin.CallAsync("POST", $"/events/dead-letters/{number}/replay")).Status);
        Assert.Equal(5, await CountAsync());
    }

    [Fact]
    public async Task Replay_OfWhatTheLogRefuses_StaysWhereItIs()
    {
        var old = new Event { Id = "o", UserId = "ada", ItemId = "lamp", Type = EventType.Click,
            Time = TimeProvider.System.GetUtcNow().AddDays(-40) };
        await server.Services.GetRequiredService<IDeadLetters>()
            .AddAsync(new DeadLetter(DateTimeOffset.UnixEpoch, null, "ada", "r", DeadLetterContent.Write(new EventChange(old))), Token);

        Assert.Equal(HttpStatusCode.Conflict, (await admin.CallAsync("POST", $"/events/dead-letters/{await SingleAsync()}/replay")).Status);
        Assert.Equal(1, await CountAsync());
    }

    private async Task<long> SingleAsync()
    {
        var letters = (await admin.CallAsync("GET", "/events/dead-letters")).Body.GetProperty("letters");
        Assert.Equal(1, letters.GetArrayLength());
        return letters[0].GetProperty("number").GetInt64();
    }

    private async Task<int> CountAsync() =>
        (await admin.CallAsync("GET", "/events/dead-letters")).Body.GetProperty("letters").GetArrayLength();

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(server.DataFolder, "recsys.db")};Pooling=false");
        await connection.OpenAsync(Token);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are those of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(Token);
    }
}
