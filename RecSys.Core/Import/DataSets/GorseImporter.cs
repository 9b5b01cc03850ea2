using RecSys.Core.Domain;
using RecSys.Core.Import.Meaning;
using RecSys.Core.Import.Rows;
using RecSys.Core.Storage;

namespace RecSys.Core.Import.DataSets;

/// <summary>
/// Imports what gorse exports (<see href="https://gorse.io"/>): JSON objects of users, items and feedback, one per line or in an array, in
/// one file or several; what a row is shows from its fields.
/// <list type="bullet">
/// <item>Feedback has the type that its word says: <c>read</c>, which means that the item was shown or opened and nothing more, is an
/// <see cref="EventType.Impression"/>; <c>like</c>, <c>star</c>, <c>buy</c> and the like are what they say; others need a mapping.</item>
/// <item>An item has its first category as category, the others and labels that are texts as tags, its comment as title; a hidden one is
/// not available. A user's labels are attributes.</item>
/// </list>
/// </summary>
public sealed class GorseImporter(ImportTarget target, ImportOptions options)
{
    private readonly ImportOptions options = WithGorse(MeaningFile.Complete(options));
    private readonly TimeReading times = new(TimeUnit.Auto, TimeZoneInfo.Utc);

    /// <exception cref="RecSysException">A file is missing, empty or has too many malformed rows; nothing was imported.</exception>
    public Task<ImportReport> ImportAsync(IReadOnlyList<string> paths, IProgress<WorkProgress>? progress = null,
        CancellationToken ct = default) => JsonLoop.ImportAsync("gorse", paths, target, options, Stage, progress, ct);

    private static ImportOptions WithGorse(ImportOptions options) => options with
    {
        Types = new Dictionary<string, MappedType>(options.Types.Append(new("read", new(EventType.Impression)))
            .DistinctBy(pair => pair.Key), StringComparer.Ordinal),
    };

    private bool Stage(JsonObject row, TypeNames types, ImportStaging staging)
    {
        // Visitors whom nobody knows are no malformed rows.
        if (row.Has("FeedbackType") && string.IsNullOrEmpty(row.Text("UserId"))) return false;
        if (row.Has("FeedbackType")) staging.Add(Feedback(row, types));
        else if (row.Has("ItemId")) staging.Add(Item(row));
        else if (row.Has("UserId")) staging.Add(User(row));
        else throw new RowException("the row has none of FeedbackType, ItemId and UserId, so that it is no row of gorse's");
        return true;
    }

    private Event Feedback(JsonObject row, TypeNames types)
    {
        var word = row.Required("FeedbackType");
        var (type, meaning) = types.Read(word, "FeedbackType");
        var value = row.Number("Value");
        var e = new Event
        {
            Id = "", UserId = row.Required("UserId"), ItemId = row.Required("ItemId"), Type = type, Meaning = meaning,
            Time = times.Read(row.Required("Timestamp"), "Timestamp"),
            // Of feedback that either happened or not, gorse's value counts how often.
            Value = type is EventType.Rating or EventType.View or EventType.LongView && value != 0 ? value : null,
        };
        return EventRules.Checked(e with { Id = RecordParser.DerivedId(e) }, options.Clock);
    }

    private Item Item(JsonObject row)
    {
        var categories = row.Texts("Categories");
        var item = new Item
        {
            Id = row.Required("ItemId"), Title = row.Text("Comment") ?? "", Category = categories.FirstOrDefault(""),
            Tags = [.. categories.Skip(1).Concat(row.LabelTexts("Labels")).Distinct()],
            CreatedAt = Time(row), Available = !(row.Flag("IsHidden") ?? false),
        };
        return (Identifiers.FaultOfNew(item.Id) is { } fault ? $"ItemId {fault}" : RecordRules.FindProblem(item)) is { } problem
            ? throw new RowException(problem) : item;
    }

    private static User User(JsonObject row)
    {
        var user = new User
        {
            Id = row.Required("UserId"),
            Attributes = row.LabelTexts("Labels").Distinct().Take(64).ToDictionary(label => $"label {label}", _ => "true",
                StringComparer.Ordinal),
        };
        return (Identifiers.FaultOfNew(user.Id) is { } fault ? $"UserId {fault}" : RecordRules.FindProblem(user)) is { } problem
            ? throw new RowException(problem) : user;
    }

    // Items whose time nobody gave have the year 1.
    private DateTimeOffset? Time(JsonObject row) =>
        row.Text("Timestamp") is { Length: > 0 } text && !text.StartsWith("0001-", StringComparison.Ordinal)
            ? times.Read(text, "Timestamp", dayIsEnough: true) : null;
}
