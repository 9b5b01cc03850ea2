using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Storage;

namespace RecSys.Api.Endpoints;

/// <summary>Appends what a request changes and waits a moment for it to count.</summary>
internal sealed class Posting(LogWriter log, EventTail tail)
{
    // Patches of different ids wait for each other once in so many pairs.
    private readonly SemaphoreSlim[] turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>Durable when it returns.</summary>
    /// <exception cref="LogRefusedException">Too much waits to be written, or nothing can be.</exception>
    public async Task<Posted> PostAsync(IReadOnlyList<LogChange> changes, CancellationToken cancellationToken)
    {
        var results = await log.PostAsync(changes, cancellationToken);
        var position = 0L;
        foreach (var result in results)
        {
            // Who sends something again wants to see its effect as much as who sends it first.
            if (result.Outcome is AppendOutcome.Accepted or AppendOutcome.Duplicate) position = Math.Max(position, result.Position);
        }
        return new Posted(results, position, tail.Position >= position);
    }

    /// <summary>The same for one change.</summary>
    public async Task<(AppendOutcome Outcome, long Position, bool Folded)> PostAsync(LogChange change, CancellationToken cancellationToken)
    {
        var posted = await PostAsync([change], cancellationToken);
        return (posted.Results[0].Outcome, posted.Position, posted.Folded);
    }

    /// <summary>Takes the turn to read, change and write what has this id; dispose of it afterwards.</summary>
    public async Task<IDisposable> EnterAsync(string id, CancellationToken cancellationToken)
    {
        var turn = turns[StableHash.Of(id) % (ulong)turns.Length];
        await turn.WaitAsync(cancellationToken);
        return new Turn(turn);
    }

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        private SemaphoreSlim? held = turn;

        public void Dispose() => Interlocked.Exchange(ref held, null)?.Release();
    }
}
