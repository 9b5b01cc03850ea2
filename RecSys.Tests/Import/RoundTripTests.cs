using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Import;
using RecSys.Tests.Storage;

namespace RecSys.Tests.Import;

/// <summary>Any users, items and events, written as JSON lines and CSV, through the importers into a store and back.</summary>
public sealed class RoundTripTests : RecordImportTest
{
    [Theory]
    [InlineData("jsonl")]
    [InlineData("csv")]
    public async Task ImportAsync_AnyUsers_ComeBackUnchanged(string format) =>
        await Sample.AnyUser.Array[1, 8].SampleAsync(async users =>
        {
            users = [.. users.Select(user => user with { Attributes = Renamed(user.Attributes) }).DistinctBy(user => user.Id)];
            await ImportAsync(format, RecordKind.Users, Write(format, users.Select(Fields)));
            foreach (var user in users) Sample.AssertSame(user, await Database.Contents.FindUserAsync(user.Id, Ct));
        }, iter: 40, threads: 1);

    [Theory]
    [InlineData("jsonl")]
    [InlineData("csv")]
    public async Task ImportAsync_AnyItems_ComeBackUnchanged(string format) =>
        await Sample.AnyItem.Array[1, 8].SampleAsync(async items =>
        {
            items = [.. items.Select(item => item with { Attributes = Renamed(item.Attributes), Tags = [.. item.Tags.Select(WithoutBar)] })
                .DistinctBy(item => item.Id)];
            await ImportAsync(format, RecordKind.Items, Write(format, items.Select(item => Fields(item, declared: format == "csv"))));
            foreach (var item in items) Sample.AssertSame(item, await ItemAsync(item.Id));
        }, iter: 40, threads: 1);

    [Theory]
    [InlineData("jsonl")]
    [InlineData("csv")]
    public async Task ImportAsync_AnyEvents_ComeBackUnchanged(string format)
    {
        var number = 0;
        await Sample.AnyEvent.Array[1, 8].SampleAsync(async events =>
        {
            // Times before 1990 and later than now are refused, and ratings beyond 100; ids must be new in every round.
            events = [.. events.Select(e => e with
            {
                Id = $"{number++} {e.Id}", Time = Since1990(e.Time), Meaning = Stated(e),
                Value = e.Type == EventType.Rating ? e.Value % 100 : e.Value,
            })];
            await KnowItemsAsync(events.Select(e => e.ItemId));
            await ImportAsync(format, RecordKind.Events, Write(format, events.Select(Fields)));
            var ids = events.Select(e => e.Id).ToHashSet();
            var stored = (await EventsAsync()).Where(e => ids.Contains(e.Id));
            Assert.Equal(events.OrderBy(e => e.Time), stored);
        }, iter: 40, threads: 1);
    }

    private static Dictionary<string, string> Renamed(IReadOnlyDictionary<string, string> attributes) =>
        // Attribute names that cannot be names of fields, and hold in a header without an empty name.
        attributes.ToDictionary(pair => "x" + pair.Key, pair => pair.Value);

    // Lists in tables are separated by bars.
    private static Dictionary<string, AttributeValue> Renamed(IReadOnlyDictionary<string, AttributeValue> attributes) =>
        attributes.ToDictionary(
        pair => "x" + pair.Key,
        pair => pair.Value.Kind == AttributeKind.List ? AttributeValue.Of(pair.Value.Texts.Select(WithoutBar)) : pair.Value);

    // Where nobody states it, the values of ratings and purchases tell the meaning.
    private static EventMeaning? Stated(Event e) =>
        e is { Meaning: null, Type: EventType.Rating or EventType.Purchase } ? EventMeaning.Neutral : e.Meaning;

    private static DateTimeOffset Since1990(DateTimeOffset time) => new DateTimeOffset(1990, 1, 1, 0, 0, 0, TimeSpan.Zero)
        .AddMilliseconds(time.ToUnixTimeMilliseconds() % (long)TimeSpan.FromDays(365 * 36).TotalMilliseconds);

