using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Payloads;

/// <summary>
/// The stored form of an item without its id. Equal items have equal bytes: attributes stand in the order of their names, times are
/// milliseconds.
/// </summary>
internal static class ItemPayload
{
    private const byte Newest = 1;

    [Flags]
    private enum Has : byte
    {
        Available = 1,
        Flagged = 2,
        Price = 4,
        Duration = 8,
        Created = 16,
    }

    internal static void Write(PayloadWriter writer, Item item)
    {
        var has = (item.Available ? Has.Available : 0) | (item.Flagged ? Has.Flagged : 0) | (item.Price is null ? 0 : Has.Price)
            | (item.DurationSeconds is null ? 0 : Has.Duration) | (item.CreatedAt is null ? 0 : Has.Created);
        writer.Byte(Newest);
        writer.Byte((byte)has);
        writer.Text(item.Title);
        writer.Text(item.Category);
        writer.Text(item.Creator);
        writer.Text(item.ThumbnailUrl);
        writer.Text(item.Description);
        if (item.Price is { } price) writer.Double(price);
        if (item.DurationSeconds is { } duration) writer.Double(duration);
        if (item.CreatedAt is { } created) writer.Signed(created.ToUnixTimeMilliseconds());
        writer.Count(item.Tags.Count);
        foreach (var tag in item.Tags) writer.Text(tag);
        AttributePayload.Write(writer, item.Attributes);
    }

    internal static Item Read(string id, ReadOnlySpan<byte> bytes, SharedTexts shared)
    {
        var reader = new PayloadReader(bytes);
        reader.Version(Newest);
        var has = (Has)reader.Byte();
        var item = new Item
        {
            Id = id,
            Title = reader.Required(),
            Category = reader.TryUtf8(out var category) ? shared.Of(category) : "",
            Creator = reader.TryUtf8(out var creator) ? shared.Of(creator) : null,
            ThumbnailUrl = reader.Text(),
            Description = reader.Text(),
            Price = has.HasFlag(Has.Price) ? reader.Double() : null,
            DurationSeconds = has.HasFlag(Has.Duration) ? reader.Double() : null,
            CreatedAt = has.HasFlag(Has.Created) ? DateTimeOffset.FromUnixTimeMilliseconds(reader.Signed()) : null,
            Available = has.HasFlag(Has.Available),
            Flagged = has.HasFlag(Has.Flagged),
        };
        var tags = ReadTags(ref reader, shared);
        var attributes = AttributePayload.Read(ref reader, shared);
        if (tags.Length > 0) item = item with { Tags = tags };
        return attributes is null ? item : item with { Attributes = attributes };
    }

    private static string[] ReadTags(ref PayloadReader reader, SharedTexts shared)
    {
        var count = reader.Count();
        if (count == 0) return [];
        var tags = new string[count];
        for (var i = 0; i < count; i++) tags[i] = reader.TryUtf8(out var tag) ? shared.Of(tag) : "";
        return tags;
    }
}
