using System.Runtime.CompilerServices;
using Dapper;
using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Sqlite;

internal sealed class SqliteItemStore(SqliteDatabase database) : IItemStore
{
    internal const string Select = """
        SELECT id AS Id, title AS Title, category AS Category, tags AS Tags, creator AS Creator, price AS Price,
            duration_seconds AS DurationSeconds, created_ms AS CreatedMs, thumbnail_url AS ThumbnailUrl,
            available AS Available, flagged AS Flagged, description AS Description, attributes AS Attributes FROM items
        """;

    public Task<Item?> GetAsync(string id, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(connection => connection.QuerySingleOrDefault<Row>($"{Select} WHERE id = @id", new { id })?.ToItem()));
    }

    public Task UpsertAsync(IReadOnlyCollection<Item> items, CancellationToken ct = default) => database.WriteAsync(connection =>
    {
        using var writer = new SqliteItemWriter(connection);
        writer.Write(items, ct);
        return true;
    }, ct);

    public async IAsyncEnumerable<Item> ReadAllAsync([EnumeratorCancellation] CancellationToken ct = default)
    {
        using var connection = database.Connect();
        await foreach (var row in connection.QueryUnbufferedAsync<Row>($"{Select} ORDER BY ordinal").WithCancellation(ct)) yield return row.ToItem();
    }

    public Task<long> CountAsync(CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(connection => connection.ExecuteScalar<long>("SELECT count(*) FROM items")));
    }

    internal sealed class Row
    {
        public required string Id { get; init; }
        public required string Title { get; init; }
        public required string Category { get; init; }
        public string? Tags { get; init; }
        public string? Creator { get; init; }
        public double? Price { get; init; }
        public double? DurationSeconds { get; init; }
        public long? CreatedMs { get; init; }
        public string? ThumbnailUrl { get; init; }
        public long Available { get; init; }
        public long Flagged { get; init; }
        public string? Description { get; init; }
        public string? Attributes { get; init; }

        internal Item ToItem()
        {
            var item = new Item
            {
                Id = Id,
                Title = Title,
                Category = Category,
                Tags = SqliteJson.ToList(Tags),
                Creator = Creator,
                Price = Price,
                DurationSeconds = DurationSeconds,
                CreatedAt = CreatedMs is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null,
                ThumbnailUrl = ThumbnailUrl,
                Available = Available != 0,
                Flagged = Flagged != 0,
                Description = Description,
            };
            return Attributes is null ? item : item with { Attributes = SqliteJson.To<Dictionary<string, string>>(Attributes) };
        }
    }
}
