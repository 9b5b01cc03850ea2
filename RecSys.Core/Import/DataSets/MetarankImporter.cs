using RecSys.Core.Domain;
using RecSys.Core.Import.Meaning;
using RecSys.Core.Import.Rows;

namespace RecSys.Core.Import.DataSets;

/// <summary>
/// Imports events in the form of Metarank (<see href="https://docs.metarank.ai"/>): JSON objects whose field <c>event</c> says what they
/// are.
/// <list type="bullet">
/// <item><c>item</c> and <c>user</c>: the fields become the item's or the user's own where the names fit, otherwise attributes.</item>
/// <item><c>ranking</c>: each of its items is an <see cref="EventType.Impression"/> at its place, with the ranking's id as request
/// id.</item>
/// <item><c>interaction</c>: an event of its type, with the ranking that it belongs to as request id. Where there is no user, the session
/// stands in.</item>
/// </list>
/// </summary>
public sealed class MetarankImporter(ImportTarget target, ImportOptions options)
{
    private readonly ImportOptions options = MeaningFile.Complete(options);
    private readonly TimeReading times = new(TimeUnit.Auto, TimeZoneInfo.Utc);

    /// <exception cref="RecSysException">A file is missing, empty or has too many malformed rows; nothing was imported.</exception>
    public Task<ImportReport> ImportAsync(IReadOnlyList<string> paths, IProgress<WorkProgress>? progress = null,
        CancellationToken ct = default) => JsonLoop.ImportAsync("metarank", paths, target, options, Stage, progress, ct);

    private bool Stage(JsonObject row, TypeNames types, ImportStaging staging)
    {
        switch (row.Required("event"))
        {
            case "item":
                staging.Add(MetarankFields.Item(row, times));
                return true;
            case "user":
                staging.Add(MetarankFields.User(row));
                return true;
            case "ranking":
                return StageRanking(row, staging);
            case "interaction":
                return StageInteraction(row, types, staging);
            default:
                throw new RowException("event is none of item, user, ranking and interaction");
        }
    }

    private bool StageRanking(JsonObject row, ImportStaging staging)
    {
        if (Subject(row) is not { } user) return false;
        var (id, time) = (row.Required("id"), times.Read(row.Required("timestamp"), "timestamp"));
        // All are read before the first is taken, so that a malformed row leaves none.
        var shown = row.Objects("items").Select((item, position) => EventRules.Checked(new Event
        {
            Id = $"mr-{id}-{position}", UserId = user, ItemId = item.Required("id"), Type = EventType.Impression, Time = time,
            Position = position, RequestId = id, SessionId = row.Text("session"),
        }, options.Clock)).ToList();
        if (shown.Count == 0) throw new RowException("items is missing or empty");
        foreach (var e in shown) staging.Add(e);
        return true;
    }

    private bool StageInteraction(JsonObject row, TypeNames types, ImportStaging staging)
    {
        var word = row.Required("type");
        var (type, meaning) = types.Read(word, "type");
        if (Subject(row) is not { } user) return false;
        staging.Add(EventRules.Checked(new Event
        {
            Id = $"mr-{row.Required("id")}", UserId = user, ItemId = row.Required("item"), Type = type, Meaning = meaning,
            Time = times.Read(row.Required("timestamp"), "timestamp"), RequestId = row.Text("ranking"), SessionId = row.Text("session"),
        }, options.Clock));
        return true;
    }

    private static string? Subject(JsonObject row) =>
        row.Text("user") is { Length: > 0 } user ? user : row.Text("session") is { Length: > 0 } session ? session : null;
}
