namespace RecSys.Api.BulkJobs;

/// <summary>How far a job is.</summary>
internal enum BulkState
{
    /// <summary>Its file is here; it waits for its turn.</summary>
    Queued,
    Running,
    /// <summary>Every row was read; those that were not taken are among the rejects.</summary>
    Done,
    /// <summary>Somebody stopped it; what is stored stays.</summary>
    Cancelled,
    /// <summary>It could not go on; what is stored stays.</summary>
    Failed,
    /// <summary>The server stopped; what is stored stays, and the same file posted again goes on.</summary>
    Interrupted,
}
