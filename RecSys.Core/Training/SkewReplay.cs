using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Storage;

namespace RecSys.Core.Training;

/// <summary>Repeats the fold of a server up to each logged request.</summary>
internal static class SkewReplay
{
    /// <param name="log">The whole log.</param>
    /// <param name="stops">Where to stop, in any order.</param>
    /// <param name="stop">Gets each stop with the state that the server had; must not change the state.</param>
    public static void Run(PositionedLog log, IEnumerable<SkewStop> stops, Action<SkewStop, FeatureState> stop)
    {
        // One fold per start of a server: what one start folded as it came, the next one folds in time order.
        foreach (var start in stops.GroupBy(entry => entry.Request.Fold.LogPosition).OrderBy(group => group.Key))
        {
            var state = new FeatureState(log.Reading.Log.Items);
            var events = log.Reading.Log.Events;
            var later = new List<int>();
            for (var i = 0; i < events.Length; i++)
            {
                if (log.Positions[i] <= start.Key) state.Apply(in events[i]);
                else later.Add(i);
            }
            later.Sort((a, b) => log.Positions[a].CompareTo(log.Positions[b]));
            Continue(log, later, [.. start.OrderBy(entry => entry.Position)], state, stop);
        }
    }

    private static void Continue(PositionedLog log, List<int> later, SkewStop[] stops, FeatureState state, Action<SkewStop, FeatureState> stop)
    {
        var next = 0;
        foreach (var entry in stops)
        {
            for (; next < later.Count && log.Positions[later[next]] <= entry.Position; next++) state.Apply(in log.Reading.Log.Events[later[next]]);
            stop(entry, state);
        }
    }
}

/// <summary>A logged request and the position of the last event that the state held.</summary>
internal sealed record SkewStop(ServedFeatures Request, long Position);
