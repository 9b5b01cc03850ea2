using System.Runtime.InteropServices;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Evaluation.OffPolicy;

/// <summary>
/// Joins served records with the events that name their requests; a click at any time is the reward. A place is that of the list, which the
/// propensity is of, also where the app shows or counts otherwise; of a record of one item it is the place that its impression tells. Takes
/// some 100 bytes per place in memory.
/// </summary>
public sealed class PolicyLogReader(IServedRecordStore served, IEventLog log)
{
    private const int ReportEvery = 100_000;

    /// <param name="scenario">Only this one; null for all.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>One per scenario and policy, in ordinal order.</returns>
    public async Task<IReadOnlyList<PolicyLog>> ReadAsync(
        string? scenario, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        var (clicked, places, read) = (new HashSet<(ulong, int)>(), new Dictionary<(ulong, int), int>(), 0L);
        await foreach (var entry in log.ReadAfterAsync(0, cancellationToken))
        {
            if (++read % ReportEvery == 0) progress?.Report(new WorkProgress("read the events", read, null, "entries"));
            if (entry.Change is not EventChange { Event: { RequestId: { } request } e } || entry.Item < 0) continue;
            if (e.Type == EventType.Click) clicked.Add((Hash(request), entry.Item));
            else if (e is { Type: EventType.Impression, Position: { } place }) places[(Hash(request), entry.Item)] = place;
        }
        var logs = new SortedDictionary<(string Scenario, string Policy), List<PlacedDecision>>();
        read = 0;
        await foreach (var record in served.ReadBetweenAsync(null, DateTimeOffset.MaxValue, cancellationToken))
        {
            if (++read % ReportEvery == 0) progress?.Report(new WorkProgress("read the served records", read, null, "records"));
            if (scenario is not null && (record.Scenario ?? "") != scenario) continue;
            var key = (record.Scenario ?? "", record.Assignment.Variant);
            if (!logs.TryGetValue(key, out var decisions)) logs[key] = decisions = [];
            var (request, user) = (Hash(record.RequestId), (long)Hash(record.UserId));
            for (var i = 0; i < record.Items.Count; i++)
            {
                var item = record.Items[i];
                var place = record.Items.Count == 1 ? places.GetValueOrDefault((request, item.Item)) : i;
                decisions.Add(new PlacedDecision(
                    item.Item, place, item.Propensity, clicked.Contains((request, item.Item)) ? 1 : 0,
                    record.Time.ToUnixTimeMilliseconds(), (long)request, user));
            }
        }
        return [.. logs.Select(each => new PolicyLog(each.Key.Scenario, each.Key.Policy, each.Value))];
    }

    // FNV-1a over UTF-16. Of 26 million requests two share a value with a probability of 2 in 100,000.
    private static ulong Hash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var part in MemoryMarshal.AsBytes(text.AsSpan())) hash = (hash ^ part) * 1099511628211UL;
        return hash;
    }
}
