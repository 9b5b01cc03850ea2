namespace RecSys.Core.Monitoring.Business;

/// <summary>
/// The lists counted last, so that what comes of them needs no look into the store: <see cref="Capacity"/> of them, about 350 bytes each; a
/// further one takes the place of the first. Not thread-safe.
/// </summary>
internal sealed class RecentLists
{
    /// <summary>Most lists; 4 minutes of 200 requests a second.</summary>
    public const int Capacity = 50_000;

    private readonly Dictionary<string, CountedList> lists = new(StringComparer.Ordinal);
    private readonly Queue<string> order = new();

    public CountedList? Find(string requestId) => lists.GetValueOrDefault(requestId);

    public void Add(CountedList list)
    {
        if (!lists.TryAdd(list.RequestId, list)) return;
        order.Enqueue(list.RequestId);
        if (order.Count > Capacity) lists.Remove(order.Dequeue());
    }

    public void Clear()
    {
        lists.Clear();
        order.Clear();
    }
}
