using RecSys.Core.Domain;

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

    /// <summary>The whole log up to the end of the window.</summary>
    /// <exception cref="RecSysException">A part is missing or damaged: which, and what to do.</exception>
    Task<InteractionLog> ReadAsync(IProgress<WorkProgress>? progress, CancellationToken ct);

    /// <summary>The entries of the window as they were stored.</summary>
    IAsyncEnumerable<LogEntry> WindowAsync(CancellationToken ct);
}
