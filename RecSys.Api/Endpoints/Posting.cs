using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Storage;

namespace RecSys.Api.Endpoints;

/// <summary>Appends what a request changes and waits a moment for it to count.</summary>
internal sealed class Posting(LogWriter log, EventTail tail)
{
    // Longer than a fold takes on a server that keeps up, shorter than a client notices.
    private static readonly TimeSpan FoldWait = TimeSpan.FromMilliseconds(50);

    /// <summary>Durable when it returns.</summary>
    /// <exception cref="LogBusyException">Too much waits to be written.</exception>
    public async Task<Posted> PostAsync(IReadOnlyList<LogChange> changes, CancellationToken cancellationToken)
    {
        var results = await log.AppendAsync(changes, cancellationToken);
        var position = results.Where(result => result.Outcome == AppendOutcome.Accepted).Select(result => result.Position).DefaultIfEmpty().Max();
        return new Posted(results, position, await tail.WaitAsync(position, FoldWait, cancellationToken));
    }

    public async Task<(AppendOutcome Outcome, long Position, bool Folded)> PostAsync(LogChange change, CancellationToken cancellationToken)
    {
        var posted = await PostAsync([change], cancellationToken);
        return (posted.Results[0].Outcome, posted.Position, posted.Folded);
    }
}

/// <summary>What became of a post.</summary>
/// <param name="Results">One per change.</param>
/// <param name="Position">That of the last accepted change; 0 when there is none.</param>
/// <param name="Folded">True when it counts already.</param>
internal sealed record Posted(IReadOnlyList<AppendResult> Results, long Position, bool Folded);
