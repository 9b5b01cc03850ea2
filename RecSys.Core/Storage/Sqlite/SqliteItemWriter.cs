using Microsoft.Data.Sqlite;
using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Sqlite;

/// <summary>Adds or replaces items on one connection.</summary>
internal sealed class SqliteItemWriter(SqliteConnection connection) : IDisposable
{
    private readonly SqliteStatement upsert = new(connection, """
        INSERT INTO items (id, title, category, tags, creator, price, duration_seconds, created_ms, thumbnail_url,
            available, flagged, description, attributes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET title = excluded.title, category = excluded.category, tags = excluded.tags,
            creator = excluded.creator, price = excluded.price, duration_seconds = excluded.duration_seconds,
            created_ms = excluded.created_ms, thumbnail_url = excluded.thumbnail_url, available = excluded.available,
            flagged = excluded.flagged, description = excluded.description, attributes = excluded.attributes
        """);

    internal void Write(IReadOnlyCollection<Item> items, CancellationToken ct)
    {
        foreach (var item in items)
        {
            ct.ThrowIfCancellationRequested();
            if (RecordRules.FindProblem(item) is { } problem) throw new RecSysException($"An item cannot be stored: {problem}.");
            upsert.Bind(1, item.Id);
            upsert.Bind(2, item.Title);
            upsert.Bind(3, item.Category);
            upsert.Bind(4, SqliteJson.OfList(item.Tags));
            upsert.Bind(5, item.Creator);
            upsert.Bind(6, item.Price);
            upsert.Bind(7, item.DurationSeconds);
            upsert.Bind(8, item.CreatedAt?.ToUnixTimeMilliseconds());
            upsert.Bind(9, item.ThumbnailUrl);
            upsert.Bind(10, item.Available ? 1L : 0L);
            upsert.Bind(11, item.Flagged ? 1L : 0L);
            upsert.Bind(12, item.Description);
            upsert.Bind(13, SqliteJson.OfMap(item.Attributes));
            upsert.Execute();
        }
    }

    public void Dispose() => upsert.Dispose();
}
