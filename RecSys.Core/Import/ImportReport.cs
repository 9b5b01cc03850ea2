using RecSys.Core.Domain;

namespace RecSys.Core.Import;

/// <summary>What an import did.</summary>
public sealed record ImportReport
{
    /// <summary>Rows read from all files, header lines excluded.</summary>
    public required long Read { get; init; }
    /// <summary>Well-formed rows.</summary>
    public required long Kept { get; init; }
    /// <summary>Malformed rows; they are in <see cref="RejectsPath"/>.</summary>
    public required long Rejected { get; init; }
    /// <summary>Users added or replaced.</summary>
    public required long Users { get; init; }
    /// <summary>Items added or replaced.</summary>
    public required long Items { get; init; }
    /// <summary>Events that were new, by type; types that did not occur are absent.</summary>
    public required IReadOnlyDictionary<EventType, long> Events { get; init; }
    /// <summary>Events whose id was already stored or came twice.</summary>
    public required long Duplicates { get; init; }
    public required TimeSpan Elapsed { get; init; }
    /// <summary>The file with the malformed rows, or null when there were none.</summary>
    public string? RejectsPath { get; init; }
}
