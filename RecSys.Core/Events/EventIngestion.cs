using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Events;

/// <summary>
/// The one way for live events into the system: durable first, then folded into the serving state. One batch after the other, so that
/// events are folded in the order in which they stand in the log and a replay can repeat it.
/// </summary>
public sealed class EventIngestion(IEventStore store, LiveState state) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);

    /// <summary>Stores the events and folds those that are new. When this returns, accepted events are on disk.</summary>
    /// <returns>One outcome per event, in the order given.</returns>
    public async Task<IReadOnlyList<AppendOutcome>> IngestAsync(IReadOnlyList<Event> events, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            var outcomes = await store.AppendAsync(events, cancellationToken);
            for (var i = 0; i < events.Count; i++)
            {
                if (outcomes[i] == AppendOutcome.Accepted) state.Apply(events[i]);
            }
            return outcomes;
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();
}
