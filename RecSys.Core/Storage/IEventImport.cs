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
}
