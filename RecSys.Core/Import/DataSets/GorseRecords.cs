using System.Text.Json;
using System.Text.RegularExpressions;
using RecSys.Core.Domain;
using RecSys.Core.Import.Meaning;
using RecSys.Core.Import.Rows;
using RecSys.Core.Storage;

namespace RecSys.Core.Import.DataSets;

/// <summary>What users, items and feedback of gorse are here: the same from a file and over HTTP.</summary>
internal static partial class GorseRecords
{
    /// <summary>Attribute with all categories of an item that has more than one, so that they can be told from its labels.</summary>
    internal const string AllCategories = "gorse_categories";

    /// <summary>What stands before a user's label that is a mere word, in the name of the attribute that it is.</summary>
    internal const string LabelPrefix = "label ";

    // A profile has no more attributes.
    private const int MostOfUser = 64;

    /// <summary>gorse's word for an item that was shown or opened, and nothing more.</summary>
    internal static KeyValuePair<string, MappedType> Read { get; } = new("read", new MappedType(EventType.Impression));

    /// <summary>The item of a row.</summary>
    /// <param name="row">Its fields.</param>
    /// <param name="times">Reads its time.</param>
    /// <param name="old">Keeps what the row does not name; null for a whole item.</param>
    /// <exception cref="RowException">The row is malformed.</exception>
    internal static Item Item(JsonObject row, TimeReading times, Item? old = null)
    {
        var categories = row.Has("Categories") || old is null ? row.Texts("Categories") : CategoriesOf(old);
        var (texts, fields) = row.Has("Labels") || old is null ? GorseLabels.Read(row) : (LabelsOf(old), FieldsOf(old));
        var item = (old ?? new Item { Id = row.Required("ItemId"), Title = "", Category = "" }) with
        {
            Title = row.Text("Comment") is { } comment ? OneLine(comment) : old?.Title ?? "",
            CreatedAt = row.Has("Timestamp") ? Time(row, times) : old?.CreatedAt,
            Available = Flag(row, "IsHidden") is { } hidden ? !hidden : old?.Available ?? true,
        };
        return Checked(Described(item, categories, texts, fields));
    }

    /// <summary>The item with other categories and its labels as they are.</summary>
    internal static Item WithCategories(Item item, IReadOnlyList<string> categories) =>
        Checked(Described(item, categories, LabelsOf(item), FieldsOf(item)));

    /// <summary>The user of a row; parameters as of <see cref="Item"/>.</summary>
    /// <exception cref="RowException">The row is malformed.</exception>
    internal static User User(JsonObject row, User? old = null)
    {
        var user = old ?? new User { Id = row.Required("UserId") };
        if (row.Has("Labels"))
        {
            var (texts, fields) = GorseLabels.Read(row);
            user = user with
            {
                Attributes = fields.Count > 0
                    ? fields.Take(MostOfUser).ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal)
                    : texts.Take(MostOfUser).ToDictionary(text => LabelPrefix + text, _ => "true", StringComparer.Ordinal),
            };
        }
        var problem = Identifiers.FaultOfNew(user.Id) is { } fault ? $"UserId {fault}" : RecordRules.FindProblem(user);
        return problem is null ? user : throw new RowException(problem);
    }

    /// <summary>The event of a row, without an id.</summary>
    /// <exception cref="RowException">The row is malformed.</exception>
    internal static Event Feedback(JsonObject row, MappedType type, DateTimeOffset time)
    {
        double? value = row.Find("Value") is not { } number ? null
            : number.ValueKind == JsonValueKind.Number && number.TryGetDouble(out var read) && double.IsFinite(read) ? read
            : throw new RowException("Value is not a number");
        return new Event
        {
            Id = "", UserId = row.Required("UserId"), ItemId = row.Required("ItemId"), Type = type.Type, Meaning = type.Meaning,
            Time = time,
            // Of feedback that either happened or not, gorse's value counts how often.
            Value = type.Type is EventType.Rating or EventType.View or EventType.LongView && value != 0 ? value : null,
        };
    }

    /// <summary>The row's time; null where it has none, which gorse writes as the year 1.</summary>
    /// <exception cref="RowException">It is none.</exception>
    internal static DateTimeOffset? Time(JsonObject row, TimeReading times) =>
        row.Text("Timestamp") is { Length: > 0 } text && !text.StartsWith("0001-", StringComparison.Ordinal)
            ? times.Read(Printed().Replace(text, "$1$2"), "Timestamp", dayIsEnough: true) : null;

    /// <summary>The categories of an item, the primary one first.</summary>
    internal static IReadOnlyList<string> CategoriesOf(Item item) =>
        item.Attributes.TryGetValue(AllCategories, out var all) && all.Kind == AttributeKind.List ? all.Texts
            : item.Category.Length > 0 ? [item.Category] : [];

    /// <summary>The labels of an item that are mere words.</summary>
    internal static IReadOnlyList<string> LabelsOf(Item item) => [.. item.Tags.Except(CategoriesOf(item))];

    /// <summary>The labels of an item that have names.</summary>
    internal static Dictionary<string, AttributeValue> FieldsOf(Item item) =>
        item.Attributes.Where(pair => pair.Key != AllCategories).ToDictionary(StringComparer.Ordinal);

    private static Item Described(
        Item item, IReadOnlyList<string> categories, IReadOnlyList<string> texts, Dictionary<string, AttributeValue> fields)
    {
        var all = categories.Distinct().ToList();
        if (all.Count > 1) fields[AllCategories] = AttributeValue.Of(all);
        return item with
        {
            Category = all.FirstOrDefault(""), Tags = [.. all.Skip(1).Concat(texts).Distinct()], Attributes = fields,
        };
    }

    private static Item Checked(Item item)
    {
        var problem = Identifiers.FaultOfNew(item.Id) is { } fault ? $"ItemId {fault}" : RecordRules.FindProblem(item);
        return problem is null ? item : throw new RowException(problem);
    }

    // Comments have line breaks where titles have none.
    private static string OneLine(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(sign => char.IsControl(sign) ? ' ' : sign)).Trim() : text;

    private static bool? Flag(JsonObject row, string name) => row.Text(name) switch
    {
        null => null,
        "true" or "True" or "TRUE" or "1" => true,
        "false" or "False" or "FALSE" or "0" => false,
        _ => throw new RowException($"{name} is neither true nor false"),
    };

    // As Go prints a time: 2021-01-01 01:01:01.5 +0000 UTC.
    [GeneratedRegex(@"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})?) ([+-]\d{4}) \S+$", RegexOptions.CultureInvariant)]
    private static partial Regex Printed();
}
