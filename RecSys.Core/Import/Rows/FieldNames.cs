using RecSys.Core.Domain;
using System.Collections.Frozen;

namespace RecSys.Core.Import.Rows;

/// <summary>The fields of each kind of record, and the names that other systems give them.</summary>
internal static class FieldNames
{
    private static readonly FrozenSet<string> Users = Set("id", "gender", "age", "location", "created_at");

    private static readonly FrozenSet<string> Items = Set(
        "id", "title", "category", "tags", "creator", "price", "duration_seconds", "created_at", "thumbnail_url", "available", "flagged",
        "description");

    private static readonly FrozenSet<string> Events = Set(
        "id", "user_id", "item_id", "type", "time", "value", "position", "request_id", "device", "location", "meaning", "amount",
        "currency", "revenue_source", "session_id", "scenario");

    // Written as Plain gives them.
    private static readonly FrozenDictionary<string, string> UserSynonyms = Synonyms(Users,
        ("id", "userid user uid customerid customer visitorid memberid"), ("gender", "sex"),
        ("created_at", "registeredat signupdate signedup"));

    private static readonly FrozenDictionary<string, string> ItemSynonyms = Synonyms(Items,
        ("id", "itemid item iid productid product movieid videoid articleid contentid newsid bookid asin sku"),
        ("title", "name itemname productname itemtitle movietitle"), ("category", "categoryname maincategory"),
        ("creator", "author artist"), ("duration_seconds", "duration"), ("thumbnail_url", "thumbnail imageurl"),
        ("created_at", "publishedat releasedate"), ("description", "desc"));

    private static readonly FrozenDictionary<string, string> EventSynonyms = Synonyms(Events,
        ("id", "eventid"), ("user_id", "user uid customerid customer visitorid memberid reviewerid"),
        ("item_id", "item iid productid product movieid videoid articleid contentid newsid bookid asin sku"),
        ("type", "eventtype event action behavior behaviour behaviortype feedbacktype interactiontype"),
        ("time", "timestamp ts datetime eventtime unixtime createdat occurredat"), ("value", "rating score stars"),
        ("session_id", "session usersession"), ("amount", "revenue"), ("request_id", "request listid"));

    internal static FrozenSet<string> Of(RecordKind kind) => kind switch
    {
        RecordKind.Users => Users,
        RecordKind.Items => Items,
        _ => Events,
    };

    /// <summary>The names as people read them.</summary>
    internal static string List(RecordKind kind) => string.Join(", ", Of(kind).Order(StringComparer.Ordinal));

    /// <summary>The field that a name stands for: its own in any case and spelling, or that of a synonym; null for none.</summary>
    internal static string? Find(RecordKind kind, string name) =>
        (kind switch { RecordKind.Users => UserSynonyms, RecordKind.Items => ItemSynonyms, _ => EventSynonyms })
            .GetValueOrDefault(Plain(name));

    /// <summary>True for a name of a column of ratings, whose rows are ratings where nothing else says what they are.</summary>
    internal static bool IsRating(string name) => Plain(name) is "rating" or "score" or "stars";

    /// <summary>The field nearest to a misspelt name, or null.</summary>
    internal static string? Nearest(RecordKind kind, string name) => NearestName.Of(name, Of(kind));

    private static string Plain(string name) => NearestName.Plain(name);

    private static FrozenSet<string> Set(params string[] names) => names.ToFrozenSet(StringComparer.Ordinal);

    private static FrozenDictionary<string, string> Synonyms(FrozenSet<string> fields, params (string Field, string Names)[] others) =>
        fields.Select(field => KeyValuePair.Create(Plain(field), field))
            .Concat(others.SelectMany(other => other.Names.Split(' ').Select(name => KeyValuePair.Create(name, other.Field))))
            .ToFrozenDictionary(StringComparer.Ordinal);
}
