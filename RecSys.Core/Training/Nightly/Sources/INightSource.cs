using RecSys.Core.Domain;
using RecSys.Core.Training.Nightly.States;

namespace RecSys.Core.Training.Nightly.Sources;

/// <summary>Where a night reads the log from. Nothing behind the end of its day is seen.</summary>
internal interface INightSource
{
    /// <summary><c>lake</c> or <c>log</c>.</summary>
    string Name { get; }

    /// <summary>What belongs to the window.</summary>
    NightWindow Window { get; }

    /// <summary>What is read, with checksums.</summary>
    Task<IReadOnlyList<StepFile>> ChecksumsAsync(CancellationToken ct);

    /// <summary>Everybody who was erased: their events are nobody's from the first entry on.</summary>
    Task<IReadOnlySet<string>> ErasedAsync(CancellationToken ct);

    /// <summary>What tells an entry of the log; null where there is none up to the end of the window.</summary>
    Task<EntryMark?> MarkAsync(long position, CancellationToken ct);

    /// <summary>Gives the entries behind a position and up to the end of the window, in their order and in bounded memory.</summary>
    /// <exception cref="RecSysException">A part is missing or damaged: which, and what to do.</exception>
    Task FeedAsync(long after, ILogSink sink, IProgress<WorkProgress>? progress, CancellationToken ct);

    /// <summary>The entries of the window as they were stored.</summary>
    IAsyncEnumerable<LogEntry> WindowAsync(CancellationToken ct);
}
