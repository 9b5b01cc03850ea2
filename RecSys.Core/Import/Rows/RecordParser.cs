using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Import.Meaning;
using RecSys.Core.Storage;

namespace RecSys.Core.Import.Rows;

/// <summary>Turns the fields of a row into a user, an item or an event.</summary>
/// <param name="columns">The names of the fields.</param>
/// <param name="options">How to read them.</param>
internal sealed class RecordParser(ColumnNames columns, ImportOptions options)
{
    private readonly TimeReading times = new(options.TimeUnit, options.Zone);
    private readonly TypeNames types = new(options.Types);
    private long typed;
    private long strayRatings;
    private long shortened;
    private string shortenedId = "";

    /// <summary>What was taken for what, in sentences.</summary>
    internal IEnumerable<string> Notes()
    {
        if (columns.Recognised is { } recognised) yield return $"read {recognised}";
        if (types.Found is { } found) yield return $"read the types {found}";
        if (types.Unknown is { } unknown) yield return unknown;
        if (strayRatings > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"{strayRatings:#,0} events that are no ratings have a rating "
                + $"beside them, which is neither seconds nor money and was left out; name a column of these value or amount");
        if (shortened > 0)
            yield return $"ids such as {shortenedId} were read as {shortenedId[..^2]}" + (options.Given?.WholeIds is null
                ? ", as an earlier import into this folder was told; --whole-ids false takes them as they are" : "");
        if (options.Type is { } type && columns.Kind == RecordKind.Events && typed == 0)
            yield return $"no row needed --type {type}: each says its type itself";
        if (times.Found is { } kinds) yield return $"times are {kinds}";
    }

    internal User User(RecordFields fields)
    {
        var user = new User
        {
            Id = Id(fields, "id") ?? throw new RowException("id is missing"),
            Gender = Text(fields, "gender"),
            Age = fields.Whole("age"),
            Location = Text(fields, "location"),
            CreatedAt = fields.Time("created_at", times, dayIsEnough: true),
            Attributes = Attributes(fields),
        };
        return (Fault("id", user.Id) ?? RecordRules.FindProblem(user)) is { } problem ? throw new RowException(problem) : user;
    }

    internal Item Item(RecordFields fields)
    {
        var item = new Item
        {
            Id = Id(fields, "id") ?? throw new RowException("id is missing"),
            Title = fields.Text("title") ?? "",
            Category = Text(fields, "category") ?? "",
            Tags = fields.List("tags"),
            Creator = Text(fields, "creator"),
            Price = fields.Number("price"),
            DurationSeconds = fields.Number("duration_seconds"),
            CreatedAt = fields.Time("created_at", times, dayIsEnough: true),
            ThumbnailUrl = Text(fields, "thumbnail_url"),
            Available = fields.Flag("available") ?? true,
            Flagged = fields.Flag("flagged") ?? false,
            Description = Text(fields, "description"),
            Attributes = ItemAttributes(fields),
        };
        return (Fault("id", item.Id) ?? RecordRules.FindProblem(item)) is { } problem ? throw new RowException(problem) : item;
    }

    /// <summary>Words for types that no row may have, with what helps; null for none.</summary>
    internal string? UnknownTypes => types.Unknown;

    /// <summary>Null for a sound row that names no user.</summary>
    internal Event? Event(RecordFields fields)
    {
        var (type, meaning) = Type(fields);
        var e = new Event
        {
            Id = Id(fields, "id") ?? "",
            UserId = Subject(fields) ?? "",
            ItemId = Id(fields, "item_id") ?? throw new RowException("item_id is missing"),
            Type = type,
            Time = fields.Time("time", times) ?? throw new RowException("time is missing"),
            Value = Value(fields, type),
            Position = fields.Whole("position"),
            RequestId = Id(fields, "request_id"),
            Device = Text(fields, "device"),
            Location = Text(fields, "location"),
            Meaning = Word(fields, "meaning") is { } stated ? (EventMeaning)OneOf(EventNames.Meanings, stated, "meaning") : meaning,
            Amount = fields.Number("amount"),
            Currency = Word(fields, "currency"),
            RevenueSource = Word(fields, "revenue_source") is { } source
                ? (RevenueSource)OneOf(EventNames.RevenueSources, source, "revenue_source") : RevenueSource.None,
            SessionId = Id(fields, "session_id"),
            Scenario = Text(fields, "scenario"),
        };
        // An id that is there and cannot be used is a fault also where the user is missing.
        if ((Fault("item_id", e.ItemId) ?? (e.Id.Length == 0 ? null : Fault("id", e.Id))) is { } fault) throw new RowException(fault);
        if (e.UserId.Length == 0) return null;
        if (EventRules.FindProblem(e, options.Clock) is { } late) throw new RowException(late);
        if (e.Id.Length == 0) e = e with { Id = DerivedId(e) };
        e = EventRules.TakingBack(e);
        return (Fault("user_id", e.UserId) ?? RecordRules.FindProblem(e)) is { } problem ? throw new RowException(problem) : e;
    }

