using System.Text;
using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Lake;

/// <summary>
/// The columnar path for training out of the lake: items, users and merges as they were at the end of the last day that is read, the events
/// of the window. The same as the database gives for the same entries; what waits beside the log is not in the lake.
/// </summary>
/// <param name="store">The lake; it must begin with the log, so that all items and users are known.</param>
/// <param name="erased">Erased users and visitors that the database knows of; empty where there is none.</param>
/// <param name="through">Last day to read; null for the last that the lake has.</param>
public sealed class LakeInteractionLogReader(ILakeStore store, IReadOnlyCollection<string> erased, DateOnly? through = null)
    : IInteractionLogReader
{
    private const string EventColumns =
        "position, least(happened_ms, received_ms), user_id, item, type, value, amount, place, device, location, meaning, request_id";

    public async Task<InteractionLogReading> ReadWithCountsAsync(DateTimeOffset? from, DateTimeOffset? to, CancellationToken ct = default)
    {
        var forgotten = await new LakeReader(store, erased).ReadErasedAsync(null, ct);
        var contents = new LakeContents();
        var days = new List<LakeManifest>();
        await foreach (var day in new LakeDays(store).ReadAsync(LakeTable.Log, null, through, ct))
        {
            if (days.Count == 0 && day.FirstPosition != 1)
                throw new RecSysException($"The lake {store.Place} begins at position {day.FirstPosition} of the log, so items and users "
                    + "of earlier entries are not known. Put its first days back, or train on the database.");
            days.Add(day);
            await FoldChangesAsync(day, contents, forgotten, ct);
        }
        var users = contents.ListUsers();
        var known = users.Count;
        var builder = new InteractionLogBuilder(contents.Items, users);
        // No event counts with a later time than that of its receipt, and none lies in a day before that.
        foreach (var day in days.Where(day => from is null || day.Day >= LakeClock.DayOf(from.Value)))
            await AddEventsAsync(day, Window(from, to), builder, forgotten, ct);
        var log = builder.Build(contents.Merges);
        return new InteractionLogReading(log, EventsOnUnknownItems: 0, users.Count - known)
        {
            LastPosition = days[^1].LastPosition!.Value, Epoch = days[^1].Epoch,
        };
    }

    public async Task<IReadOnlyList<string?>> RequestIdsAsync(IReadOnlyList<long> positions, CancellationToken ct = default)
    {
        long[] wanted = [.. positions.Order()];
        var found = new Dictionary<long, string?>();
        await foreach (var day in new LakeDays(store).ReadAsync(LakeTable.Log, null, through, ct))
        {
            var next = Array.BinarySearch(wanted, day.FirstPosition!.Value);
            if (next < 0) next = ~next;
            if (next == wanted.Length || wanted[next] > day.LastPosition) continue;
            var files = new LakeDayFiles(store, day);
            await foreach (var row in files.ReadAsync(LakeSchema.Events, "position, request_id", "request_id IS NOT NULL", ct))
            {
                if (Array.BinarySearch(wanted, row.Int64(0)) >= 0) found[row.Int64(0)] = row.Text(1);
            }
        }
        return [.. positions.Select(position => found.GetValueOrDefault(position))];
    }

    private async Task FoldChangesAsync(LakeManifest day, LakeContents contents, HashSet<string> forgotten, CancellationToken ct)
    {
        var files = new LakeDayFiles(store, day);
        var changeRows = new ChangeRows();
        await foreach (var row in files.ReadAsync(LakeSchema.Changes, ct: ct))
        {
            var entry = changeRows.Read(row);
            if (!LakeReader.IsForgotten(entry.Change, forgotten)) contents.Apply(entry);
        }
    }

    private async Task AddEventsAsync(LakeManifest day, string? window, InteractionLogBuilder builder, HashSet<string> forgotten,
        CancellationToken ct)
    {
        var files = new LakeDayFiles(store, day);
        await foreach (var row in files.ReadAsync(LakeSchema.Events, EventColumns, window, ct))
        {
            var user = row.Text(2);
            var type = LakeNames.Type(row.Required(4));
            builder.Add(row.Int64(0), LogEvents.Of(
                row.Int64(1),
                user is null || forgotten.Contains(user) ? -1 : builder.UserOf(user),
                row.Int32(3),
                type,
                LogEvents.ValueOf(type, row.MaybeDouble(5), row.MaybeDouble(6)),
                row.MaybeInt32(7),
                builder.DeviceOf(row.Text(8)),
                builder.LocationOf(row.Text(9)),
                row.Text(10) is { } meaning ? LakeNames.Meaning(meaning) : null) with
            {
                List = row.Text(11) is { } list ? builder.ListOf(Encoding.UTF8.GetBytes(list)) : 0,
            });
        }
    }

    private static string? Window(DateTimeOffset? from, DateTimeOffset? to)
    {
        if (from is null && to is null) return null;
        return FormattableString.Invariant(
            $"least(happened_ms, received_ms) >= {WholeMs.First(from)} AND least(happened_ms, received_ms) < {WholeMs.End(to)}");
    }
}
