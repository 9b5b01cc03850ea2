using System.Globalization;
using System.Text;
using System.Text.Json;
using RecSys.Core.Domain;
using RecSys.Core.Import;

namespace RecSys.Api.Commands.Bench;

/// <summary>Rows for the fuzzing of imports: mostly right, some with values that are wrong in ways that people's files are.</summary>
internal sealed class FuzzRows(Random random)
{
    private static readonly string[] Odd =
        ["", " ", "NaN", "null", "12.0", "-1", "1e309", "\"", "a\"b", "a,b", "x\ny", "..", "../x", "ü", "日本", "0", "9999999999999999999999",
            "'", "\\", "[", "{}", "\ud83d\ude00"];

    internal byte[] Table(RecordKind kind)
    {
        var separator = ",;\t|"[random.Next(4)];
        var columns = Columns(kind);
        var text = new StringBuilder().AppendJoin(separator, columns).Append(End());
        for (var row = random.Next(1, 40); row > 0; row--)
            text.AppendJoin(separator, columns.Select(column => Cell(Value(column), separator))).Append(End());
        return Encoding.UTF8.GetBytes(text.ToString());

        string End() => random.Next(20) == 0 ? "\r\n" : "\n";
    }

    internal byte[] Lines(RecordKind kind) => Encoding.UTF8.GetBytes(string.Join('\n', Objects(kind)) + "\n");

