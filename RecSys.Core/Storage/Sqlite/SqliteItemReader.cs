using System.Text;
using Microsoft.Data.Sqlite;
using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Sqlite;

/// <summary>Reads items row by row. Categories, creators and tag lists that repeat are one object, which saves most of their memory and time.</summary>
internal sealed class SqliteItemReader : IDisposable
{
    private const string Select = """
        SELECT id, title, category, tags, creator, price, duration_seconds, created_ms, thumbnail_url, available, flagged, description, attributes FROM items
        """;

    // Where nearly every item has its own creator, remembering them all would cost more than it saves.
    private const int MostShared = 1 << 16;

    private readonly SqliteStatement select;
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> names =
        new Dictionary<string, string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly Dictionary<string, IReadOnlyList<string>>.AlternateLookup<ReadOnlySpan<char>> lists =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly char[] text = new char[1024];

    /// <param name="connection">Open for as long as the reader is used.</param>
    /// <param name="id">The one item wanted; null: all, by ordinal.</param>
    internal SqliteItemReader(SqliteConnection connection, string? id = null)
    {
        select = new SqliteStatement(connection, Select + (id is null ? " ORDER BY ordinal" : " WHERE id = ?"));
        if (id is not null) select.Bind(1, id);
    }

    /// <summary>The next item, or null behind the last.</summary>
    internal Item? Next()
    {
        if (!select.Step()) return null;
        var item = new Item
        {
            Id = Encoding.UTF8.GetString(select.Utf8(0)),
            Title = Encoding.UTF8.GetString(select.Utf8(1)),
            Category = Shared(2)!,
            Tags = Tags(3),
            Creator = Shared(4),
            Price = select.IsNull(5) ? null : select.Double(5),
            DurationSeconds = select.IsNull(6) ? null : select.Double(6),
            CreatedAt = select.IsNull(7) ? null : DateTimeOffset.FromUnixTimeMilliseconds(select.Int64(7)),
            ThumbnailUrl = Text(8),
            Available = select.Int64(9) != 0,
            Flagged = select.Int64(10) != 0,
            Description = Text(11),
        };
        return Text(12) is { } attributes ? item with { Attributes = SqliteJson.To<Dictionary<string, AttributeValue>>(attributes) } : item;
    }

    public void Dispose() => select.Dispose();

    private string? Text(int column) => select.IsNull(column) ? null : Encoding.UTF8.GetString(select.Utf8(column));

    private string? Shared(int column)
    {
        if (select.IsNull(column)) return null;
        var utf8 = select.Utf8(column);
        if (utf8.Length > text.Length) return Encoding.UTF8.GetString(utf8);
        var name = text.AsSpan(0, Encoding.UTF8.GetChars(utf8, text));
        if (names.TryGetValue(name, out var known)) return known;
        var made = name.ToString();
        if (names.Dictionary.Count < MostShared) names[name] = made;
        return made;
    }

    private IReadOnlyList<string> Tags(int column)
    {
        if (select.IsNull(column)) return [];
        var utf8 = select.Utf8(column);
        if (utf8.Length > text.Length) return SqliteJson.ToList(Encoding.UTF8.GetString(utf8));
        var json = text.AsSpan(0, Encoding.UTF8.GetChars(utf8, text));
        if (lists.TryGetValue(json, out var known)) return known;
        var made = SqliteJson.ToList(json.ToString());
        if (lists.Dictionary.Count < MostShared) lists[json] = made;
        return made;
    }
}
