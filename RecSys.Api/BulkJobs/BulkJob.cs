using RecSys.Api.Jobs;

namespace RecSys.Api.BulkJobs;

/// <summary>One file on its way into the log.</summary>
/// <param name="Id">Made by the server.</param>
/// <param name="Kind">What its rows are.</param>
/// <param name="ValidateOnly">True when rows are read and checked, and nothing is stored.</param>
/// <param name="CreatedAt">When the file was here.</param>
/// <param name="BytesTotal">Size of the file.</param>
internal sealed record BulkJob(string Id, BulkKind Kind, bool ValidateOnly, DateTimeOffset CreatedAt, long BytesTotal) : Job(Id, CreatedAt)
{
    public long BytesRead { get; init; }

    /// <summary>Rows read, blank lines left out.</summary>
    public long Rows { get; init; }
    public long Added { get; init; }
    public long Changed { get; init; }
    public long Unchanged { get; init; }
    public long Rejected { get; init; }

    /// <summary>Of the added events, those that wait for their items.</summary>
    public long Parked { get; init; }
}
