using RecSys.Core.Domain;
using RecSys.Core.Import.Meaning;
using RecSys.Core.Import.Rows;

namespace RecSys.Core.Import.DataSets;

/// <summary>
/// Imports what gorse exports (<see href="https://gorse.io"/>): JSON objects of users, items and feedback, one per line or in an array, or
/// the tables <c>users.csv</c>, <c>items.csv</c> and <c>feedback.csv</c> of earlier versions; in one file or several. What a row is shows
/// from its fields.
/// <list type="bullet">
/// <item>Feedback has the type that its word says: <c>read</c>, which means that the item was shown or opened and nothing more, is an
/// <see cref="EventType.Impression"/>; <c>like</c>, <c>star</c>, <c>buy</c> and the like are what they say; others need a mapping.</item>
/// <item>An item has its first category as category, the others and labels that are texts as tags, labels with names as attributes, its
/// comment as title; a hidden one is not available. A user's labels are attributes.</item>
/// </list>
/// </summary>
public sealed class GorseImporter(ImportTarget target, ImportOptions options)
{
    private readonly ImportOptions options = WithGorse(MeaningFile.Complete(options));
    private readonly TimeReading times = new(TimeUnit.Auto, TimeZoneInfo.Utc);

    /// <exception cref="RecSysException">A file is missing, empty or has too many malformed rows; nothing was imported.</exception>
    public Task<ImportReport> ImportAsync(IReadOnlyList<string> paths, IProgress<WorkProgress>? progress = null,
        CancellationToken ct = default) =>
        JsonLoop.ImportAsync("gorse", paths, target, options, Stage, progress, ct, GorseTable.Read);

    private static ImportOptions WithGorse(ImportOptions options) => options with
    {
        Types = new Dictionary<string, MappedType>(options.Types.Append(GorseRecords.Read)
            .DistinctBy(pair => pair.Key), StringComparer.Ordinal),
    };

    private bool Stage(JsonObject row, TypeNames types, ImportStaging staging)
    {
        // Visitors whom nobody knows are no malformed rows.
        if (row.Has("FeedbackType") && string.IsNullOrEmpty(row.Text("UserId"))) return false;
        if (row.Has("FeedbackType")) staging.Add(Feedback(row, types));
        else if (row.Has("ItemId")) staging.Add(GorseRecords.Item(row, times));
        else if (row.Has("UserId")) staging.Add(GorseRecords.User(row));
        else throw new RowException("the row has none of FeedbackType, ItemId and UserId, so that it is no row of gorse's");
        return true;
    }

    private Event Feedback(JsonObject row, TypeNames types)
    {
        var type = types.Read(row.Required("FeedbackType"), "FeedbackType");
        var time = GorseRecords.Time(row, times) ?? throw new RowException("Timestamp is missing, or of the year 1");
        var e = GorseRecords.Feedback(row, type, time);
        return EventRules.Checked(e with { Id = RecordParser.DerivedId(e) }, options.Clock);
    }
}
