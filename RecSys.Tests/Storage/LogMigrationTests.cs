using Dapper;
using Microsoft.Data.Sqlite;
using RecSys.Core.Domain;
using RecSys.Core.Storage.Sqlite;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Storage;

/// <summary>Data folders that were made before there was a log.</summary>
public sealed class LogMigrationTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task OpenAsync_FolderOfTheVersionBefore_HasEverythingInTheLog()
    {
        var full = Sample.Item("b") with
        {
            Tags = ["x", "y|z"], Creator = "c", Price = 1.5, DurationSeconds = 60, CreatedAt = Sample.Noon, ThumbnailUrl = "https://t",
                Available = false, Flagged = true,
            Description = "long", Attributes = new Dictionary<string, AttributeValue> { ["size"] = "L", ["colour"] = "ß" },
        };
        var user = Sample.User("v") with { Gender = "F", Age = 0, Location = "SF", CreatedAt = Sample.Noon,
            Attributes = new Dictionary<string, string> { ["job"] = "cook" } };
        Write(connection =>
        {
            connection.Execute("INSERT INTO items (ordinal, id, title, category, available, flagged) VALUES (1, 'a', 'Title of a', 'news', 1, 0), (5, 'c', '', 'news', 1, 0)");
            connection.Execute("""
                INSERT INTO items (ordinal, id, title, category, tags, creator, price, duration_seconds, created_ms, thumbnail_url, available, flagged, description, attributes)
                VALUES (3, 'b', 'Title of b', 'news', '["x","y|z"]', 'c', 1.5, 60, @noon, 'https://t', 0, 1, 'long', '{"size":"L","colour":"ß"}')
                """, new { noon = Sample.Noon.ToUnixTimeMilliseconds() });
            connection.Execute("INSERT INTO users (ordinal, id) VALUES (2, 'u')");
            connection.Execute("""INSERT INTO users (ordinal, id, gender, age, location, created_ms, attributes) VALUES (9, 'v', 'F', 0, 'SF', @noon, '{"job":"cook"}')""",
                new { noon = Sample.Noon.ToUnixTimeMilliseconds() });
            InsertEvent(connection, 1, "late", "u", "a", 3_000);
            InsertEvent(connection, 2, "early", "stranger", "b", 1_000, more: true);
            InsertEvent(connection, 3, "unknown", "u", "gone", 2_000, more: true);
            InsertEvent(connection, 4, "same moment", "u", "a", 1_000);
        });

        await using (var database = SqliteDatabase.Open(folder.Path))
        {
            var entries = await database.EventLog.ReadAfterAsync(0, Ct).ToListAsync(Ct);

            Assert.Equal(Enumerable.Range(1, 8).Select(position => (long)position), entries.Select(entry => entry.Position));
            Assert.Equal([0, 1, 2, -1, -1, 1, 0, 0], entries.Select(entry => entry.Item));
            Sample.AssertSame(Sample.Item("a"), ((ItemPut)entries[0].Change).Item);
            Sample.AssertSame(full, ((ItemPut)entries[1].Change).Item);
            Sample.AssertSame(user, ((UserPut)entries[4].Change).User);
            Assert.Equal(["early", "same moment", "late"], entries.Skip(5).Select(entry => ((EventChange)entry.Change).Event.Id));
            Assert.Equal(Event("early", "stranger", "b", 1_000, more: true), ((EventChange)entries[5].Change).Event);
            Assert.Equal(new LogHead((await database.EventLog.ReadHeadAsync(Ct)).Epoch, 8, 3, 0),
                await database.EventLog.ReadHeadAsync(Ct));
            Assert.Equal((3, 0, 2, 3, 1), await database.Contents.CountAsync(Ct) is var counts
                ? (counts.Items, counts.RemovedItems, counts.Users, counts.Events, counts.Parked) : default);
            Assert.Equal((Time(1_000), Time(3_000)), (counts.FirstEvent!.Value, counts.LastEvent!.Value));
            Assert.Equal(1, (await database.Survey.SurveyAsync(Ct)).ItemsWithoutTitle);
        }

        // The next opening changes nothing; what was known is known, and what waited comes with its item.
        await using var again = SqliteDatabase.Open(folder.Path);
        var appended = await again.Import.ImportAsync(
            [new ItemPut(full), new UserPut(user), new EventChange(Event("late", "u", "a", 3_000)), new ItemPut(Sample.Item("gone"))], Ct);
        Assert.Equal([2L, 5L, 8L, 9L], appended.Results.Select(result => result.Position));
        Assert.Equal(Event("unknown", "u", "gone", 2_000, more: true), ((EventChange)appended.Entries[1].Change).Event);
    }

    [Fact]
    public async Task OpenAsync_EmptyFolderOfTheVersionBefore_IsAnEmptyLog()
    {
        Write(_ => { });

        await using var database = SqliteDatabase.Open(folder.Path);

        var head = await database.EventLog.ReadHeadAsync(Ct);
        Assert.Equal((0, 0, 0), (head.Position, head.NextItem, head.Resolved));
        Assert.Equal((0, null), await database.Contents.CountAsync(Ct) is var counts ? (counts.Events, counts.LastEvent) : default);
    }

    // The schema as the program before this one made it: its scripts and its journal.
    private void Write(Action<SqliteConnection> fill)
    {
        using var connection = new SqliteConnection($"Data Source={folder[SqliteDatabase.FileName]};Pooling=False");
        connection.Execute("PRAGMA journal_mode = WAL");
        connection.Execute("CREATE TABLE SchemaVersions (SchemaVersionID INTEGER CONSTRAINT 'PK_SchemaVersions_SchemaVersionID' PRIMARY KEY AUTOINCREMENT NOT NULL, ScriptName TEXT NOT NULL, Applied DATETIME NOT NULL)");
        foreach (var name in (string[])["0001_initial", "0002_served_features"])
        {
            using var script =
                new StreamReader(typeof(SqliteDatabase).Assembly.GetManifestResourceStream($"Sqlite/Migrations/{name}.sql")!);
            connection.Execute(script.ReadToEnd());
            connection.Execute("INSERT INTO SchemaVersions (ScriptName, Applied) VALUES (@name, '2026-01-01')", new { name });
        }
        fill(connection);
    }

    private static void InsertEvent(SqliteConnection connection, int sequence, string id, string user, string item, long ms,
        bool more = false) => connection.Execute(
        "INSERT INTO events (sequence, id, user_id, item_id, type, time_ms, value, position, request_id, device, location) VALUES (@sequence, @id, @user, @item, 1, @ms, @value, @place, @request, @device, @location)",
        new { sequence, id, user, item, ms, value = more
            ? 2.5 : (double?)null, place = more
            ? 4 : (int?)null, request = more ? "r" : null, device = more ? "tv" : null, location = more ? "SF" : null });

    private static Event Event(string id, string user, string item, long ms, bool more = false) =>
        Sample.Event(id, Time(ms), user, item) with
    {
        Value = more
            ? 2.5 : null, Position = more
            ? 4 : null, RequestId = more ? "r" : null, Device = more ? "tv" : null, Location = more ? "SF" : null,
    };

    private static DateTimeOffset Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);
}
