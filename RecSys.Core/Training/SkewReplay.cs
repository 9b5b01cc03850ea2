using RecSys.Core.Domain;
using RecSys.Core.Features;

namespace RecSys.Core.Training;

/// <summary>Repeats the fold of a server up to the position that each logged request saw.</summary>
internal static class SkewReplay
{
    /// <param name="log">The whole log, in the order of positions.</param>
    /// <param name="stops">Positions to stop behind, with what to compare there, in any order.</param>
    /// <param name="stop">Gets each stop with the state that the server had; must not change the state.</param>
    public static void Run<T>(InteractionLog log, IEnumerable<(long Position, T Request)> stops, Action<T, FeatureState> stop)
    {
        var state = new FeatureState(log.Items);
        var next = 0;
        foreach (var (position, request) in stops.OrderBy(entry => entry.Position))
        {
            for (; next < log.Events.Length && log.Positions[next] <= position; next++) state.Apply(in log.Events[next]);
            stop(request, state);
        }
    }
}
