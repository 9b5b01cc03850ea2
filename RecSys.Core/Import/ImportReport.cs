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
    /// <summary>Users that were new or had changed.</summary>
    public required long Users { get; init; }
    /// <summary>Items that were new or had changed.</summary>
    public required long Items { get; init; }
    /// <summary>Events that were new, by type; types that did not occur are absent.</summary>
    public required IReadOnlyDictionary<EventType, long> Events { get; init; }
    /// <summary>Events whose id was already stored or came twice.</summary>
    public required long Duplicates { get; init; }
    /// <summary>
    /// Events on items that are not stored: they wait beside the log until the item comes, at most as long as
    /// <see cref="Storage.LogLimits"/> says.
    /// </summary>
    public long Parked { get; init; }
    /// <summary>
    /// Events on items that are not stored for which there was no room to wait; import the items first, then the events again.
    /// </summary>
    public long NotKept { get; init; }
    /// <summary>Users and events of erased users, which are not taken again.</summary>
    public long OfErasedUsers { get; init; }
    public required TimeSpan Elapsed { get; init; }
    /// <summary>The file with the malformed rows, or null when there were none.</summary>
    public string? RejectsPath { get; init; }
}
