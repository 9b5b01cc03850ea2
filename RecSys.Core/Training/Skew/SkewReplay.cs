using RecSys.Core.Domain;
using RecSys.Core.Events;

namespace RecSys.Core.Training.Skew;

/// <summary>
/// Repeats the fold of a server up to the position that each logged request saw: all entries of the log, by the code and with the
/// contributions of serving.
/// </summary>
internal static class SkewReplay
{
    /// <param name="entries">The whole log, in the order of positions.</param>
    /// <param name="state">An empty one; gets the log up to the last stop.</param>
    /// <param name="stops">Positions to stop behind, with what to compare there, in any order.</param>
    /// <param name="folded">Told of each entry behind its fold.</param>
    /// <param name="stop">Gets each stop when the state is as the server's was.</param>
    /// <param name="cancellationToken">Stops between entries.</param>
    public static async Task RunAsync<T>(
        IAsyncEnumerable<LogEntry> entries, LiveState state, IEnumerable<(
            long Position, T Request)> stops, Action<LogEntry> folded, Action<T> stop, CancellationToken cancellationToken)
    {
        var open = new Queue<(long Position, T Request)>(stops.OrderBy(entry => entry.Position));
        await foreach (var entry in entries.WithCancellation(cancellationToken))
        {
            while (open.Count > 0 && open.Peek().Position < entry.Position) stop(open.Dequeue().Request);
            if (open.Count == 0) return;
            state.Fold(entry, entry.Contribution);
            folded(entry);
        }
        foreach (var (_, request) in open) stop(request);
    }
}
