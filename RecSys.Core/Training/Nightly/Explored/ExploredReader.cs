using RecSys.Core.Domain;
using RecSys.Core.Evaluation.OffPolicy;
using RecSys.Core.Storage;

namespace RecSys.Core.Training.Nightly.Explored;

/// <summary>
/// Reads the explored places of a time out of the served records, with what the log says came of them. Those of users whose events are all
/// left out, such as bots, are left out, too, and rejected events answer nothing.
/// </summary>
/// <param name="database">Has the served records and the log.</param>
/// <param name="data">The log of the night.</param>
internal sealed class ExploredReader(IDatabase database, NightData data)
{
    private readonly InteractionLog log = data.Log;

    /// <param name="from">First moment; no model has learnt from what was served since.</param>
    /// <param name="to">The first moment behind.</param>
    /// <param name="lastPosition">Entries behind it are not known to the night.</param>
    /// <param name="label">What a list has to bring about, see <see cref="TrainingOptions.Label"/>.</param>
    /// <param name="most">The latest so many places are taken, in whole lists.</param>
    /// <param name="ct">Stops the reading.</param>
    /// <returns>By the positions that the requests saw.</returns>
    public async Task<IReadOnlyList<ExploredList>> ReadAsync(
        DateTimeOffset from, DateTimeOffset to, long lastPosition, string label, int most, CancellationToken ct)
    {
        var found = new List<(ServedRecord Record, int User)>();
        var places = 0;
        // The newest first.
        await foreach (var record in database.ServedRecords.ReadAsync(from, ct))
        {
            if (record.Time >= to || record.Position > lastPosition || !log.Users.TryGetOrdinal(record.UserId, out var user)
                || data.IsLeftOut(user))
                continue;
            var explored = record.Items.Count(IsKnown);
            if (explored == 0) continue;
            if ((places += explored) > most) break;
            found.Add((record, user));
        }
        if (found.Count == 0) return [];
        var answered = await AnsweredAsync(found, lastPosition, label, ct);
        return
        [
            .. found.OrderBy(each => each.Record.Position).ThenBy(each => each.Record.RequestId, StringComparer.Ordinal)
                .Select(each => ListOf(each.Record, each.User, answered)),
        ];
    }

    // Items that came behind the end of the night's log are not in its catalogue.
    private bool IsKnown(ServedItem item) => item.Pool is { Count: > 1 } pool && pool[^1] < log.Items.Count;

    private ExploredList ListOf(ServedRecord record, int user, HashSet<(string, int)> answered)
    {
        var request = (long)StableHash.Of(record.RequestId, 0);
        var places = new List<ExploredPlace>();
        for (var place = 0; place < record.Items.Count; place++)
        {
            var item = record.Items[place];
            if (!IsKnown(item)) continue;
            places.Add(new ExploredPlace(
                item.Item, place, item.Pool!, answered.Contains((record.RequestId, item.Item)) ? 1 : 0,
                record.Time.ToUnixTimeMilliseconds(), request, user));
        }
        return new ExploredList(record, user, places);
    }

    private async Task<HashSet<(string, int)>> AnsweredAsync(
        List<(ServedRecord Record, int User)> lists, long lastPosition, string label, CancellationToken ct)
    {
        var counts = TwoStageTraining.Answers(log, label);
        var requests = lists.Select(list => list.Record.RequestId).ToHashSet(StringComparer.Ordinal);
        var answered = new HashSet<(string, int)>();
        // What a list brought about came behind what it saw.
        await foreach (var entry in database.EventLog.ReadAfterAsync(lists.Min(list => list.Record.Position), ct))
        {
            if (entry.Position > lastPosition) break;
            if (entry.Change is not EventChange { Event: { RequestId: { } request } e } || entry.Item < 0 || !requests.Contains(request)
                || data.IsRejected(entry.Position))
                continue;
            var compact = new LogEvent(e.Time.ToUnixTimeMilliseconds(), 0, entry.Item, e.Type)
            {
                Meaning = e.Meaning ?? EventTypes.MeaningOf(e.Type),
            };
            if (counts(compact)) answered.Add((request, entry.Item));
        }
        return answered;
    }
}
