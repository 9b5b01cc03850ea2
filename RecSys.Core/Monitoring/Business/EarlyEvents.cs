namespace RecSys.Core.Monitoring.Business;

/// <summary>
/// Events whose list is not stored yet: a record is written some 100 ms behind its reply, and an app may be faster. At most
/// <see cref="Most"/>, for <see cref="Patience"/>; who has to go makes room. Not thread-safe.
/// </summary>
internal sealed class EarlyEvents(TimeProvider time)
{
    /// <summary>Most events that wait.</summary>
    public const int Most = 10_000;

    /// <summary>How long an event waits for its list.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, List<ListOutcomeEvent>> waiting = new(StringComparer.Ordinal);
    private readonly Queue<(string RequestId, long Since)> order = new();
    private int count;

    /// <summary>True when events of the list wait already.</summary>
    public bool Has(string requestId) => waiting.ContainsKey(requestId);

    /// <summary>All that wait.</summary>
    public IEnumerable<ListOutcomeEvent> All => waiting.Values.SelectMany(events => events);

    public void Add(in ListOutcomeEvent e)
    {
        if (!waiting.TryGetValue(e.RequestId, out var events))
        {
            waiting[e.RequestId] = events = [];
            order.Enqueue((e.RequestId, time.GetTimestamp()));
        }
        events.Add(e);
        count++;
    }

    /// <summary>The events that waited for the list, in their order; they wait no longer.</summary>
    public IReadOnlyList<ListOutcomeEvent> Take(string requestId)
    {
        if (!waiting.Remove(requestId, out var events)) return [];
        count -= events.Count;
        return events;
    }

    /// <summary>Gives up those that waited too long or are too many.</summary>
    /// <returns>How many.</returns>
    public int GiveUp()
    {
        var gone = 0;
        // A list that came is in the order for as long as it would have waited.
        while (order.TryPeek(out var first) && (count > Most || order.Count > Most || time.GetElapsedTime(first.Since) > Patience))
            gone += Take(order.Dequeue().RequestId).Count;
        return gone;
    }

    public void Clear()
    {
        waiting.Clear();
        order.Clear();
        count = 0;
    }
}
