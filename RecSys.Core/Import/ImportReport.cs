using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Import;

/// <summary>
/// What an import did. Nothing is lost between its counts: of a file of one kind, rows read are rows kept, rejected and anonymous; kept
/// ones are what was stored or was there, and rows that a later one with the same id replaced.
/// </summary>
public sealed record ImportReport
{
    /// <summary>Rows read from all files, header and empty lines excluded; a malformed row counts with all lines that it covers.</summary>
    public required long Read { get; init; }
    /// <summary>Well-formed rows.</summary>
    public long Kept => Read - Rejected - Anonymous;
    /// <summary>
    /// Records that the kept rows gave: as many in the general formats; more where a row is several events. What became of each is in the
    /// counts that follow, <see cref="CameIn"/> left aside.
    /// </summary>
    public long Staged { get; init; }
    /// <summary>Malformed rows; they are in <see cref="RejectsPath"/>.</summary>
    public required long Rejected { get; init; }
    /// <summary>Events that name no user and were left out.</summary>
    public long Anonymous { get; init; }
    /// <summary>
    /// Lines of well-formed rows beyond the first of each, of texts that go over several. With these and the rows read, each line of a
    /// table behind its header is accounted for.
    /// </summary>
    public long Continued { get; init; }
    /// <summary>Rows of users and items in whose place a later row with the same id came.</summary>
    public long Replaced { get; init; }
    public required StoredCounts Users { get; init; }
    public required StoredCounts Items { get; init; }
    /// <summary>Events that were new, by type; types that did not occur are absent.</summary>
    public required IReadOnlyDictionary<EventType, long> Events { get; init; }
    /// <summary>Of the new events, those that take an earlier one back, such as refunds.</summary>
    public long TakenBack { get; init; }
    /// <summary>Events of earlier imports and posts that had waited for an item of this import and came in with it.</summary>
    public long CameIn { get; init; }
    /// <summary>Events whose id was already stored or came twice.</summary>
    public required long Duplicates { get; init; }
    /// <summary>
    /// Events on items that are not stored: they wait beside the log until the item comes, at most as long as
    /// <see cref="LogLimits"/> says.
    /// </summary>
    public long Parked { get; init; }
    /// <summary>
    /// Events on items that are not stored for which there was no room to wait; import the items first, then the events again.
    /// </summary>
    public long NotKept { get; init; }
    /// <summary>Users and events of erased users, which are not taken again.</summary>
    public long OfErasedUsers { get; init; }
    /// <summary>What those events name instead of items; null when there are none.</summary>
    public UnknownIds? UnknownItems { get; init; }
    /// <summary>
    /// New events of users who have no profile, with examples; null where there are none, or no profiles at all, so that nobody misses
    /// them.
    /// </summary>
    public UnknownIds? UnknownUsers { get; init; }
    /// <summary>What was taken for what, in sentences: columns, times, scales.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
    /// <summary>The first rows as they were understood; only of a dry run.</summary>
    public IReadOnlyList<string> FirstRows { get; init; } = [];
    /// <summary>True when nothing was stored because that was the wish; counts are then of what would be new in an empty store.</summary>
    public bool DryRun { get; init; }
    public required TimeSpan Elapsed { get; init; }
    /// <summary>Why rows were malformed, the most frequent reasons first, at most three.</summary>
    public IReadOnlyList<RejectReason> RejectReasons { get; init; } = [];
    /// <summary>The file with the malformed rows, or null when there were none.</summary>
    public string? RejectsPath { get; init; }
}
