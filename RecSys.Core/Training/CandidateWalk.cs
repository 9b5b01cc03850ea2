using RecSys.Core.Domain;
using RecSys.Core.Features;

namespace RecSys.Core.Training;

/// <summary>
/// Walks a log event by event and stops before chosen ones. Unlike <see cref="Replay"/>, an event sees the events of the same millisecond
/// that stand before it: choices come one by one, even where a data set's clock is coarse.
/// </summary>
internal static class CandidateWalk
{
    /// <param name="log">Events in time order.</param>
    /// <param name="stopAt">Indexes of the events to stop before, ascending.</param>
    /// <param name="withheld">Per event, true: never applied to the state. Null: all are applied.</param>
    /// <param name="stop">Gets the index and the state before the event.</param>
    /// <param name="phase">What to call the work in progress reports.</param>
    /// <param name="progress">Told how many stops are done.</param>
    public static void Run(
        InteractionLog log, IReadOnlyList<int> stopAt, bool[]? withheld, Action<int, FeatureState> stop, string phase, IProgress<WorkProgress>? progress)
    {
        var state = new FeatureState(log.Items);
        var events = log.Events;
        var next = 0;
        for (var i = 0; i < events.Length && next < stopAt.Count; i++)
        {
            if (stopAt[next] == i)
            {
                stop(i, state);
                next++;
                if (next % 1000 == 0 || next == stopAt.Count) progress?.Report(new WorkProgress(phase, next, stopAt.Count, "lists"));
            }
            if (withheld is null || !withheld[i]) state.Apply(events[i]);
        }
    }
}