    private static string WithoutBar(string text) => text.Replace('|', '/');

    private static Dictionary<string, object?> Fields(User user) =>
        With(Objects(user.Attributes), ("id", user.Id), ("gender", user.Gender), ("age", user.Age), ("location", user.Location),
            ("created_at", user.CreatedAt));

    private static Dictionary<string, object?> Fields(Item item, bool declared) => With(
        item.Attributes.Select(pair =>
            KeyValuePair.Create(declared ? $"{pair.Key}:{pair.Value.Kind.ToString().ToLowerInvariant()}" : pair.Key, Plain(pair.Value))),
            ("id", item.Id), ("title", item.Title), ("category", item.Category), ("tags", item.Tags), ("creator", item.Creator),
            ("price", item.Price),
        ("duration_seconds", item.DurationSeconds), ("created_at", item.CreatedAt), ("thumbnail_url", item.ThumbnailUrl),
        ("available", item.Available),
        ("flagged", item.Flagged), ("description", item.Description));

    private static Dictionary<string, object?> Fields(Event e) => With(
        [], ("id", e.Id), ("user_id", e.UserId), ("item_id", e.ItemId), ("type", e.Type.ToName()),
        ("time", e.Time.ToUnixTimeMilliseconds()),
        ("value", e.Value), ("position", e.Position), ("request_id", e.RequestId), ("device", e.Device), ("location", e.Location),
        ("meaning", e.Meaning?.ToString().ToLowerInvariant()), ("amount", e.Amount), ("currency", e.Currency), ("session_id", e.SessionId),
        ("scenario", e.Scenario),
        ("revenue_source", e.RevenueSource == RevenueSource.AdClick ? "ad_click" : e.RevenueSource.ToString().ToLowerInvariant()));

    private static IEnumerable<KeyValuePair<string, object?>> Objects(IReadOnlyDictionary<string, string> attributes) =>
        attributes.Select(pair => KeyValuePair.Create(pair.Key, (object?)pair.Value));

    private static object? Plain(AttributeValue value) => value.Kind switch
    {
        AttributeKind.Number => value.Number,
        AttributeKind.Boolean => value.Flag,
        AttributeKind.Time => value.Time,
        AttributeKind.List => value.Texts,
        _ => value.ToString(),
    };

    private static Dictionary<string, object?> With(IEnumerable<KeyValuePair<string, object?>> attributes,
        params (string Name, object? Value)[] fields)
    {
        var all = fields.ToDictionary(field => field.Name, field => field.Value);
        foreach (var (name, value) in attributes) all.Add(name, value);
        return all;
    }

    private static string Write(string format, IEnumerable<Dictionary<string, object?>> rows) =>
        format == "csv" ? Csv([.. rows]) : Jsonl(rows);

    private static string Jsonl(IEnumerable<Dictionary<string, object?>> rows) =>
        string.Concat(rows.Select(row => JsonSerializer.Serialize(row) + "\n"));

    // Written by hand from RFC 4180, so that the reader is not tested against itself.
    private static string Csv(List<Dictionary<string, object?>> rows)
    {
        var columns = rows.SelectMany(row => row.Keys).Distinct().ToList();
        var text = new StringBuilder().AppendJoin(',', columns.Select(Quoted)).Append("\r\n");
        foreach (var row in rows)
            text.AppendJoin(',', columns.Select(column => Quoted(Cell(row.GetValueOrDefault(column))))).Append("\r\n");
        return text.ToString();

        static string Quoted(string text) =>
            text.Length > 0 && text.All(char.IsAsciiLetterOrDigit) ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

        static string Cell(object? value) => value switch
        {
            null => "",
            IEnumerable<string> list => string.Join('|', list),
            bool flag => flag ? "true" : "false",
            DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString()!,
        };
    }
}
