using System.ComponentModel.DataAnnotations;

namespace RecSys.Api.BulkJobs;

/// <summary>Bounds of bulk jobs, section <c>Bulk</c>.</summary>
internal sealed class BulkOptions
{
    public const string SectionName = "Bulk";

    /// <summary>Largest file; 413 beyond.</summary>
    [Range(1024, 1L << 42)]
    public long MaxFileBytes { get; set; } = 4L << 30;

    /// <summary>Bytes of the disk that uploads leave free for the database; 503 where there are fewer.</summary>
    [Range(0, 1L << 42)]
    public long MinFreeBytes { get; set; } = 256L << 20;

    /// <summary>Files that may be arriving or wait for their turn; 429 beyond.</summary>
    [Range(1, 1000)]
    public int MaxWaiting { get; set; } = 8;

    /// <summary>Jobs that have ended and can still be looked at; the oldest are forgotten.</summary>
    [Range(1, 100_000)]
    public int KeptJobs { get; set; } = 100;

    /// <summary>Rejected rows of a job that are written down; further ones are only counted.</summary>
    [Range(0, 10_000_000)]
    public int MaxRejects { get; set; } = 10_000;

    /// <summary>Rows that go to the log together.</summary>
    [Range(1, 100_000)]
    public int ChunkRows { get; set; } = 1000;
}
