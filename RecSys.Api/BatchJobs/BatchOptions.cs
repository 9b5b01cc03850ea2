using System.ComponentModel.DataAnnotations;

namespace RecSys.Api.BatchJobs;

/// <summary>Bounds of batch jobs, which make lists for many users, section <c>Batch</c>.</summary>
internal sealed class BatchOptions
{
    public const string SectionName = "Batch";

    /// <summary>Most users of a job, named or all that have a profile; 400 beyond, and of all the first so many.</summary>
    [Range(1, 10_000_000)]
    public int MaxUsers { get; set; } = 100_000;

    /// <summary>Requests that may be arriving or wait for their turn; 429 beyond.</summary>
    [Range(1, 1000)]
    public int MaxWaiting { get; set; } = 4;

    /// <summary>Jobs that have ended and whose results are kept; the oldest are forgotten.</summary>
    [Range(1, 10_000)]
    public int KeptJobs { get; set; } = 20;

    /// <summary>Hours for which an ended job and its result are kept.</summary>
    [Range(1, 8760)]
    public int KeptHours { get; set; } = 72;

    /// <summary>Bytes of the disk that results leave free for the database; a job that would take more fails.</summary>
    [Range(0, 1L << 42)]
    public long MinFreeBytes { get; set; } = 256L << 20;

    /// <summary>Lists that a job makes at the same time.</summary>
    [Range(1, 64)]
    public int Parallelism { get; set; } = 1;

    /// <summary>Share of its time that a job works while live requests come in; it rests for the remainder. 1: it never rests.</summary>
    [Range(0.01, 1)]
    public double Share { get; set; } = 0.25;
}
