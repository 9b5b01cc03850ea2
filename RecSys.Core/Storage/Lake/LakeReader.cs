using System.Runtime.CompilerServices;
using RecSys.Core.Domain;
using RecSys.Core.Storage.Parquet;

namespace RecSys.Core.Storage.Lake;

/// <summary>
/// Reads days of the lake. Every file is checked before it is read, and what does not fit together is refused by name. Users who were
/// erased since a day was written are taken out of it as the database takes them out of the log: those whom later days of the lake tell,
/// and those whom the caller names.
/// </summary>
/// <param name="store">The lake.</param>
/// <param name="erased">Erased users and visitors that the database knows of; empty where there is none.</param>
public sealed class LakeReader(ILakeStore store, IReadOnlyCollection<string> erased)
{
    private readonly LakeDays days = new(store);

    /// <summary>True to look at the place itself, also where copies are at hand.</summary>
    internal bool Anew { get; init; }

    /// <summary>The lake as a database's erasures leave it.</summary>
    public static async Task<LakeReader> OfAsync(ILakeStore store, ILogContents contents, CancellationToken ct = default) =>
        new(store, [.. (await contents.ReadErasedAsync(ct)).Select(each => each.Id)]);

    /// <summary>Entries of a range of days, as the log has them.</summary>
    /// <param name="from">First day; null for the first that the lake has.</param>
    /// <param name="to">Last day; null for the last that the lake has.</param>
    /// <param name="ct">Stops the enumeration.</param>
    /// <exception cref="RecSysException">A day or a file is missing, damaged or of another form; the message names it.</exception>
    public async IAsyncEnumerable<LogEntry> ReadEntriesAsync(DateOnly? from = null, DateOnly? to = null,
        [EnumeratorCancellation] CancellationToken ct = default)
    {
        var forgotten = await ReadErasedAsync(from, ct);
        await foreach (var day in days.ReadAsync(LakeTable.Log, from, to, ct))
        {
            await foreach (var entry in ReadDayAsync(day, ct))
                yield return entry.Change.IsForgotten(forgotten) ? entry with { Change = entry.Change.WithoutSubject() } : entry;
        }
    }

    /// <summary>Served records of a range of days by time, without those of erased users.</summary>
    /// <inheritdoc cref="ReadEntriesAsync"/>
    public async IAsyncEnumerable<ServedRecord> ReadServedAsync(DateOnly? from = null, DateOnly? to = null,
        [EnumeratorCancellation] CancellationToken ct = default)
    {
        var forgotten = await ReadErasedAsync(from, ct);
        await foreach (var day in days.ReadAsync(LakeTable.Served, from, to, ct))
        {
            await foreach (var record in ReadServedDayAsync(day, ct))
            {
                if (!forgotten.Contains(record.UserId)) yield return record;
            }
        }
    }

    /// <summary>
    /// All erased users and visitors whom the caller or a day of the lake names. Who was erased before the first day has no entry in it.
    /// </summary>
    internal async Task<HashSet<string>> ReadErasedAsync(DateOnly? from, CancellationToken ct)
    {
        var all = new HashSet<string>(erased, StringComparer.Ordinal);
        foreach (var date in await store.ListAsync(LakeTable.Log, ct))
        {
            if (date < from || await days.FindAsync(LakeTable.Log, date, ct) is not { } day) continue;
            if (!day.RowsByKind.ContainsKey(LakeNames.Of(LogKind.UserErasure))) continue;
            var files = new LakeDayFiles(store, day);
            var where = $"kind = {DuckDbFiles.Literal(LakeNames.Of(LogKind.UserErasure))}";
            await foreach (var row in files.ReadAsync(LakeSchema.Changes, "erased_ids", where, ct))
                all.UnionWith(row.List<string>(0) ?? []);
        }
        return all;
    }

    /// <summary>The entries of one day as they were written.</summary>
    internal async IAsyncEnumerable<LogEntry> ReadDayAsync(LakeManifest day, [EnumeratorCancellation] CancellationToken ct)
    {
        var files = new LakeDayFiles(store, day, Anew);
        var changeRows = new ChangeRows();
        await using var events = files.ReadAsync(LakeSchema.Events, ct: ct).GetAsyncEnumerator(ct);
        await using var changes = files.ReadAsync(LakeSchema.Changes, ct: ct).GetAsyncEnumerator(ct);
        var nextEvent = await NextEventAsync();
        var nextChange = await NextChangeAsync();
        for (var position = day.FirstPosition!.Value; position <= day.LastPosition; position++)
        {
            if (nextEvent?.Position == position)
            {
                yield return nextEvent;
                nextEvent = await NextEventAsync();
            }
            else if (nextChange?.Position == position)
            {
                yield return nextChange;
                nextChange = await NextChangeAsync();
            }
            else
            {
                throw Damaged(day, $"has no entry {position}");
            }
        }
        if ((nextEvent ?? nextChange) is { } more) throw Damaged(day, $"has an entry {more.Position} behind its last");

        async ValueTask<LogEntry?> NextEventAsync() => await events.MoveNextAsync() ? EventRows.Read(events.Current) : null;
        async ValueTask<LogEntry?> NextChangeAsync() => await changes.MoveNextAsync() ? changeRows.Read(changes.Current) : null;
    }

    /// <summary>The records of one day as they were written.</summary>
    internal async IAsyncEnumerable<ServedRecord> ReadServedDayAsync(LakeManifest day, [EnumeratorCancellation] CancellationToken ct)
    {
        var files = new LakeDayFiles(store, day, Anew);
        ServedRecord? record = null;
        var places = new List<ServedItem>();
        var records = 0L;
        await foreach (var row in files.ReadAsync(LakeSchema.Served, ct: ct))
        {
            // The first row of a list is that of its first place.
            if (row.IsNull(ServedRows.PlaceColumn) || row.Int32(ServedRows.PlaceColumn) == 0)
            {
                if (record is not null) yield return record with { Items = [.. places] };
                record = ServedRows.Read(row);
                places.Clear();
                records++;
            }
            if (ServedRows.ReadPlace(row) is { } place) places.Add(place);
        }
        if (record is not null) yield return record with { Items = [.. places] };
        if (records != day.Entries) throw Damaged(day, $"has {records} requests instead of {day.Entries}");
    }

    private RecSysException Damaged(LakeManifest day, string fault) =>
        new($"{days.NameOf(day.Table, day.Day)} {fault}. {LakeAdvice.ExportAgain}");
}
