using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Sqlite;

/// <summary>Events by the log.</summary>
internal sealed class SqliteEventStore(SqliteDatabase database) : IEventStore
{
    public async Task<IReadOnlyList<AppendOutcome>> AppendAsync(IReadOnlyCollection<Event> events, CancellationToken ct = default)
    {
        var appended = await database.Import.ImportAsync([.. events.Select(e => new EventChange(e))], ct);
        return [.. appended.Results.Select(result => result.Outcome)];
    }

    public IAsyncEnumerable<Event> ReadAsync(DateTimeOffset? from, DateTimeOffset? to, CancellationToken ct = default) =>
        database.EventLog.ReadAfterAsync(0, ct).Select(entry => (entry.Change as EventChange)?.Event).OfType<Event>()
            .Where(e => (from is null || e.Time >= from) && (to is null || e.Time < to)).OrderBy(e => e.Time);

    public async Task<EventSpan?> GetSpanAsync(CancellationToken ct = default)
    {
        var counts = await database.Contents.CountAsync(ct);
        return counts is { FirstEvent: { } first, LastEvent: { } last } ? new EventSpan(first, last, counts.Events) : null;
    }

    public async Task<long> CountAsync(CancellationToken ct = default) => (await database.Contents.CountAsync(ct)).Events;
}
