using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace RecSys.Core.Events;

/// <summary>Settings of the log's writer, its tail and the state snapshots, section <c>Events</c>.</summary>
public sealed class EventOptions
{
    public const string SectionName = "Events";

    /// <summary>Changes that may wait to be written; posts beyond are refused at once.</summary>
    [Range(1, 10_000_000)]
    public int MaxWaitingChanges { get; set; } = 50_000;

    /// <summary>Bytes, about, that may wait to be written.</summary>
    [Range(64 * 1024, 1L << 40)]
    public long MaxWaitingBytes { get; set; } = 64L << 20;

    /// <summary>Most changes that share one flush to the disk.</summary>
    [Range(1, 100_000)]
    public int CommitChanges { get; set; } = 4000;

    /// <summary>Most bytes, about, that share one flush to the disk. A change that is larger is written alone.</summary>
    [Range(64 * 1024, 1L << 30)]
    public long CommitBytes { get; set; } = 8L << 20;

    /// <summary>Most changes of bulk loads in one commit, so that a live post waits for little.</summary>
    [Range(1, 100_000)]
    public int BulkChanges { get; set; } = 2000;

    /// <summary>A bulk commit that took longer than this, its fold included, makes the next one smaller.</summary>
    [Range(1, 10_000)]
    public int BulkCommitMs { get; set; } = 50;

    /// <summary>The same while requests for recommendations come in.</summary>
    [Range(1, 10_000)]
    public int BulkBesideMs { get; set; } = 10;

    /// <summary>Share of one processor that bulk commits and their fold take while requests for recommendations come in.</summary>
    [Range(0.01, 1)]
    public double BulkShare { get; set; } = 0.25;

    /// <summary>Bulk loads pause while more entries than this are written and not yet folded.</summary>
    [Range(1, 100_000_000)]
    public int BulkPauseEntries { get; set; } = 5000;

    /// <summary>How long a post waits, at most, for its effect to be folded.</summary>
    [Range(0, 60_000)]
    public int FoldWaitMs { get; set; } = 50;

    /// <summary>How often the tail looks for entries that other processes wrote.</summary>
    [Range(1, 60_000)]
    public int PollMs { get; set; } = 200;

    /// <summary>Contributions are recorded at the latest after this time.</summary>
    [Range(1, 60_000)]
    public int RecordMs { get; set; } = 250;

    /// <summary>Users held in memory, some 1 to 2 KB each; those that nobody asked for longest go to the store.</summary>
    [Range(16, 1_000_000_000)]
    public int MaxUsersInMemory { get; set; } = 300_000;

    /// <summary>Minutes between two state snapshots; they are made earlier when half of the users in memory have changed.</summary>
    [Range(0.01, 1440)]
    public double SnapshotMinutes { get; set; } = 5;

    /// <summary>A start that had more entries than this to fold is followed by a snapshot at once.</summary>
    [Range(1, 1_000_000_000)]
    public int SnapshotAfterEntries { get; set; } = 50_000;

    /// <summary>The last snapshot of each day is kept for this many days, beside the newest two.</summary>
    [Range(0, 366)]
    public int SnapshotDays { get; set; } = 9;

    /// <summary>Bytes that daily snapshots may take; the oldest go first. The newest two stay in any case.</summary>
    [Range(0, 1L << 50)]
    public long SnapshotBytes { get; set; } = 20L << 30;
}

/// <summary>Refuses settings out of range when the process starts.</summary>
[OptionsValidator]
internal sealed partial class EventOptionsValidator : IValidateOptions<EventOptions>;
