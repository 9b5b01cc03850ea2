using RecSys.Core.Domain;
using RecSys.Core.Evaluation.Impressions;

namespace RecSys.Core.Training.Rows;

/// <summary>
/// The impressions of a log by the list that showed them (<see cref="ListKey"/>): lists in the order of their first impressions, each with
/// its impressions in the order of the log, whatever others were shown in between.
/// </summary>
internal sealed class ImpressionLists
{
    private readonly int[] events;
    private readonly int[] starts;

    /// <param name="log">The log; impressions of nobody are left out.</param>
    /// <param name="first">Index of the first event to look at.</param>
    /// <param name="leftOut">By index in the log: true for events that are to be passed over; null passes over none.</param>
    public ImpressionLists(InteractionLog log, int first = 0, bool[]? leftOut = null)
    {
        var numbers = new Dictionary<ListKey, int>();
        var (shown, lists) = (new List<int>(), new List<int>());
        for (var i = first; i < log.Events.Length; i++)
        {
            ref readonly var e = ref log.Events[i];
            if (!e.IsImpression || e.User < 0 || leftOut?[i] == true) continue;
            var key = ListKey.Of(e);
            if (!numbers.TryGetValue(key, out var list)) numbers.Add(key, list = numbers.Count);
            shown.Add(i);
            lists.Add(list);
        }
        starts = new int[numbers.Count + 1];
        foreach (var list in lists) starts[list + 1]++;
        for (var list = 0; list < numbers.Count; list++) starts[list + 1] += starts[list];
        var next = starts[..numbers.Count];
        events = new int[shown.Count];
        for (var at = 0; at < shown.Count; at++) events[next[lists[at]]++] = shown[at];
    }

    private ImpressionLists(int[] events, int[] starts) => (this.events, this.starts) = (events, starts);

    /// <summary>Lists.</summary>
    public int Count => starts.Length - 1;

    /// <summary>Impressions of all lists.</summary>
    public int Impressions => events.Length;

    /// <summary>Indexes in the log of a list's impressions, ascending.</summary>
    public ReadOnlySpan<int> this[int list] => events.AsSpan(starts[list]..starts[list + 1]);

    /// <summary>Some of the lists, in their order.</summary>
    /// <param name="wanted">By the place of the list.</param>
    public ImpressionLists Where(Func<int, bool> wanted)
    {
        var (some, begins) = (new List<int>(events.Length), new List<int> { 0 });
        for (var list = 0; list < Count; list++)
        {
            if (!wanted(list)) continue;
            some.AddRange(this[list]);
            begins.Add(some.Count);
        }
        return new ImpressionLists([.. some], [.. begins]);
    }

    /// <summary>Lists that were written down earlier, such as by <see cref="this"/>.</summary>
    /// <param name="lists">Indexes in the log of each list's impressions; lists by their first ones, ascending.</param>
    public static ImpressionLists Of(IEnumerable<IReadOnlyList<int>> lists)
    {
        var (all, begins) = (new List<int>(), new List<int> { 0 });
        foreach (var list in lists)
        {
            all.AddRange(list);
            begins.Add(all.Count);
        }
        return new ImpressionLists([.. all], [.. begins]);
    }
}