    internal List<string> Objects(RecordKind kind) =>
        [.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => Object(Columns(kind).Select(column => (column, (object?)Value(column)))))];

    /// <summary>Columns with kinds, and values as text.</summary>
    internal (IReadOnlyList<(string Name, string Kind)> Columns, IReadOnlyList<IReadOnlyList<string>> Rows) Typed(RecordKind kind)
    {
        string[] kinds = ["VARCHAR", "VARCHAR", "BIGINT", "DOUBLE", "TIMESTAMP WITH TIME ZONE", "TIMESTAMP", "BOOLEAN", "VARCHAR[]", "DATE",
            "HUGEINT"];
        var columns = Columns(kind).Select(name => (name, random.Next(3) > 0 ? "VARCHAR" : kinds[random.Next(kinds.Length)])).ToList();
        return (columns, [.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => columns.ConvertAll(column => Value(column.name)))]);
    }

    internal byte[] Gorse() => Join(() => random.Next(3) switch
    {
        0 => Object([("ItemId", Value("item_id")), ("IsHidden", false), ("Categories", new[] { "c" }), ("Timestamp", Time()), ("Labels",
            new { a = Pick() })]),
        1 => Object([("UserId", Value("user_id")), ("Labels", new[] { Pick() })]),
        _ => Object([("FeedbackType", Value("type")), ("UserId", Value("user_id")), ("ItemId", Value("item_id")), ("Timestamp",
            Value("time"))]),
    });

    internal byte[] Metarank() => Join(() => random.Next(3) switch
    {
        0 => Object([("event", "item"), ("id", "x"), ("item", Value("item_id")), ("fields", new[] { new { name = "title",
            value = Pick() } })]),
        1 => Object([("event", "ranking"), ("id", Guid()), ("timestamp", Value("time")), ("user", Value("user_id")), ("items",
            new[] { new { id = "1" }, new { id = Value("item_id") } })]),
        _ => Object([("event", "interaction"), ("id", Guid()), ("timestamp", Value("time")), ("user", Value("user_id")), ("type",
            Value("type")), ("item", Value("item_id"))]),
    });

    internal IReadOnlyList<(string, byte[])> MovieLens() =>
    [
        ("users.dat", Join(() => $"{random.Next(1, 6)}::F::25::10::{Pick()}48067")),
        ("movies.dat", Join(() => $"{random.Next(5)}::Film {Pick()} (1995)::Drama|War")),
        ("ratings.dat", Join(() => $"{random.Next(1, 6)}::{random.Next(5)}::{random.Next(1, 6)}::{Second()}")),
    ];

    internal IReadOnlyList<(string, byte[])> KuaiRand() =>
    [
        ("user_features_pure.csv", Headed("user_id,user_active_degree", () => $"{random.Next(5)},{Cell(Pick(), ',')}")),
        ("video_features_basic_pure.csv", Headed("video_id,author_id,tag", () => $"{random.Next(5)},9,{Cell(Pick(), ',')}")),
        ("log_standard_pure.csv", Headed("user_id,video_id,time_ms,is_click,is_like,is_follow,is_hate,long_view,play_time_ms,is_rand,tab",
            () => $"{random.Next(5)},{random.Next(5)},{Second()}000,{random.Next(2)},0,0,0,{random.Next(2)},{random.Next(9)}00,0,"
                + Cell(Value("position"), ','))),
    ];

    internal IReadOnlyList<(string, byte[])> OpenBandit() =>
    [
        ("random/men/item_context.csv", Headed(",item_id,item_feature_0,item_feature_1,item_feature_2,item_feature_3", () =>
            $"0,{random.Next(5)},0.{random.Next(9)},{Cell(Pick(), ',')},b,c")),
        ("random/men/men.csv", Headed(
            ",timestamp,item_id,position,click,propensity_score,user_feature_0,user_feature_1,user_feature_2,user_feature_3",
            () => $"{random.Next(1000)},2019-11-24 00:00:{random.Next(10, 60)}+00:00,{random.Next(5)},{random.Next(1, 4)},{random.Next(2)},"
                + $"0.{random.Next(1, 9)},{Cell(Value("user_id"), ',')},b,c,d")),
    ];

    internal IReadOnlyList<(string, byte[])> RecBole() =>
    [
        ("x.item", Headed("item_id:token\ttitle:token_seq\tclass:token_seq", () => $"{random.Next(5)}\t{Flat(Pick())}\ta b")),
        ("x.inter", Headed("user_id:token\titem_id:token\trating:float\ttimestamp:float", () =>
            $"{Flat(Value("user_id"))}\t{random.Next(5)}\t{random.Next(6)}\t{Second()}")),
    ];

    private static string[] Columns(RecordKind kind) => kind switch
    {
        RecordKind.Users => ["id", "gender", "age", "plan"],
        RecordKind.Items => ["id", "title", "category", "tags", "price", "colour"],
        _ => ["user_id", "item_id", "type", "time", "value", "position"],
    };

    private string Value(string column) => random.Next(25) == 0 ? Pick() : column switch
    {
        "user_id" => $"u{random.Next(9)}",
        "item_id" => $"{random.Next(8)}",
        "id" => $"n{random.Next(60)}",
        "type" => EventTypes.AllNames.Split(", ")[random.Next(EventTypes.Count)],
        "time" => Time(),
        "value" or "price" => (random.Next(50) / 10.0).ToString(CultureInfo.InvariantCulture),
        "position" or "age" => $"{random.Next(20)}",
        _ => random.Next(6) == 0 ? "a long text, with commas\nand a line" : "text",
    };

    private string Time() => random.Next(4) switch
    {
        0 => $"{Second()}",
        1 => $"{Second()}123",
        2 => DateTimeOffset.FromUnixTimeSeconds(Second()).ToString("O", CultureInfo.InvariantCulture),
        _ => DateTimeOffset.FromUnixTimeSeconds(Second()).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
    };

    private long Second() => 1_600_000_000 + random.Next(100_000_000);

    private string Pick() => Odd[random.Next(Odd.Length)];

    private string Guid() => random.NextInt64().ToString("x", CultureInfo.InvariantCulture);

    private byte[] Join(Func<string> row) =>
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => row().ReplaceLineEndings(" ") + "\n")));

    private byte[] Headed(string header, Func<string> row) =>
        Encoding.UTF8.GetBytes($"{header}\n{string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => row() + "\n"))}");

    // Left unquoted now and then although it should not be.
    private string Cell(string value, char separator) =>
        random.Next(30) == 0 || (value.AsSpan().IndexOfAny([separator, '"', '\n', '\r']) < 0)
            ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Flat(string value) => value.Replace('\t', ' ').ReplaceLineEndings(" ");

    private string Object(IEnumerable<(string Name, object? Value)> fields) => JsonSerializer.Serialize(fields
        .Where(_ => random.Next(40) > 0)
        .ToDictionary(field => field.Name, field => field.Value is string text && random.Next(2) == 0 && double.TryParse(text,
            CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number : field.Value));
}
