using RecSys.Core.Domain;

namespace RecSys.Core.Features;

/// <summary>Walks a log in time order and shows the state as it was before each chosen event.</summary>
public static class Replay
{
    /// <summary>
    /// Applies every event of the log to <paramref name="state"/>. Before any event of a millisecond is applied, <paramref name="before"/>
    /// is called for the chosen events of that millisecond, so the items of one served list do not see each other.
    /// </summary>
    /// <param name="log">Events in time order.</param>
    /// <param name="state">State to continue from, usually a new one; it holds the whole log afterwards.</param>
    /// <param name="select">Chooses the events to stop at.</param>
    /// <param name="before">Gets the index of the event in the log and the state before its millisecond; must not change the state.</param>
    /// <param name="ct">Looked at between moments of the log.</param>
    public static void Run(InteractionLog log, FeatureState state, Func<LogEvent, bool> select, Action<int, FeatureState> before,
        CancellationToken ct = default) => Run(log, state, select, before, freeze: null, ct);

    /// <summary>The same with a state that stops taking in what happens.</summary>
    /// <param name="log">Events in time order.</param>
    /// <param name="state">State to continue from.</param>
    /// <param name="select">Chooses the events to stop at.</param>
    /// <param name="before">Gets the index of the event and the state.</param>
    /// <param name="freeze">What stops, and when; null: nothing does.</param>
    /// <param name="ct">Looked at between moments of the log.</param>
    public static void Run(InteractionLog log, FeatureState state, Func<LogEvent, bool> select, Action<int, FeatureState> before,
        StateFreeze? freeze, CancellationToken ct = default)
    {
        var events = log.Events;
        var merges = new MergeReplay(log);
        for (var start = 0; start < events.Length;)
        {
            ct.ThrowIfCancellationRequested();
            var frozen = freeze is not null && events[start].TimeMs >= freeze.FromMs;
            if (!frozen) merges.Before(start, state);
            var end = start;
            for (var time = events[start].TimeMs; end < events.Length && events[end].TimeMs == time; end++)
            {
                if (select(events[end])) before(end, state);
            }
            for (; start < end; start++)
            {
                if (!frozen)
                {
                    merges.Before(start, state);
                    state.Apply(in events[start]);
                }
                else if (!freeze!.Items)
                {
                    state.ApplyShared(in events[start], state.Resolve(in events[start]));
                }
            }
        }
    }
}
