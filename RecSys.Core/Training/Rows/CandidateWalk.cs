using RecSys.Core.Domain;
using RecSys.Core.Features;

namespace RecSys.Core.Training.Rows;

/// <summary>
/// Walks a log event by event and stops at the moments of choices. Unlike <see cref="Replay"/>, an event sees the events of the same
/// millisecond that stand before it: choices come one by one, even where a data set's clock is coarse.
/// </summary>
internal static class CandidateWalk
{
    private const int LookEvery = 1024;

    /// <summary>What to do at a stop.</summary>
    /// <param name="choice">Place of the choice in the list of choices.</param>
    /// <param name="index">The event that the state must not know of, nor of anything after it: of the same user and item as the
    /// choice.</param>
    /// <param name="state">State before that event.</param>
    public delegate void Stop(int choice, int index, FeatureState state);

    /// <param name="log">Events in the order in which they are folded.</param>
    /// <param name="choices">Indexes of the events to stop for, ascending.</param>
    /// <param name="withheld">Per event, true: never applied to the state. Null: all are applied.</param>
    /// <param name="stop">Called once per choice, in the order of <see cref="Moments"/>.</param>
    /// <param name="phase">What to call the work in progress reports.</param>
    /// <param name="progress">Told how many stops are done.</param>
    /// <param name="cancellationToken">Looked at before every stop, and between so many events that it takes no noticeable time.</param>
    /// <param name="past">What came before the log; null: nothing did.</param>
    public static void Run(
        InteractionLog log, IReadOnlyList<int> choices, bool[]? withheld, Stop stop, string phase, IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken, LogPast? past = null)
    {
        var moments = Moments(log, choices);
        var order = Enumerable.Range(0, choices.Count).ToArray();
        Array.Sort([.. moments], order);
        var state = past?.Open() ?? new FeatureState(log.Items);
        var events = log.Events;
        var merges = new MergeReplay(log);
        var next = 0;
        for (var i = 0; i < events.Length && next < order.Length; i++)
        {
            if (i % LookEvery == 0) cancellationToken.ThrowIfCancellationRequested();
            merges.Before(i, state);
            for (; next < order.Length && moments[order[next]] == i; next++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                stop(order[next], i, state);
                if ((next + 1) % 1000 == 0 || next + 1 == order.Length)
                    progress?.Report(new WorkProgress(phase, next + 1, order.Length, "lists"));
            }
            if (withheld is null || !withheld[i]) state.Apply(events[i]);
        }
    }

    /// <summary>
    /// Per choice the event before which its list was made: the impression that it answered (the latest of the same user and item within
    /// <see cref="ImpressionLabels.DefaultWindow"/>), or the choice itself where nothing was shown or it is an impression. A state that
    /// knew of the impression would know which of all items is about to be chosen.
    /// </summary>
    internal static int[] Moments(InteractionLog log, IReadOnlyList<int> choices)
    {
        var moments = new int[choices.Count];
        var events = log.Events;
        // Most impressions are of pairs that nothing is asked about.
        var asked = new HashSet<(int User, int Item)>(choices.Count);
        foreach (var choice in choices) asked.Add((events[choice].User, events[choice].Item));
        var shown = new Dictionary<(int User, int Item), int>();
        var next = 0;
        for (var i = 0; i < events.Length && next < moments.Length; i++)
        {
            ref readonly var e = ref events[i];
            // Nobody's are never chosen to stop for, and do not answer each other.
            if (e.User < 0) continue;
            if (choices[next] == i)
            {
                var answered = shown.TryGetValue((e.User, e.Item), out var impression) && !e.IsImpression
                    && e.TimeMs >= events[impression].TimeMs
                    && e.TimeMs - events[impression].TimeMs <= ImpressionLabels.DefaultWindow.TotalMilliseconds;
                moments[next++] = answered ? impression : i;
            }
            if (e.IsImpression && asked.Contains((e.User, e.Item))) shown[(e.User, e.Item)] = i;
        }
        return moments;
    }
}