    private static string? Fault(string field, string id) => Identifiers.FaultOfNew(id) is { } fault ? $"{field} {fault}" : null;

    private string? Id(RecordFields fields, string name)
    {
        if (fields.Id(name) is not { } id || NoValue.IsText(id)) return null;
        if (options.WholeIds != true || id is not [_, .., '.', '0'] || id.AsSpan(0, id.Length - 2).IndexOfAnyExceptInRange('0', '9') >= 0)
            return id;
        if (shortened++ == 0) shortenedId = id;
        return id[..^2];
    }

    private string? Subject(RecordFields fields)
    {
        if (Id(fields, "user_id") is { Length: > 0 } user) return user;
        return columns.SessionField is { } session ? Id(fields, session) : null;
    }

    private MappedType Type(RecordFields fields)
    {
        var word = fields.Text("type");
        if (word is not null && NoValue.IsTyped(word) && !options.Types.ContainsKey(word)) word = null;
        if (word is null && options.Type is not null) typed++;
        word ??= options.Type;
        if (word is null) return fields.HoldsRatings ? new MappedType(EventType.Rating) : throw new RowException("type is missing");
        return types.Read(word, "type");
    }

    // A rating is neither seconds watched nor money, unless a rule compares it for events of this type.
    private double? Value(RecordFields fields, EventType type)
    {
        var value = fields.Number("value");
        if (value is null || !fields.HoldsRatings || type == EventType.Rating
            || options.Positive.Concat(options.Negative).Any(rule => rule.Type == type && rule.Comparison.Length > 0))
            return value;
        strayRatings++;
        return null;
    }

    private static string? Text(RecordFields fields, string name) =>
        fields.Text(name) is { } text && !NoValue.IsText(text) ? text : null;

    private static string? Word(RecordFields fields, string name) =>
        fields.Text(name) is { } word && !NoValue.IsTyped(word) ? word : null;

    // The same content gives the same id, so that a file can be imported again. The time in front keeps the store's index on ids local.
    internal static string DerivedId(Event e)
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

    private Dictionary<string, AttributeValue> ItemAttributes(RecordFields fields)
    {
        var attributes = new Dictionary<string, AttributeValue>(StringComparer.Ordinal);
        foreach (var name in fields.Names)
        {
            if (FieldNames.Of(RecordKind.Items).Contains(name)) continue;
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

    private AttributeValue? Attribute(RecordFields fields, string name, AttributeKind kind) => kind switch
    {
        AttributeKind.Number => fields.Number(name) is { } number ? AttributeValue.Of(number) : (AttributeValue?)null,
        AttributeKind.Boolean => fields.Flag(name) is { } flag ? AttributeValue.Of(flag) : (AttributeValue?)null,
        AttributeKind.Time => fields.Time(name, times, dayIsEnough: true) is { } time ? AttributeValue.Of(time) : (AttributeValue?)null,
        AttributeKind.List => fields.List(name) is { Count: > 0 } list ? AttributeValue.Of(list) : (AttributeValue?)null,
        _ => fields.Text(name) is { } text ? AttributeValue.Of(text) : (AttributeValue?)null,
    };

    private static Dictionary<string, string> Attributes(RecordFields fields)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in fields.Names)
        {
            if (!FieldNames.Of(RecordKind.Users).Contains(name) && fields.Scalar(name) is { } value) attributes.Add(name, value);
        }
        return attributes;
    }
}
