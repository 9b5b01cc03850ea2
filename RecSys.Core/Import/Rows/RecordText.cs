using System.Globalization;
using RecSys.Core.Domain;

namespace RecSys.Core.Import.Rows;

/// <summary>A record as people read it, with the fields that it has.</summary>
internal static class RecordText
{
    internal static string Of(object record) => string.Join(", ", (record switch
    {
        Event e => Fields(e),
        Item item => Fields(item),
        User user => Fields(user),
        _ => [],
    }).Where(field => field.Value is { Length: > 0 }).Select(field => $"{field.Name}={field.Value}"));

    private static IEnumerable<(string Name, string? Value)> Fields(Event e) =>
    [
        ("type", e.Type.ToName()), ("user_id", e.UserId), ("item_id", e.ItemId), ("time", Text(e.Time)), ("value", Text(e.Value)),
        ("meaning", e.Meaning?.ToName()), ("amount", Text(e.Amount)), ("currency", e.Currency), ("position", Text(e.Position)),
        ("request_id", e.RequestId), ("session_id", e.SessionId), ("device", e.Device), ("location", e.Location), ("scenario", e.Scenario),
        ("id", e.Id),
    ];

    private static IEnumerable<(string Name, string? Value)> Fields(Item item) =>
    [
        ("id", item.Id), ("title", item.Title), ("category", item.Category), ("tags", string.Join('|', item.Tags)), ("creator",
            item.Creator),
        ("price", Text(item.Price)), ("duration_seconds", Text(item.DurationSeconds)), ("created_at", Text(item.CreatedAt)),
        ("attributes", string.Join(' ', item.Attributes.Select(pair => $"{pair.Key}:{pair.Value}"))),
    ];

    private static IEnumerable<(string Name, string? Value)> Fields(User user) =>
    [
        ("id", user.Id), ("gender", user.Gender), ("age", Text(user.Age)), ("location", user.Location), ("created_at",
            Text(user.CreatedAt)),
        ("attributes", string.Join(' ', user.Attributes.Select(pair => $"{pair.Key}:{pair.Value}"))),
    ];

    private static string? Text(IFormattable? value) =>
        value is DateTimeOffset time ? time.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)
            : value?.ToString(null, CultureInfo.InvariantCulture);
}
