using RecSys.Core.Domain;

namespace RecSys.Core.Evaluation.Impressions;

/// <summary>
/// Impressions of a test part with what came of them, in lists: of one request id and user, or, where a log has no request ids, what one
/// user was shown at one moment in one context.
/// </summary>
public sealed class ImpressionSet
{
    private readonly int[] events;

    /// <param name="log">The log.</param>
    /// <param name="events">Indexes of the impressions in it, none of nobody.</param>
    /// <param name="clicked">One per impression.</param>
    public ImpressionSet(InteractionLog log, int[] events, bool[] clicked)
    {
        Log = log;
        this.events = events;
        Clicked = clicked;
        Lists = new int[events.Length];
        var numbers = new Dictionary<ListKey, int>();
        var heads = new List<int>();
        for (var row = 0; row < events.Length; row++)
        {
            ref readonly var e = ref this[row];
            if (e.List > 0) WithRequestId++;
            var key = ListKey.Of(e);
            if (numbers.TryGetValue(key, out Lists[row])) continue;
            numbers.Add(key, Lists[row] = numbers.Count);
            heads.Add(row);
        }
        Heads = [.. heads];
        Users = Array.ConvertAll(events, index => log.Events[index].User);
        Sizes = new int[numbers.Count];
        var clicks = new int[numbers.Count];
        for (var row = 0; row < Lists.Length; row++)
        {
            Sizes[Lists[row]]++;
            clicks[Lists[row]] += clicked[row] ? 1 : 0;
        }
        MixedLists = clicks.Where((count, list) => count > 0 && count < Sizes[list]).Count();
    }

    public InteractionLog Log { get; }

    /// <summary>Impressions.</summary>
    public int Count => events.Length;

    /// <summary>Indexes of the impressions in the log.</summary>
    public ReadOnlySpan<int> Events => events;

    /// <summary>What came of each impression.</summary>
    public bool[] Clicked { get; }

    /// <summary>Ordinal of each impression's user.</summary>
    public int[] Users { get; }

    /// <summary>List of each impression, from 0.</summary>
    public int[] Lists { get; }

    /// <summary>The first impression of each list, whose moment is that of the list.</summary>
    public int[] Heads { get; }

    /// <summary>Impressions of each list.</summary>
    public int[] Sizes { get; }

    /// <summary>Lists with clicked and passed-over items: those that an order matters in.</summary>
    public int MixedLists { get; }

    /// <summary>Impressions whose list is told by a request id, not by user and moment.</summary>
    public int WithRequestId { get; }

    /// <summary>The event of an impression.</summary>
    public ref readonly LogEvent this[int row] => ref Log.Events[events[row]];
}
