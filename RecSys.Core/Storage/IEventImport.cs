using RecSys.Core.Domain;

namespace RecSys.Core.Storage;

/// <summary>The way of history into the log.</summary>
public interface IEventImport
{
    /// <summary>
    /// As <see cref="IEventLog.AppendAsync"/>, with two differences: events may be of any past time, and their ids are remembered for good
    /// in a ledger of the imports, so that a second import of the same data adds nothing. Give events in time order, in chunks as
    /// <see cref="ImportPace"/> says.
    /// </summary>
    Task<LogAppend> ImportAsync(IReadOnlyList<LogChange> changes, CancellationToken ct = default);

    /// <summary>
    /// Spares the log what only finds the entries of a user until the result is disposed of, which makes up for it in one go: for history
    /// that is at least as long as the log. Everything else stands as ever. Nobody else should use the log meanwhile: a user's export or
    /// erasure would be slow. If the process ends before that, the next opening of the database makes up for it.
    /// </summary>
    Task<IAsyncDisposable> WithoutUserIndexAsync(CancellationToken ct = default);
}
