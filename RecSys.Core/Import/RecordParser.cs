using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Import;

/// <summary>Turns the fields of a row into a user, an item or an event. Names are those of the domain in snake case.</summary>
internal static class RecordParser
{
    private static readonly HashSet<string> UserFields = new(["id", "gender", "age", "location", "created_at"], StringComparer.Ordinal);

    private static readonly HashSet<string> ItemFields = new(
        [
            "id", "title", "category", "tags", "creator", "price", "duration_seconds", "created_at", "thumbnail_url", "available",
                "flagged", "description",
        ],
        StringComparer.Ordinal);

    private static readonly HashSet<string> EventFields = new(
        [
            "id", "user_id", "item_id", "type", "time", "value", "position", "request_id", "device", "location",
            "meaning", "amount", "currency", "revenue_source", "session_id", "scenario",
        ],
        StringComparer.Ordinal);

    /// <summary>The columns without which no row of the kind is complete.</summary>
    internal static string[] Required(RecordKind kind) => kind switch
    {
        RecordKind.Users => ["id"],
        RecordKind.Items => ["id", "title", "category"],
        _ => ["user_id", "item_id", "type", "time"],
    };

    /// <summary>A column that no field of an event goes by, or null. Users and items take such columns as attributes.</summary>
    internal static string? FindUnknown(RecordKind kind, IEnumerable<string> names) =>
        kind == RecordKind.Events ? names.FirstOrDefault(name => !EventFields.Contains(name)) : null;

    internal static string EventFieldNames => string.Join(", ", EventFields);

    internal static User User(RecordFields fields)
    {
        var user = new User
        {
            Id = fields.Required("id"),
            Gender = fields.Text("gender"),
            Age = fields.Whole("age"),
            Location = fields.Text("location"),
            CreatedAt = fields.Time("created_at"),
            Attributes = Attributes(fields, UserFields),
        };
        return RecordRules.FindProblem(user) is { } problem ? throw new RowException(problem) : user;
    }

    internal static Item Item(RecordFields fields)
    {
        var item = new Item
        {
            Id = fields.Required("id"),
            Title = fields.Required("title"),
            Category = fields.Required("category"),
            Tags = fields.List("tags"),
            Creator = fields.Text("creator"),
            Price = fields.Number("price"),
            DurationSeconds = fields.Number("duration_seconds"),
            CreatedAt = fields.Time("created_at"),
            ThumbnailUrl = fields.Text("thumbnail_url"),
            Available = fields.Flag("available") ?? true,
            Flagged = fields.Flag("flagged") ?? false,
            Description = fields.Text("description"),
            Attributes = ItemAttributes(fields),
        };
        return RecordRules.FindProblem(item) is { } problem ? throw new RowException(problem) : item;
    }

    internal static Event Event(RecordFields fields)
    {
        if (!EventTypes.TryParse(fields.Required("type"), out var type)) throw new RowException($"type is none of {EventTypes.AllNames}");
        var e = new Event
        {
            Id = fields.Text("id") ?? "",
            UserId = fields.Required("user_id"),
            ItemId = fields.Required("item_id"),
            Type = type,
            Time = fields.Time("time") ?? throw new RowException("time is missing"),
            Value = fields.Number("value"),
            Position = fields.Whole("position"),
            RequestId = fields.Text("request_id"),
            Device = fields.Text("device"),
            Location = fields.Text("location"),
            Meaning = fields.Text("meaning") is { } meaning ? (EventMeaning)OneOf(EventNames.Meanings, meaning, "meaning") : null,
            Amount = fields.Number("amount"),
            Currency = fields.Text("currency"),
            RevenueSource = fields.Text("revenue_source") is { } source
                ? (RevenueSource)OneOf(EventNames.RevenueSources, source, "revenue_source") : RevenueSource.None,
            SessionId = fields.Text("session_id"),
            Scenario = fields.Text("scenario"),
        };
        if (e.Id.Length == 0) e = e with { Id = DerivedId(e) };
        return RecordRules.FindProblem(e) is { } problem ? throw new RowException(problem) : e;
    }

    // The same content gives the same id, so that a file can be imported again. The time in front keeps the store's index on ids local.
    private static string DerivedId(Event e)
    {
        var content = string.Create(CultureInfo.InvariantCulture,
            $"{e.UserId}\0{e.ItemId}\0{e.Type}\0{e.Value}\0{e.Position}\0{e.RequestId}\0{e.Device}\0{e.Location}");
        // Appended only where there is any, so that files without them give the ids that they always gave.
        if (e.Meaning is not null || e.Amount is not null || e.Currency is not null || e.RevenueSource != RevenueSource.None
            || e.SessionId is not null || e.Scenario is not null)
            content += string.Create(CultureInfo.InvariantCulture,
                $"\0{e.Meaning}\0{e.Amount}\0{e.Currency}\0{e.RevenueSource}\0{e.SessionId}\0{e.Scenario}");
        return string.Create(CultureInfo.InvariantCulture, $"row-{e.Time.ToUnixTimeMilliseconds()}-{StableHash.Of(content):x16}");
    }

    private static int OneOf(IReadOnlyList<string> names, string name, string field)
    {
        for (var at = 0; at < names.Count; at++)
        {
            if (names[at] == name) return at;
        }
        throw new RowException($"{field} is none of {string.Join(", ", names)}");
    }

    private static Dictionary<string, AttributeValue> ItemAttributes(RecordFields fields)
    {
        var attributes = new Dictionary<string, AttributeValue>(StringComparer.Ordinal);
        foreach (var name in fields.Names)
        {
            if (ItemFields.Contains(name)) continue;
            var (bare, kind) = Declared(name);
            if ((kind is null ? fields.Attribute(name) : Attribute(fields, name, kind.Value)) is not { } value) continue;
            if (!attributes.TryAdd(bare, value)) throw new RowException($"{bare} is there twice, once with a kind");
        }
        return attributes;
    }

    // size:number is the attribute size, which must be a number.
    private static (string Name, AttributeKind? Kind) Declared(string name) => name.LastIndexOf(':') is > 0 and var colon
        ? name.AsSpan(colon + 1) switch
        {
            "text" => (name[..colon], AttributeKind.Text),
            "number" => (name[..colon], AttributeKind.Number),
            "boolean" => (name[..colon], AttributeKind.Boolean),
            "time" => (name[..colon], AttributeKind.Time),
            "list" => (name[..colon], AttributeKind.List),
            _ => (name, null),
        }
        : (name, null);

    private static AttributeValue? Attribute(RecordFields fields, string name, AttributeKind kind) => kind switch
    {
        AttributeKind.Number => fields.Number(name) is { } number ? AttributeValue.Of(number) : (AttributeValue?)null,
        AttributeKind.Boolean => fields.Flag(name) is { } flag ? AttributeValue.Of(flag) : (AttributeValue?)null,
        AttributeKind.Time => fields.Time(name) is { } time ? AttributeValue.Of(time) : (AttributeValue?)null,
        AttributeKind.List => fields.List(name) is { Count: > 0 } list ? AttributeValue.Of(list) : (AttributeValue?)null,
        _ => fields.Text(name) is { } text ? AttributeValue.Of(text) : (AttributeValue?)null,
    };

    private static Dictionary<string, string> Attributes(RecordFields fields, HashSet<string> known)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in fields.Names)
        {
            if (!known.Contains(name) && fields.Scalar(name) is { } value) attributes.Add(name, value);
        }
        return attributes;
    }
}
