namespace RecSys.Core.Domain.Columns;

/// <summary>
/// An item's content as bytes: its number and the length of what follows, then flags, codes of category and creator, and the texts in
/// UTF-8. The id is not among them: it never changes and lies apart.
/// </summary>
internal static class ItemRecord
{
    private const int HasCreator = 1, HasThumbnail = 2, HasPrice = 4, HasDuration = 8, HasCreated = 16, HasDescription = 32,
        IsAvailable = 64, IsFlagged = 128;

    /// <summary>Writes everything behind the header.</summary>
    public static void Write(Item item, int category, int creator, RecordWriter to)
    {
        to.Byte((byte)((item.Creator is null ? 0 : HasCreator) | (item.ThumbnailUrl is null ? 0 : HasThumbnail)
            | (item.Price is null ? 0 : HasPrice)
            | (item.DurationSeconds is null ? 0 : HasDuration) | (item.CreatedAt is null ? 0 : HasCreated)
                | (item.Description is null ? 0 : HasDescription)
            | (item.Available ? IsAvailable : 0) | (item.Flagged ? IsFlagged : 0)));
        to.Varint((uint)category);
        if (item.Creator is not null) to.Varint((uint)creator);
        to.Text(item.Title);
        if (item.ThumbnailUrl is { } thumbnail) to.Text(thumbnail);
        if (item.Price is { } price) to.Double(price);
        if (item.DurationSeconds is { } duration) to.Double(duration);
        if (item.CreatedAt is { } created) to.Int64(created.UtcTicks);
        to.Varint((uint)item.Tags.Count);
        foreach (var tag in item.Tags) to.Text(tag);
        to.Varint((uint)item.Attributes.Count);
        foreach (var (name, value) in item.Attributes)
        {
            to.Text(name);
            Write(value, to);
        }
        if (item.Description is { } description) to.Text(description);
    }

    /// <param name="record">From behind the header on.</param>
    /// <param name="id">The item's id.</param>
    /// <param name="categories">Names of category codes.</param>
    /// <param name="creators">Names of creator codes.</param>
    public static Item Read(ReadOnlySpan<byte> record, string id, TextTable categories, TextTable creators)
    {
        var from = new RecordReader(record);
        int has = from.Byte();
        var category = categories.NameOf((int)from.Varint());
        var creator = (has & HasCreator) != 0 ? creators.NameOf((int)from.Varint()) : null;
        return new Item
        {
            Id = id,
            Category = category,
            Creator = creator,
            Title = from.Text(),
            ThumbnailUrl = (has & HasThumbnail) != 0 ? from.Text() : null,
            Price = (has & HasPrice) != 0 ? from.Double() : null,
            DurationSeconds = (has & HasDuration) != 0 ? from.Double() : null,
            CreatedAt = (has & HasCreated) != 0 ? new DateTimeOffset(from.Int64(), TimeSpan.Zero) : null,
            Available = (has & IsAvailable) != 0,
            Flagged = (has & IsFlagged) != 0,
            Tags = Texts(ref from),
            Attributes = Attributes(ref from) ?? Item.NoAttributes,
            Description = (has & HasDescription) != 0 ? from.Text() : null,
        };
    }

    public static string Title(ReadOnlySpan<byte> record)
    {
        var from = ToTitle(record, out _);
        return from.Text();
    }

    public static string? Thumbnail(ReadOnlySpan<byte> record)
    {
        var from = ToTitle(record, out var has);
        if ((has & HasThumbnail) == 0) return null;
        from.SkipText();
        return from.Text();
    }

    private static RecordReader ToTitle(ReadOnlySpan<byte> record, out int has)
    {
        var from = new RecordReader(record);
        has = from.Byte();
        from.Varint();
        if ((has & HasCreator) != 0) from.Varint();
        return from;
    }

    private static string[] Texts(ref RecordReader from)
    {
        var count = (int)from.Varint();
        if (count == 0) return [];
        var texts = new string[count];
        for (var i = 0; i < count; i++) texts[i] = from.Text();
        return texts;
    }

    private static Dictionary<string, AttributeValue>? Attributes(ref RecordReader from)
    {
        var count = (int)from.Varint();
        if (count == 0) return null;
        var attributes = new Dictionary<string, AttributeValue>(count, StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var name = from.Text();
            attributes[name] = (AttributeKind)from.Byte() switch
            {
                AttributeKind.Text => AttributeValue.Of(from.Text()),
                AttributeKind.Number => AttributeValue.Of(from.Double()),
                AttributeKind.Boolean => AttributeValue.Of(from.Byte() != 0),
                AttributeKind.Time => AttributeValue.Of(new DateTimeOffset(from.Int64(), TimeSpan.Zero)),
                AttributeKind.List => AttributeValue.Of(Texts(ref from)),
                var kind => throw new InvalidDataException($"An attribute of the unknown kind {(int)kind}."),
            };
        }
        return attributes;
    }

    private static void Write(AttributeValue value, RecordWriter to)
    {
        to.Byte((byte)value.Kind);
        switch (value.Kind)
        {
            case AttributeKind.Number:
                to.Double(value.Number);
                break;
            case AttributeKind.Boolean:
                to.Byte(value.Flag ? (byte)1 : (byte)0);
                break;
            case AttributeKind.Time:
                to.Int64(value.Time.UtcTicks);
                break;
            case AttributeKind.List:
                to.Varint((uint)value.Texts.Count);
                foreach (var text in value.Texts) to.Text(text);
                break;
            default:
                to.Text(value.ToString());
                break;
        }
    }
}
